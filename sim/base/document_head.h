// The head of a document: what it is, of which version and laboratory, and what a person calls it.
#pragma once

#include "sim/base/document_json.h"

#include <string>
#include <string_view>

namespace endospike {

inline constexpr int documentVersion = 1;

struct DocumentHead {
    std::string laboratory; ///< its key
    std::string title;
    std::string notes;
};

/// The beginning of a document, to which its plans are added.
Json headToJson(const DocumentHead& head);

/// A document that names no laboratory is of `otherwise`. Throws DocumentError: not a document of Endospike, or of a
/// newer version.
DocumentHead headFromJson(ObjectReader& document, std::string_view otherwise);

} // namespace endospike
