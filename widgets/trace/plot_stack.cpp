#include "widgets/trace/plot_stack.h"

#include "widgets/look/numbers.h"
#include "widgets/look/rich_label.h"
#include "widgets/trace/raster_plot.h"
#include "widgets/trace/trace_plot.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QMenu>
#include <QSplitter>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

namespace endospike {

PlotStack::PlotStack(QWidget* parent)
    : QWidget(parent)
{
    setFocusPolicy(Qt::StrongFocus);
    setAccessibleName(tr("Plots"));
    setAccessibleDescription(
        tr("Arrow keys pan, plus and minus zoom, Home shows everything, End follows the newest samples, "
           "Control with an arrow moves the crosshair"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(2, 2, 2, 2);
    column->setSpacing(0);
    buildStrip();
    column->addWidget(m_strip);
    m_splitter = new QSplitter(Qt::Vertical);
    m_splitter->setChildrenCollapsible(false);
    m_splitter->setHandleWidth(4);
    column->addWidget(m_splitter, 1);

    addPanel(QStringLiteral("voltage"), tr("Voltage"), new TracePlot, true, 40);
    addPanel(QStringLiteral("gates"), tr("Gates"), new TracePlot, true, 18);
    addPanel(QStringLiteral("currents"), tr("Currents"), new TracePlot, false, 18);
    addPanel(QStringLiteral("conductances"), tr("Conductances"), new TracePlot, false, 18);
    addPanel(QStringLiteral("stimulus"), tr("Stimulus"), new TracePlot, true, 13);
    addPanel(QStringLiteral("spikes"), tr("Spikes"), new RasterPlot, true, 13);
    addPanel(QStringLiteral("rate"), tr("Rate"), new RatePlot, false, 16);
    static_cast<TracePlot*>(plot(QStringLiteral("voltage")))->setBounds(TracePlot::Bounds::widening, -90, 50);
    static_cast<TracePlot*>(plot(QStringLiteral("gates")))->setBounds(TracePlot::Bounds::fixed, -0.02, 1.02);
    for (const char* key : {"currents", "conductances", "stimulus", "rate"})
        static_cast<TracePlot*>(plot(QLatin1String(key)))->setBounds(TracePlot::Bounds::automatic, 0, 0);
    m_sinceChange.start();
    connect(&themeNotifier(), &ThemeNotifier::themeChanged, this, &PlotStack::setTheme);
    setTheme(currentTheme());
    updateCurves();
    arrange();
}

PlotStack::~PlotStack() = default;

void PlotStack::buildStrip()
{
    m_strip = new QWidget;
    auto* row = new QHBoxLayout(m_strip);
    row->setContentsMargins(4, 2, 4, 2);
    row->setSpacing(2);
    m_panelMenu = new QToolButton;
    m_panelMenu->setText(tr("Plots"));
    m_panelMenu->setIcon(themedIcon("panels"));
    m_panelMenu->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_panelMenu->setPopupMode(QToolButton::InstantPopup);
    m_panelMenu->setMenu(new QMenu(m_panelMenu));
    m_panelMenu->setAccessibleName(tr("Plots to show"));
    row->addWidget(m_panelMenu);
    row->addStretch(1);
    m_readout = new QLabel;
    m_readout->setAccessibleName(tr("Time at the crosshair"));
    m_readout->setTextFormat(Qt::PlainText);
    row->addWidget(m_readout);

    m_optionMenu = new QToolButton;
    m_optionMenu->setIcon(themedIcon("settings"));
    m_optionMenu->setPopupMode(QToolButton::InstantPopup);
    m_optionMenu->setToolTip(tr("Options of the plots"));
    m_optionMenu->setAccessibleName(tr("Options of the plots"));
    auto* menu = new QMenu(m_optionMenu);
    QAction* lines = menu->addAction(tr("Rest, threshold and reversal potentials"));
    lines->setCheckable(true);
    connect(lines, &QAction::toggled, this, &PlotStack::setReferenceLinesVisible);
    QAction* all = menu->addAction(tr("Gates and currents of all cells"));
    all->setCheckable(true);
    connect(all, &QAction::toggled, this, &PlotStack::setAllCellsInDetail);
    menu->addSeparator();
    connect(menu->addAction(themedIcon("fit"), tr("Show everything")), &QAction::triggered, this, &PlotStack::fit);
    connect(menu, &QMenu::aboutToShow, this, [this, lines, all] {
        lines->setChecked(m_referenceLines);
        all->setChecked(m_allCells);
    });
    m_optionMenu->setMenu(menu);
    row->addWidget(m_optionMenu);

    m_followButton = new QToolButton;
    m_followButton->setObjectName(QStringLiteral("follow"));
    m_followButton->setText(tr("Follow"));
    m_followButton->setIcon(themedIcon("follow"));
    m_followButton->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_followButton->setCheckable(true);
    m_followButton->setChecked(true);
    m_followButton->setToolTip(tr("Keep the newest samples in view (End)"));
    connect(m_followButton, &QToolButton::clicked, this, &PlotStack::setFollowLive);
    row->addWidget(m_followButton);
}

void PlotStack::addPanel(const QString& key, const QString& title, TimePlot* plot, bool shown, int height)
{
    auto* chip = new QToolButton;
    chip->setObjectName(QStringLiteral("chip_%1").arg(key));
    chip->setText(title);
    chip->setCheckable(true);
    chip->setChecked(shown);
    chip->setAccessibleName(tr("Show %1").arg(title));
    chip->setToolTip(tr("Show or hide this plot"));
    auto* row = static_cast<QHBoxLayout*>(m_strip->layout());
    row->insertWidget(1 + static_cast<int>(m_panels.size()), chip);
    QAction* action = m_panelMenu->menu()->addAction(title);
    action->setCheckable(true);
    action->setChecked(shown);
    connect(chip, &QToolButton::clicked, this, [this, key](bool on) { setPanelVisible(key, on); });
    connect(action, &QAction::triggered, this, [this, key](bool on) { setPanelVisible(key, on); });
    connect(this, &PlotStack::panelVisibilityChanged, action, [action, key](const QString& changed, bool on) {
        if (changed == key)
            action->setChecked(on);
    });
    plot->setObjectName(QStringLiteral("plot_%1").arg(key));
    plot->setMinimumSize(160, 56);
    plot->setVisible(shown);
    m_splitter->addWidget(plot);
    m_splitter->setStretchFactor(m_splitter->count() - 1, height);
    m_panels.push_back({key, plot, chip, shown, height});
    connectPlot(plot);
}

void PlotStack::connectPlot(TimePlot* plot)
{
    connect(plot, &TimePlot::pressed, this, [this] { setFocus(Qt::MouseFocusReason); });
    connect(plot, &TimePlot::panned, this, &PlotStack::pan);
    connect(plot, &TimePlot::zoomed, this, &PlotStack::zoom);
    connect(plot, &TimePlot::fitRequested, this, &PlotStack::fit);
    connect(plot, &TimePlot::hovered, this, [this](double time_ms) {
        m_hover = (time_ms - m_range.from_ms) / (m_range.to_ms - m_range.from_ms);
        setCrosshair(time_ms);
    });
    connect(plot, &TimePlot::unhovered, this, [this] {
        m_hover.reset();
        setCrosshair(std::nullopt);
    });
}

void PlotStack::setHistory(const TraceHistory* history)
{
    m_history = history;
    for (const Panel& panel : m_panels)
        panel.plot->setHistory(history);
}

void PlotStack::refresh()
{
    if (m_history && m_history->revision() != m_seenRevision) {
        m_seenRevision = m_history->revision();
        m_sinceChange.restart();
        if (m_history->generation() != m_seenGeneration) {
            m_seenGeneration = m_history->generation();
            setFollowLive(true); // what was looked at is gone
        }
    }
    if (m_follow)
        followEnd();
    if (m_hover)
        setCrosshair(m_range.from_ms + *m_hover * (m_range.to_ms - m_range.from_ms));
    for (const Panel& panel : m_panels)
        panel.plot->refresh();
}

std::vector<PlotPanel> PlotStack::panels() const
{
    std::vector<PlotPanel> list;
    for (const Panel& panel : m_panels)
        list.push_back({panel.key, panel.chip->text(), panel.wanted});
    return list;
}

bool PlotStack::isPanelVisible(const QString& key) const
{
    return std::any_of(m_panels.begin(), m_panels.end(), [&](const Panel& p) { return p.key == key && p.wanted; });
}

void PlotStack::setPanelVisible(const QString& key, bool visible)
{
    for (Panel& panel : m_panels) {
        if (panel.key != key || panel.wanted == visible)
            continue;
        QList<int> heights = m_splitter->sizes();
        panel.wanted = visible;
        panel.chip->setChecked(visible);
        panel.plot->setVisible(visible);
        if (visible)
            makeRoom(heights, panel);
        arrange();
        emit panelVisibilityChanged(key, visible);
    }
}

void PlotStack::makeRoom(QList<int> heights, const Panel& shown)
{
    int total = 0;
    int weights = 0;
    for (const int height : heights)
        total += height;
    for (const Panel& panel : m_panels)
        if (panel.wanted)
            weights += panel.height;
    // Its own share; the others keep their proportions.
    const auto index = static_cast<qsizetype>(&shown - m_panels.data());
    const int share = total * shown.height / std::max(1, weights);
    for (int& height : heights)
        height = total > 0 ? static_cast<int>(static_cast<qint64>(height) * (total - share) / total) : height;
    heights[index] = share;
    m_splitter->setSizes(heights);
}

std::vector<TimePlot*> PlotStack::plots() const
{
    std::vector<TimePlot*> list;
    for (const Panel& panel : m_panels)
        list.push_back(panel.plot);
    return list;
}

TimePlot* PlotStack::plot(const QString& key) const
{
    for (const Panel& panel : m_panels)
        if (panel.key == key)
            return panel.plot;
    return nullptr;
}

TimePlot* PlotStack::topPlot() const
{
    for (const Panel& panel : m_panels)
        if (panel.wanted)
            return panel.plot;
    return m_panels.front().plot;
}

TimePlot* PlotStack::lowestPlot() const
{
    TimePlot* lowest = nullptr;
    for (const Panel& panel : m_panels)
        if (panel.wanted)
            lowest = panel.plot;
    return lowest;
}

int PlotStack::rightMargin() const
{
    int right = 0;
    for (const Panel& panel : m_panels)
        if (panel.wanted)
            right = std::max(right, panel.plot->wantedRightMargin());
    return right;
}

void PlotStack::arrange()
{
    for (const Panel& panel : m_panels) {
        panel.plot->setTimeAxisShown(panel.plot == lowestPlot());
        panel.plot->setRightMargin(rightMargin());
    }
    placeStrip();
}

void PlotStack::addTool(QToolButton* tool)
{
    auto* row = static_cast<QHBoxLayout*>(m_strip->layout());
    row->insertWidget(row->indexOf(m_optionMenu), tool);
    m_tools.push_back(tool);
    setTheme(currentTheme());
}

void PlotStack::placeStrip()
{
    int chips = 0;
    for (const Panel& panel : m_panels)
        chips += panel.chip->sizeHint().width() + 2;
    int others = m_readout->minimumWidth() + m_optionMenu->sizeHint().width() + m_followButton->sizeHint().width() + 24;
    for (const QToolButton* tool : m_tools)
        others += tool->sizeHint().width() + 2;
    const bool wide = chips + others <= width();
    m_panelMenu->setVisible(!wide);
    for (const Panel& panel : m_panels)
        panel.chip->setVisible(wide);
}

void PlotStack::setTheme(const Theme& theme)
{
    for (const Panel& panel : m_panels) {
        panel.chip->setFont(theme.axisFont());
        panel.plot->setTheme(theme);
    }
    for (QWidget* widget :
        {static_cast<QWidget*>(m_followButton), static_cast<QWidget*>(m_panelMenu), static_cast<QWidget*>(m_readout)})
        widget->setFont(theme.axisFont());
    const int icon = theme.axisPoints + 7;
    for (QToolButton* button : {m_followButton, m_panelMenu, m_optionMenu})
        button->setIconSize(QSize(icon, icon));
    for (QToolButton* tool : m_tools)
        tool->setFont(theme.axisFont());
    m_readout->setMinimumWidth(
        QFontMetrics(theme.axisFont()).horizontalAdvance(QStringLiteral("t = 00000.000 ms")) + 8);
    arrange();
    update();
}

FigureRequest PlotStack::figure(const QString& caption) const
{
    FigureRequest request{{}, caption};
    for (const Panel& panel : m_panels)
        if (panel.wanted)
            request.pictures.emplace_back(panel.plot->size(),
                [plot = panel.plot, last = panel.plot == lowestPlot(), right = rightMargin()](
                    QCPPainter& painter, QSize size) { plot->drawFigure(painter, size, last, right); });
    return request;
}

int PlotStack::framesPerSecond() const { return topPlot()->framesPerSecond(); }

void PlotStack::resizeEvent(QResizeEvent*) { placeStrip(); }

void PlotStack::paintEvent(QPaintEvent*)
{
    if (!m_showFocus)
        return;
    QPainter painter(this);
    painter.setPen(QPen(currentTheme().accent, 2));
    painter.drawRect(rect().adjusted(1, 1, -1, -1));
}

void PlotStack::focusInEvent(QFocusEvent* event)
{
    m_showFocus = event->reason() == Qt::TabFocusReason || event->reason() == Qt::BacktabFocusReason
        || event->reason() == Qt::ShortcutFocusReason;
    update();
}

void PlotStack::focusOutEvent(QFocusEvent*)
{
    m_showFocus = false;
    update();
}

void PlotStack::setAllCellsInDetail(bool all)
{
    if (all == m_allCells)
        return;
    m_allCells = all;
    updateCurves();
}

void PlotStack::setReferenceLinesVisible(bool visible)
{
    if (visible == m_referenceLines)
        return;
    m_referenceLines = visible;
    updateCurves();
}

void PlotStack::setCrosshair(std::optional<double> time_ms)
{
    if (time_ms == m_crosshair_ms)
        return;
    m_crosshair_ms = time_ms;
    for (const Panel& panel : m_panels)
        panel.plot->setCrosshair(time_ms);
    updateReadout();
    emit crosshairChanged();
}

void PlotStack::updateReadout()
{
    if (!m_crosshair_ms)
        return m_readout->clear();
    const double span_ms = m_range.to_ms - m_range.from_ms;
    m_readout->setText(tr("t = %1 ms").arg(fixedNumber(*m_crosshair_ms, span_ms < 20 ? 3 : 2)));
}

} // namespace endospike
