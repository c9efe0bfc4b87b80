// What a laboratory shows of itself to somebody who wonders where to begin.
#pragma once

#include "widgets/picture/picture_card.h"

namespace endospike {

struct WelcomeCard {
    QString title;
    QString sentence;
    PictureCard::Picture picture;
    bool runs = false; ///< the laboratory's first document is opened and started by the click
};

} // namespace endospike
