#include "sim/base/document_head.h"

namespace endospike {
namespace {

constexpr std::string_view formatName = "endospike-experiment";

void checkVersion(ObjectReader& document)
{
    if (document.text("format", "") != formatName)
        throw DocumentError(
            "format", "", "this is not an Endospike experiment (\"format\": \"endospike-experiment\" is missing)");
    const Json* version = document.find("version");
    if (!version || !version->is_number_integer() || version->get<double>() < 1)
        throw DocumentError("version", version ? brief(*version) : "", "must be a whole number from 1");
    if (version->get<double>() > documentVersion)
        refuse("version", *version,
            "was written by a newer Endospike; this one reads up to version " + std::to_string(documentVersion));
}

} // namespace

Json headToJson(const DocumentHead& head)
{
    return {{"format", formatName}, {"version", documentVersion}, {"laboratory", head.laboratory},
        {"title", head.title}, {"notes", head.notes}};
}

DocumentHead headFromJson(ObjectReader& document, std::string_view otherwise)
{
    checkVersion(document);
    DocumentHead head;
    head.laboratory = document.text("laboratory", std::string(otherwise));
    head.title = document.text("title", "");
    head.notes = document.text("notes", "");
    return head;
}

} // namespace endospike
