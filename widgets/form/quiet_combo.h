// A combo box that leaves the wheel to the scrolling page around it unless it has the focus.
#pragma once

#include <QComboBox>
#include <QWheelEvent>

namespace endospike {

class QuietCombo : public QComboBox {
public:
    explicit QuietCombo(QWidget* parent = nullptr)
        : QComboBox(parent)
    {
        setFocusPolicy(Qt::StrongFocus);
        // As wide as there is room, however long its entries are.
        setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
        setMinimumWidth(64);
    }

protected:
    void wheelEvent(QWheelEvent* event) override
    {
        if (hasFocus())
            QComboBox::wheelEvent(event);
        else
            event->ignore();
    }
};

} // namespace endospike
