#pragma once

#include "app/laboratory/welcome_card.h"

namespace endospike {

WelcomeCard neuronCard();

} // namespace endospike
