#include "app/window/message_bar.h"

#include "widgets/look/theme.h"

#include <QAccessible>
#include <QHBoxLayout>
#include <QLabel>
#include <QProgressBar>
#include <QPushButton>
#include <QTimer>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

namespace endospike {

namespace {
constexpr int noteTime_ms = 6000;
}

MessageBar::MessageBar(QWidget* parent)
    : QWidget(parent)
    , m_layout(new QVBoxLayout(this))
{
    setAccessibleName(tr("Messages"));
    m_layout->setContentsMargins(0, 0, 0, 0);
    m_layout->setSpacing(0);
    hide();
    connect(&themeNotifier(), &ThemeNotifier::themeChanged, this, [this] {
        for (const auto& [key, row] : m_rows)
            paintRow(row);
    });
}

void MessageBar::show(const QString& key, Kind kind, const QString& text, std::vector<Action> actions)
{
    dismiss(key);
    Row row{new QWidget(this), new QLabel(text), nullptr, kind};
    row.widget->setObjectName(QStringLiteral("message"));
    row.widget->setAttribute(Qt::WA_StyledBackground);
    row.text->setWordWrap(true);
    row.text->setTextFormat(Qt::PlainText);
    row.text->setTextInteractionFlags(Qt::TextSelectableByMouse);
    row.text->setAccessibleName(text);
    fillRow(row, key, actions);
    paintRow(row);
    m_layout->addWidget(row.widget);
    m_rows.emplace(key, row);
    setVisible(true);
    row.widget->show();
    if (kind == Kind::note) {
        QTimer::singleShot(noteTime_ms, row.widget, [this, key, widget = row.widget] {
            if (const auto found = m_rows.find(key); found != m_rows.end() && found->second.widget == widget)
                dismiss(key);
        });
    }
    QAccessibleEvent announcement(row.text, QAccessible::Alert);
    QAccessible::updateAccessibility(&announcement);
}

void MessageBar::fillRow(Row& row, const QString& key, const std::vector<Action>& actions)
{
    auto* layout = new QHBoxLayout(row.widget);
    layout->setContentsMargins(16, 6, 8, 6);
    layout->setSpacing(8);
    layout->addWidget(row.text, 1);
    if (row.kind == Kind::progress) {
        row.progress = new QProgressBar;
        row.progress->setRange(0, 0);
        row.progress->setTextVisible(false);
        row.progress->setFixedWidth(200);
        row.progress->setAccessibleName(tr("Progress"));
        layout->addWidget(row.progress);
    }
    for (const Action& action : actions) {
        auto* button = new QPushButton(action.label);
        layout->addWidget(button);
        connect(button, &QPushButton::clicked, this, [this, key, run = action.run] {
            dismiss(key);
            if (run)
                run();
        });
    }
    if (row.kind == Kind::note || row.kind == Kind::problem) {
        auto* close = new QToolButton;
        close->setIcon(themedIcon("close"));
        close->setAutoRaise(true);
        close->setToolTip(tr("Close this message"));
        close->setAccessibleName(close->toolTip());
        layout->addWidget(close);
        connect(close, &QToolButton::clicked, this, [this, key] { dismiss(key); });
    }
}

void MessageBar::setProgress(const QString& key, double fraction, const QString& sentence)
{
    const auto found = m_rows.find(key);
    if (found == m_rows.end() || !found->second.progress)
        return;
    if (!sentence.isEmpty())
        found->second.text->setText(sentence);
    found->second.progress->setRange(0, fraction < 0 ? 0 : 1000);
    found->second.progress->setValue(static_cast<int>(std::clamp(fraction, 0.0, 1.0) * 1000));
}

void MessageBar::dismiss(const QString& key)
{
    const auto found = m_rows.find(key);
    if (found == m_rows.end())
        return;
    QWidget* widget = found->second.widget;
    m_rows.erase(found);
    m_layout->removeWidget(widget);
    widget->hide();
    widget->deleteLater(); // its button may be what asked
    setVisible(!m_rows.empty());
}

QString MessageBar::text(const QString& key) const
{
    const auto found = m_rows.find(key);
    return found == m_rows.end() ? QString() : found->second.text->text();
}

QPushButton* MessageBar::button(const QString& key, const QString& label) const
{
    const auto found = m_rows.find(key);
    if (found == m_rows.end())
        return nullptr;
    for (QPushButton* button : found->second.widget->findChildren<QPushButton*>())
        if (button->text() == label)
            return button;
    return nullptr;
}

void MessageBar::paintRow(const Row& row) const
{
    const Theme& theme = currentTheme();
    const QColor edge = row.kind == Kind::problem ? theme.warning : theme.accent;
    row.widget->setStyleSheet(QStringLiteral("#message { background: %1; border: 0; border-left: 4px solid %2; "
                                             "border-bottom: 1px solid %3; }")
                                  .arg(theme.field.name(), edge.name(), theme.border.name()));
}

} // namespace endospike
