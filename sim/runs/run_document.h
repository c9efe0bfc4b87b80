// The document that a run keeps in its folder and in its checkpoint: a head, and the plan of that one run.
#pragma once

#include "sim/base/document_head.h"

namespace endospike {

struct RunDocument {
    DocumentHead head;
    Json plan; ///< null if the document has none, or is of another laboratory
};

/// The text; the plan stands below the laboratory's key, and what else a document holds has its defaults.
std::string runDocumentText(const DocumentHead& head, Json plan);

/// Throws DocumentError. Of a document of another laboratory no more than the head is read.
RunDocument readRunDocument(std::string_view text, std::string_view laboratory);

} // namespace endospike
