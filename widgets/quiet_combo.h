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
        setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
        setMinimumContentsLength(8);
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
