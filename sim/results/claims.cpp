#include "sim/results/claims.h"

#include "sim/base/csv.h"
#include "sim/base/document_json.h"

#include <algorithm>
#include <cmath>

namespace endospike {
namespace {

constexpr std::size_t maximumRows = 500;
constexpr std::size_t maximumKeyBytes = 80;
constexpr std::size_t maximumWordsBytes = 2000;

std::string limitedWords(ObjectReader& reader, std::string_view key, std::size_t least, std::size_t most)
{
    std::string text = reader.words(key);
    if (text.size() < least || text.size() > most)
        throw DocumentError(
            reader.pathOf(key), "", "must be " + std::to_string(least) + " to " + std::to_string(most) + " bytes long");
    return text;
}

MeasuredValue valueFromJson(const Json& json, const std::string& path, const Measurement& measurement)
{
    constexpr double most = 1e300;
    ObjectReader reader(json, path);
    MeasuredValue row;
    row.key = limitedWords(reader, "key", 1, maximumKeyBytes);
    if (measurement.find(row.key))
        refuse(reader.pathOf("key"), reader.need("key"), "must stand there once");
    row.name = limitedWords(reader, "name", 1, maximumWordsBytes);
    row.unit = limitedWords(reader, "unit", 0, maximumKeyBytes);
    row.value = reader.number("value", -most, most);
    row.seeds = static_cast<int>(reader.whole("seeds", 0, 1e6));
    if (!reader.need("spread").is_null())
        row.spread = reader.number("spread", 0, most);
    if (row.seeds < 2 && std::isfinite(row.spread))
        refuse(reader.pathOf("spread"), reader.need("spread"), "must be null with fewer than two seeds");
    reader.finish();
    return row;
}

Measurement measurementFromJson(const Json& json, const std::string& path)
{
    ObjectReader reader(json, path);
    Measurement measurement;
    measurement.claim = reader.words("claim");
    const PaperClaim* claim = findClaim(measurement.claim);
    if (!claim || claim->rules.empty())
        refuse(reader.pathOf("claim"), reader.need("claim"), "must be the key of a claim that is judged by rows");
    measurement.setting = limitedWords(reader, "setting", 1, maximumWordsBytes);
    measurement.date = limitedWords(reader, "date", 10, 10);
    measurement.machine = limitedWords(reader, "machine", 1, maximumWordsBytes);
    measurement.program = limitedWords(reader, "program", 1, maximumWordsBytes);
    measurement.command = limitedWords(reader, "command", 1, maximumWordsBytes);
    if (!reader.need("document").is_null())
        measurement.document = experimentAt(reader, "document");
    const Json& rows = listOf(reader.need("rows"), maximumRows, reader.pathOf("rows"));
    for (std::size_t i = 0; i < rows.size(); ++i)
        measurement.rows.push_back(valueFromJson(rows[i], join(reader.pathOf("rows"), std::to_string(i)), measurement));
    reader.finish();
    return measurement;
}

} // namespace

double MeasuredValue::standardError() const
{
    return seeds > 1 && std::isfinite(spread) ? spread / std::sqrt(seeds) : 0;
}

const MeasuredValue* Measurement::find(std::string_view key) const
{
    const auto at = std::ranges::find(rows, key, &MeasuredValue::key);
    return at == rows.end() ? nullptr : &*at;
}

const Measurement* Measurements::find(std::string_view claim) const
{
    const auto at = std::ranges::find(all, claim, &Measurement::claim);
    return at == all.end() ? nullptr : &*at;
}

Measurements measurementsFromJson(std::string_view text)
{
    if (text.size() > maximumResultBytes)
        throw DocumentError("", "", "is longer than a file of results may be");
    const Json json = parseDocument(text);
    ObjectReader reader(json, "");
    if (reader.words("format") != "endospike-claims")
        refuse("format", reader.need("format"), "must be endospike-claims");
    if (reader.whole("version", 1, std::numeric_limits<int>::max()) != 1)
        refuse("version", reader.need("version"), "must be 1; a newer program wrote this");
    const Json& list = listOf(reader.need("measurements"), claimTable().size(), "measurements");
    Measurements measurements;
    for (std::size_t i = 0; i < list.size(); ++i) {
        const std::string path = join("measurements", std::to_string(i));
        Measurement next = measurementFromJson(list[i], path);
        if (measurements.find(next.claim))
            refuse(join(path, "claim"), list[i]["claim"], "must stand there once");
        measurements.all.push_back(std::move(next));
    }
    reader.finish();
    return measurements;
}

std::vector<Finding> findingsOf(const PaperClaim& claim, const Measurement& measurement)
{
    std::vector<Finding> findings;
    for (const ClaimRule& rule : claim.rules) {
        Finding finding;
        finding.rule = rule;
        finding.first = measurement.find(rule.first);
        finding.second = rule.second.empty() ? nullptr : measurement.find(rule.second);
        if (!finding.first || (!rule.second.empty() && !finding.second))
            continue;
        finding.difference = finding.first->value - (finding.second ? finding.second->value : rule.constant);
        finding.tolerance = std::max(
            rule.least, finding.second ? finding.first->standardError() + finding.second->standardError() : 0.0);
        finding.holds = holds(rule.relation, finding.difference, finding.tolerance);
        findings.push_back(finding);
    }
    return findings;
}

std::string valuesAsCsv(const Measurement& measurement)
{
    CsvTable table;
    table.addRow("measured", "value", "unit", "sd_over_seeds", "seeds");
    for (const MeasuredValue& value : measurement.rows)
        table.addRow(value.name, value.value, value.unit, value.spread, value.seeds);
    return table.text();
}

Verdict verdictOf(const PaperClaim& claim, const Measurement& measurement)
{
    Verdict verdict{.asked = static_cast<int>(claim.rules.size())};
    for (const Finding& finding : findingsOf(claim, measurement))
        verdict.add(finding.holds);
    return verdict;
}

} // namespace endospike
