#include "app/window/key_filter.h"

#include "app/window/workbench.h"

#include <QAbstractButton>
#include <QAbstractSpinBox>
#include <QApplication>
#include <QComboBox>
#include <QKeyEvent>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QTextEdit>

#include <utility>

namespace endospike {

namespace {

bool isTextField(const QWidget& widget)
{
    if (const auto* line = qobject_cast<const QLineEdit*>(&widget))
        return !line->isReadOnly();
    if (const auto* text = qobject_cast<const QPlainTextEdit*>(&widget))
        return !text->isReadOnly();
    if (const auto* text = qobject_cast<const QTextEdit*>(&widget))
        return !text->isReadOnly();
    if (const auto* combo = qobject_cast<const QComboBox*>(&widget))
        return combo->isEditable();
    return qobject_cast<const QAbstractSpinBox*>(&widget) != nullptr;
}

bool isEnter(const QKeyEvent& key) { return key.key() == Qt::Key_Return || key.key() == Qt::Key_Enter; }

} // namespace

std::vector<KeyFilter::Key> KeyFilter::keys()
{
    return {{tr("I (hold)"), tr("inject the current of the stimulus editor into every cell")},
        {tr("Enter"), tr("press the button that has the focus")},
        {tr("Enter, Escape"), tr("in a number field: the single keys act on the run again")}};
}

KeyFilter::KeyFilter(QWidget& window, Workbench& workbench, QObject* parent)
    : QObject(parent)
    , m_window(window)
    , m_workbench(workbench)
{
    qApp->installEventFilter(this);
}

bool KeyFilter::eventFilter(QObject* watched, QEvent* event)
{
    switch (event->type()) {
    case QEvent::KeyPress:
    case QEvent::KeyRelease: {
        auto* widget = qobject_cast<QWidget*>(watched);
        if (!widget || widget->window() != &m_window)
            return false;
        const auto& key = static_cast<const QKeyEvent&>(*event);
        if (takesInjection(key, *widget))
            return true;
        if (event->type() == QEvent::KeyRelease)
            return false;
        leaveField(key, *widget);
        return pressesButton(key, *widget);
    }
    case QEvent::WindowDeactivate:
    case QEvent::ApplicationDeactivate:
        endInjection(); // the release would go to another window
        return false;
    default:
        return false;
    }
}

void KeyFilter::endInjection()
{
    if (LiveTransport* live = std::exchange(m_injected, nullptr))
        live->setInjecting(false);
}

bool KeyFilter::takesInjection(const QKeyEvent& key, const QWidget& widget)
{
    if (key.key() != Qt::Key_I || key.modifiers() != Qt::NoModifier)
        return false;
    if (key.type() == QEvent::KeyRelease) {
        const bool ours = m_injected;
        if (!key.isAutoRepeat())
            endInjection();
        return ours;
    }
    LiveTransport* live = m_workbench.parts().live;
    if (!live || isTextField(widget))
        return false;
    if (!m_injected && !key.isAutoRepeat()) {
        m_injected = live;
        live->setInjecting(true);
    }
    return true;
}

void KeyFilter::leaveField(const QKeyEvent& key, const QWidget& widget)
{
    // The field hears the key first; then the keys belong to the run again.
    if (qobject_cast<const QAbstractSpinBox*>(&widget) && (isEnter(key) || key.key() == Qt::Key_Escape))
        if (QWidget* home = m_workbench.bench().page().home())
            QMetaObject::invokeMethod(
                home, [home] { home->setFocus(); }, Qt::QueuedConnection);
}

bool KeyFilter::pressesButton(const QKeyEvent& key, QWidget& widget)
{
    // Space runs and pauses everywhere, so that Enter is what presses a button that has the focus.
    auto* button = qobject_cast<QAbstractButton*>(&widget);
    if (!button || !button->isEnabled() || !isEnter(key))
        return false;
    if (!key.isAutoRepeat())
        button->click();
    return true;
}

} // namespace endospike
