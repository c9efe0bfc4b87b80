#pragma once

#include "app/laboratory/welcome_card.h"

namespace endospike {

WelcomeCard equivalenceCard();

} // namespace endospike
