// A row of a list whose entries are chosen, and named in place.
#pragma once

#include "widgets/look/theme.h"

#include <QLineEdit>
#include <QPainter>
#include <QWidget>

namespace endospike {

/// The background shows whether the row is selected, and where the keys go.
class ListRow : public QWidget {
public:
    using QWidget::QWidget;

    void setSelected(bool selected, bool focused)
    {
        m_selected = selected;
        m_focused = selected && focused;
        update();
    }

protected:
    void paintEvent(QPaintEvent*) override
    {
        if (!m_selected && !underMouse())
            return;
        const Theme& look = currentTheme();
        QPainter painter(this);
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setBrush(m_selected ? look.selected : look.hover);
        painter.setPen(m_focused ? QPen(look.accent, 1.5) : QPen(Qt::NoPen));
        painter.drawRoundedRect(QRectF(rect()).adjusted(1, 1, -1, -1), 3, 3);
    }
    void enterEvent(QEnterEvent*) override { update(); }
    void leaveEvent(QEvent*) override { update(); }

private:
    bool m_selected = false;
    bool m_focused = false;
};

/// Looks like a label until it is edited.
class NameEdit : public QLineEdit {
public:
    explicit NameEdit(QWidget* parent)
        : QLineEdit(parent)
    {
        setFrame(false);
        setReadOnly(true);
        setFocusPolicy(Qt::NoFocus);
        setStyleSheet(QStringLiteral("QLineEdit:read-only { background: transparent; border: none; padding: 0; }"));
    }

    void setName(const QString& name)
    {
        setText(name);
        setCursorPosition(0);
    }
    void begin()
    {
        setReadOnly(false);
        setFocusPolicy(Qt::StrongFocus);
        setFocus();
        selectAll();
    }
    /// What was typed. `before` is shown again until somebody takes that, and `next` gets the focus.
    QString finish(const QString& before, QWidget* next)
    {
        const bool hadFocus = hasFocus();
        const QString typed = text().simplified();
        setReadOnly(true);
        setFocusPolicy(Qt::NoFocus);
        deselect();
        setName(before);
        if (hadFocus)
            next->setFocus();
        return typed;
    }
};

} // namespace endospike
