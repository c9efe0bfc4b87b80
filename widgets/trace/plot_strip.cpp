#include "widgets/trace/plot_strip.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QToolButton>

namespace endospike {

PlotStrip::PlotStrip(QWidget* parent)
    : QWidget(parent)
    , m_row(new QHBoxLayout(this))
    , m_panelMenu(new QToolButton)
    , m_optionMenu(new QToolButton)
    , m_follows(new QToolButton)
    , m_readout(new QLabel)
{
    m_row->setContentsMargins(4, 2, 4, 2);
    m_row->setSpacing(2);
    m_panelMenu->setText(tr("Plots"));
    m_panelMenu->setIcon(themedIcon("panels"));
    m_panelMenu->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_panelMenu->setPopupMode(QToolButton::InstantPopup);
    m_panelMenu->setMenu(new QMenu(m_panelMenu));
    m_panelMenu->setAccessibleName(tr("Plots to show"));
    m_readout->setAccessibleName(tr("Time at the crosshair"));
    m_readout->setTextFormat(Qt::PlainText);
    m_optionMenu->setIcon(themedIcon("settings"));
    m_optionMenu->setPopupMode(QToolButton::InstantPopup);
    m_optionMenu->setToolTip(tr("Options of the plots"));
    m_optionMenu->setAccessibleName(tr("Options of the plots"));
    m_optionMenu->setMenu(new QMenu(m_optionMenu));
    m_follows->setObjectName(QStringLiteral("follow"));
    m_follows->setText(tr("Follow"));
    m_follows->setIcon(themedIcon("follow"));
    m_follows->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_follows->setCheckable(true);
    m_follows->setChecked(true);
    m_follows->setToolTip(tr("Keep the newest samples in view (End)"));
    connect(m_follows, &QToolButton::clicked, this, &PlotStrip::followsToggled);
    m_row->addWidget(m_panelMenu);
    m_row->addStretch(1);
    for (QWidget* widget : std::initializer_list<QWidget*>{m_readout, m_optionMenu, m_follows})
        m_row->addWidget(widget);
}

void PlotStrip::addPanel(const QString& key, const QString& title, bool shown)
{
    auto* chip = new QToolButton;
    chip->setObjectName(QStringLiteral("chip_%1").arg(key));
    chip->setText(title);
    chip->setCheckable(true);
    chip->setAccessibleName(tr("Show %1").arg(title));
    chip->setToolTip(tr("Show or hide this plot"));
    m_row->insertWidget(1 + static_cast<int>(m_switches.size()), chip);
    QAction* action = m_panelMenu->menu()->addAction(title);
    action->setCheckable(true);
    connect(chip, &QToolButton::clicked, this, [this, key](bool on) { emit panelToggled(key, on); });
    connect(action, &QAction::triggered, this, [this, key](bool on) { emit panelToggled(key, on); });
    m_switches.push_back({key, chip, action});
    setPanelShown(key, shown);
}

void PlotStrip::setPanelShown(const QString& key, bool shown)
{
    for (const Switch& one : m_switches)
        if (one.key == key) {
            one.chip->setChecked(shown);
            one.action->setChecked(shown);
        }
}

void PlotStrip::addTool(QToolButton* tool)
{
    m_row->insertWidget(m_row->indexOf(m_optionMenu), tool);
    m_tools.push_back(tool);
}

QMenu* PlotStrip::options() const { return m_optionMenu->menu(); }

void PlotStrip::setFollows(bool follows) { m_follows->setChecked(follows); }

void PlotStrip::setReadout(const QString& text) { m_readout->setText(text); }

void PlotStrip::setTheme(const Theme& theme)
{
    const QFont font = theme.axisFont();
    for (const Switch& one : m_switches)
        one.chip->setFont(font);
    for (QWidget* widget : std::initializer_list<QWidget*>{m_follows, m_panelMenu, m_readout})
        widget->setFont(font);
    for (QToolButton* tool : m_tools)
        tool->setFont(font);
    const int icon = theme.axisPoints + 7;
    for (QToolButton* button : {m_follows, m_panelMenu, m_optionMenu})
        button->setIconSize(QSize(icon, icon));
    m_readout->setMinimumWidth(QFontMetrics(font).horizontalAdvance(QStringLiteral("t = 00000.000 ms")) + 8);
}

void PlotStrip::place(int width)
{
    int chips = 0;
    for (const Switch& one : m_switches)
        chips += one.chip->sizeHint().width() + 2;
    int others = m_readout->minimumWidth() + m_optionMenu->sizeHint().width() + m_follows->sizeHint().width() + 24;
    for (const QToolButton* tool : m_tools)
        others += tool->sizeHint().width() + 2;
    const bool wide = chips + others <= width;
    m_panelMenu->setVisible(!wide);
    for (const Switch& one : m_switches)
        one.chip->setVisible(wide);
}

} // namespace endospike
