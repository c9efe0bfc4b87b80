#include "sim/equivalence/result_json.h"

#include "endospike_version.h"
#include "sim/base/document_head.h"

namespace endospike {
namespace {

constexpr const char* integratorKeys[] = {"forward_euler", "exponential_euler", "runge_kutta_4"};
constexpr const char* precisionKeys[] = {"float64", "float32"};
constexpr const char* orderKeys[] = {"old_values", "published"};

std::string key(CellKind kind) { return std::string(modelOf(kind).key); }

// NaN becomes null when it is written.
Json differenceAsJson(const ExactDifference& d)
{
    return {{"maximum_mv", d.maximum_mv}, {"at_maximum_ms", d.atMaximum_ms}, {"rms_mv", d.rms_mv}, {"steps", d.steps},
        {"simulated_ms", d.simulated_ms}, {"finite", d.finite}, {"first_spikes_ms", d.firstSpikes_ms},
        {"second_spikes_ms", d.secondSpikes_ms}};
}

Json comparisonAsJson(const SpikeTrainComparison& c)
{
    return {{"hh_spikes", c.referenceCount}, {"model_spikes", c.modelCount}, {"hh_rate_hz", c.referenceRate_hz},
        {"model_rate_hz", c.modelRate_hz}, {"mean_interval_difference_ms", c.meanIntervalDifference_ms},
        {"relative_timing_error", c.relativeTimingError}, {"van_rossum_distance", c.vanRossumDistance},
        {"coincidence_factor", c.coincidenceFactor}};
}

Json breaksAsJson(const std::vector<BreakRow>& rows)
{
    Json list = Json::array();
    for (const BreakRow& row : rows)
        list.push_back({{"precision", precisionKeys[static_cast<int>(row.precision)]},
            {"integrator", integratorKeys[static_cast<int>(row.integrator)]}, {"update_order", orderKeys[row.order]},
            {"difference", differenceAsJson(row.difference)}});
    return list;
}

Json pairAsJson(const SimplifiedPair& pair)
{
    Json units = Json::object();
    constexpr const char* parts[] = {"u1", "u2", "u3", "u4"};
    for (std::size_t part = 0; part < pair.sLifU.size(); ++part)
        units[parts[part]] = pair.sLifU[part];
    return {{"metrics", comparisonAsJson(pair.comparison)}, {"hh_spikes_ms", pair.hhSpikes_ms},
        {"s_lif2hh_spikes_ms", pair.sLifSpikes_ms}, {"hh_v_mv", pair.hhV_mv}, {"s_lif2hh", std::move(units)}};
}

Json simplifiedAsJson(const std::vector<SimplifiedRun>& runs)
{
    Json list = Json::array();
    for (const SimplifiedRun& run : runs)
        list.push_back({{"stimulus", run.stimulus->key}, {"formula", run.stimulus->formula},
            {"published_driven_spikes",
                {{"hh", run.stimulus->publishedHhSpikes}, {"s_lif2hh", run.stimulus->publishedSLifSpikes}}},
            {"stopped", run.stopped}, {"driver", pairAsJson(run.driver)}, {"driven", pairAsJson(run.driven)},
            {"time_ms", run.time_ms}, {"current_ua_per_cm2", run.current_ua_per_cm2},
            {"s_lif2hh_time_ms", run.sLifTime_ms}});
    return list;
}

Json dialAsJson(const std::vector<DialEntry>& entries)
{
    Json list = Json::array();
    for (const DialEntry& entry : entries)
        list.push_back({{"model", entry.model->key}, {"spikes_ms", entry.spikes_ms},
            {"against_hh", comparisonAsJson(entry.comparison)},
            {"f_i",
                {{"current_ua_per_cm2", entry.fi.current_ua_per_cm2}, {"rate_hz", entry.fi.rate_hz},
                    {"stopped", entry.fi.stopped}}},
            {"time_ms", entry.time_ms}, {"v_mv", entry.v_mv}});
    return list;
}

Json xorAsJson(const XorResult& result)
{
    Json cases = Json::array();
    for (const XorCase& c : result.cases) {
        Json item = {{"input_1", c.first}, {"input_3", c.third}, {"exclusive_or", c.exclusiveOr},
            {"by_wiring", c.byWiring}, {"maximum_difference_mv", c.maximumDifference_mv}};
        for (const CellKind kind : cellKinds) {
            const XorRun& run = c.runs[static_cast<std::size_t>(kind)];
            Json cells = Json::array();
            for (const XorTrace& trace : run.cells)
                cells.push_back({{"cell", trace.name}, {"spikes_ms", trace.spikes_ms}, {"v_mv", trace.v_mv}});
            item[key(kind)] = {{"output", run.output}, {"cells", std::move(cells)}};
        }
        cases.push_back(std::move(item));
    }
    return {{"cases", std::move(cases)}, {"stopped", result.stopped}, {"time_ms", result.time_ms}};
}

Json layerAsJson(const FullyConnectedResult& result, const ImageOfLayer& image)
{
    Json json = {{"image", image.index}, {"label", image.label}, {"network_answer", image.networkAnswer},
        {"spiking_answers", image.spikingAnswers}, {"network_test_accuracy", image.testAccuracy},
        {"input_currents_ua_per_cm2", image.currents_ua_per_cm2}, {"steps", result.steps}, {"stopped", result.stopped},
        {"total_hamming_distance", result.totalHamming}, {"differing_steps", result.differingSteps},
        {"maximum_difference_mv", result.maximumDifference_mv}, {"time_ms", result.time_ms},
        {"hamming_distance_up_to", result.hamming}};
    for (const CellKind kind : cellKinds) {
        const FullyConnectedRun& run = result.runs[static_cast<std::size_t>(kind)];
        json[key(kind)] = {{"seconds", run.seconds}, {"output_spikes_ms", run.outputSpikes_ms},
            {"input_spikes_ms", run.inputSpikes_ms}, {"output_v_mv", run.outputV_mv}};
    }
    return json;
}

} // namespace

std::string toJson(const EquivalenceResult& result)
{
    Json json = {{"format", "endospike-result"}, {"version", 1}, {"laboratory", "equivalence"},
        {"versions", {{"endospike", ENDOSPIKE_VERSION}, {"document", documentVersion}, {"compiler", __VERSION__}}},
        {"outcome", result.stopped ? "stopped" : "done"}, {"exact", differenceAsJson(result.exact)},
        {"where_does_it_break", breaksAsJson(result.breaks)}, {"simplified", simplifiedAsJson(result.simplified)},
        {"dial", dialAsJson(result.dial)}};
    if (result.xorCircuit)
        json["xor"] = xorAsJson(*result.xorCircuit);
    if (result.fullyConnected && result.image)
        json["fully_connected"] = layerAsJson(*result.fullyConnected, *result.image);
    if (!result.withoutImage.empty())
        json["without_fully_connected"] = result.withoutImage;
    json["experiment"] = Json::parse(toJson(result.experiment));
    return json.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

} // namespace endospike
