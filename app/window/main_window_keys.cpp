// Keys that no menu entry can hold: a key that acts while it is down, Enter on buttons, leaving a field.
#include "app/window/main_window.h"

#include "app/laboratory/page.h"

#include <QAbstractButton>
#include <QAbstractSpinBox>
#include <QApplication>
#include <QComboBox>
#include <QKeyEvent>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QTextEdit>

namespace endospike {

namespace {

bool isTextField(const QWidget* widget)
{
    if (const auto* line = qobject_cast<const QLineEdit*>(widget))
        return !line->isReadOnly();
    if (const auto* text = qobject_cast<const QPlainTextEdit*>(widget))
        return !text->isReadOnly();
    if (const auto* text = qobject_cast<const QTextEdit*>(widget))
        return !text->isReadOnly();
    if (const auto* combo = qobject_cast<const QComboBox*>(widget))
        return combo->isEditable();
    return qobject_cast<const QAbstractSpinBox*>(widget) != nullptr;
}

} // namespace

bool MainWindow::eventFilter(QObject* watched, QEvent* event)
{
    switch (event->type()) {
    case QEvent::KeyPress:
    case QEvent::KeyRelease:
        if (takesInjectionKey(watched, event) || leavesField(watched, event) || pressesButton(watched, event))
            return true;
        break;
    case QEvent::WindowDeactivate:
    case QEvent::ApplicationDeactivate:
        // The release would go to another window.
        if (std::exchange(m_injecting, false))
            m_page->setInjecting(false);
        break;
    default:
        break;
    }
    return QMainWindow::eventFilter(watched, event);
}

bool MainWindow::takesInjectionKey(QObject* watched, QEvent* event)
{
    const auto* key = static_cast<QKeyEvent*>(event);
    const auto* widget = qobject_cast<QWidget*>(watched);
    if (key->key() != Qt::Key_I || key->modifiers() != Qt::NoModifier || !widget || widget->window() != this)
        return false;
    if (event->type() == QEvent::KeyRelease) {
        if (!m_injecting)
            return false;
        if (!key->isAutoRepeat()) {
            m_injecting = false;
            m_page->setInjecting(false);
        }
        return true;
    }
    if (isTextField(widget) || m_stack->currentWidget() != m_page)
        return false;
    if (!m_injecting && !key->isAutoRepeat()) {
        m_injecting = true;
        m_page->setInjecting(true);
    }
    return true;
}

bool MainWindow::leavesField(QObject* watched, QEvent* event)
{
    // Enter or Escape ends typing a number; then the keys belong to the run again.
    const auto* key = static_cast<QKeyEvent*>(event);
    auto* spin = qobject_cast<QAbstractSpinBox*>(watched);
    if (!spin || event->type() != QEvent::KeyPress || spin->window() != this)
        return false;
    if (key->key() == Qt::Key_Return || key->key() == Qt::Key_Enter || key->key() == Qt::Key_Escape)
        QMetaObject::invokeMethod(
            m_page->home(), [home = m_page->home()] { home->setFocus(); }, Qt::QueuedConnection);
    return false;
}

bool MainWindow::pressesButton(QObject* watched, QEvent* event)
{
    // Space runs and pauses everywhere, so that Enter is what presses a button that has the focus.
    const auto* key = static_cast<QKeyEvent*>(event);
    auto* button = qobject_cast<QAbstractButton*>(watched);
    if (!button || event->type() != QEvent::KeyPress || button->window() != this || !button->isEnabled())
        return false;
    if (key->key() != Qt::Key_Return && key->key() != Qt::Key_Enter)
        return false;
    if (!key->isAutoRepeat())
        button->click();
    return true;
}

} // namespace endospike
