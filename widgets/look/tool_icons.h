// Pictograms on tool buttons as high as the text beside them, in every theme.
#pragma once

#include <QFontMetrics>
#include <QToolButton>

namespace endospike {

inline void fitToolIcons(const QWidget& parent)
{
    for (QToolButton* button : parent.findChildren<QToolButton*>()) {
        const int side = QFontMetrics(parent.font()).height();
        button->setIconSize({side, side});
    }
}

} // namespace endospike
