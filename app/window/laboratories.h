// How a laboratory stands in the window. Rail, menus, keys and welcome cards follow from the rows; what the laboratory
// is called, and its documents, from the row of the same key in sim/document/laboratory.h.
#pragma once

#include "app/laboratory/page.h"
#include "app/laboratory/settings.h"
#include "app/laboratory/welcome_card.h"

#include <span>
#include <string_view>
#include <vector>

namespace endospike {

enum class RailGroup { learn, research };

struct BenchKind {
    std::string_view key;
    Page* (*page)(Document& document, const Surroundings& surroundings);
    std::string_view icon; ///< for themedIcon()
    RailGroup group;
    WelcomeCard (*card)() = nullptr;
    /// Of the trained networks or policies that its page opens, as they stand in the metadata of the files.
    std::vector<std::string_view> trainedFormats = {};
};

/// In the order of the rail; the first one is in front at the start.
std::span<const BenchKind> benchKinds();

} // namespace endospike
