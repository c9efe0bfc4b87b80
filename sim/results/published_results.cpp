#include "sim/results/published_results.h"

#include "sim/base/csv.h"
#include "sim/base/document_json.h"
#include "sim/document/laboratory.h"
#include "sim/network/training_plan.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace endospike {
namespace {

constexpr std::size_t maximumRuns = 1000;

constexpr Ordering orderings[] = {
    {"hh_fc", Relation::about, "s_lif2hh_fc"},
    {"hh_fc", Relation::above, "lif_fc"},
    {"s_lif2hh_fc", Relation::above, "lif_fc"},
    {"hh_fc", Relation::aboutOrAbove, "4lif_fc"},
    {"s_lif2hh_fc", Relation::aboutOrAbove, "4lif_fc"},
    {"hh_conv", Relation::about, "s_lif2hh_conv"},
    {"hh_conv", Relation::above, "lif_conv"},
    {"s_lif2hh_conv", Relation::above, "lif_conv"},
    {"hh_conv", Relation::aboutOrAbove, "4lif_conv"},
    {"s_lif2hh_conv", Relation::aboutOrAbove, "4lif_conv"},
};

std::array<double, taskCount> sharesFrom(ObjectReader& reader, std::string_view key)
{
    const Json& json = reader.need(key);
    if (!json.is_array() || json.size() != taskCount)
        refuse(reader.pathOf(key), json, "must be a list of two");
    return {numberFrom(json[0], reader.pathOf(key) + ".0", 0, 1), numberFrom(json[1], reader.pathOf(key) + ".1", 0, 1)};
}

const NetworkPlan* findPlan(const TrainingPlan& plan, std::string_view network)
{
    const auto at = std::ranges::find(plan.networks, network, &NetworkPlan::name);
    return at == plan.networks.end() ? nullptr : &*at;
}

MeasuredRun runFromJson(const Json& json, const std::string& path, const MeasuredSetting& setting)
{
    ObjectReader reader(json, path);
    const TrainingPlan& plan = setting.document.training;
    MeasuredRun run;
    run.network = reader.words("network");
    if (!findPlan(plan, run.network))
        refuse(reader.pathOf("network"), reader.need("network"), "must be the name of a network in the document");
    const auto first = static_cast<double>(plan.firstSeed());
    run.seed = static_cast<std::uint64_t>(reader.whole("seed", first, first + plan.seeds() - 1));
    run.epochs = static_cast<int>(reader.whole("epochs", 1, plan.epochs()));
    run.accuracy = sharesFrom(reader, "test_accuracy");
    run.bestAccuracy = sharesFrom(reader, "best_test_accuracy");
    run.loss = reader.number("test_loss", 0, 1e6);
    run.seconds = reader.number("seconds", 0, 1e9);
    reader.finish();
    for (const MeasuredRun& other : setting.runs)
        if (other.network == run.network && other.seed == run.seed)
            refuse(path, reader.need("network"), "must not repeat a network and seed");
    return run;
}

MeasuredSetting settingFromJson(const Json& json, const std::string& path)
{
    ObjectReader reader(json, path);
    MeasuredSetting setting;
    const std::string name = reader.words("setting");
    if (name != "as_published" && name != "own_best")
        refuse(reader.pathOf("setting"), reader.need("setting"), "must be as_published or own_best");
    setting.setting = name == "own_best" ? ResultSetting::ownBest : ResultSetting::asPublished;
    setting.document = experimentAt(reader, "document");
    if (setting.document.laboratory->key != training::key)
        refuse(reader.pathOf("document.laboratory"), json, "must be training");
    const Json& runs = listOf(reader.need("runs"), maximumRuns, reader.pathOf("runs"));
    for (std::size_t i = 0; i < runs.size(); ++i)
        setting.runs.push_back(runFromJson(runs[i], join(reader.pathOf("runs"), std::to_string(i)), setting));
    reader.finish();
    return setting;
}

} // namespace

const MeasuredSetting* PublishedResults::find(ResultSetting setting) const
{
    const auto at = std::ranges::find(settings, setting, &MeasuredSetting::setting);
    return at == settings.end() ? nullptr : &*at;
}

PublishedResults publishedResultsFromJson(std::string_view text)
{
    if (text.size() > maximumResultBytes)
        throw DocumentError("", "", "is longer than a file of results may be");
    const Json json = parseDocument(text);
    ObjectReader reader(json, "");
    if (reader.words("format") != "endospike-training-results")
        refuse("format", reader.need("format"), "must be endospike-training-results");
    if (reader.whole("version", 1, std::numeric_limits<int>::max()) != 1)
        refuse("version", reader.need("version"), "must be 1; a newer program wrote this");
    PublishedResults results{
        reader.words("program"), reader.words("date"), reader.words("machine"), reader.words("command"), {}};
    const Json& settings = listOf(reader.need("settings"), 2, "settings");
    for (std::size_t i = 0; i < settings.size(); ++i) {
        const std::string path = join("settings", std::to_string(i));
        MeasuredSetting next = settingFromJson(settings[i], path);
        if (results.find(next.setting))
            refuse(join(path, "setting"), settings[i]["setting"], "must stand there once");
        results.settings.push_back(std::move(next));
    }
    reader.finish();
    return results;
}

Spread spreadOf(const MeasuredSetting& setting, std::string_view network, int task)
{
    std::vector<double> values;
    for (const MeasuredRun& run : setting.runs)
        if (run.network == network)
            values.push_back(100 * run.accuracy[static_cast<std::size_t>(task)]);
    Spread spread;
    spread.seeds = static_cast<int>(values.size());
    if (values.empty())
        return spread;
    for (const double value : values)
        spread.mean += value / spread.seeds;
    if (spread.seeds > 1) {
        double squares = 0;
        for (const double value : values)
            squares += (value - spread.mean) * (value - spread.mean);
        spread.standardError = std::sqrt(squares / (spread.seeds - 1) / spread.seeds);
    }
    return spread;
}

std::span<const Ordering> paperOrderings() { return orderings; }

double tolerance(const Spread& first, const Spread& second)
{
    return std::max(0.5, first.standardError + second.standardError);
}

std::string runsAsCsv(const PublishedResults& results)
{
    CsvTable table;
    table.addRow("setting", "network", "seed", "epochs", "test_accuracy_1", "test_accuracy_2", "best_test_accuracy_1",
        "best_test_accuracy_2", "test_loss", "elapsed_s");
    for (const MeasuredSetting& setting : results.settings)
        for (const MeasuredRun& run : setting.runs)
            table.addRow(setting.setting == ResultSetting::asPublished ? "as_published" : "own_best", run.network,
                run.seed, run.epochs, run.accuracy[0], run.accuracy[1], run.bestAccuracy[0], run.bestAccuracy[1],
                run.loss, run.seconds);
    return table.text();
}

std::optional<MeasuredOrdering> measuredOrdering(const MeasuredSetting& setting, const Ordering& ordering)
{
    // A document may hold several networks of a kind: the first one stands for it.
    const auto nameOf = [&](std::string_view kind) {
        const auto& networks = setting.document.training.networks;
        const auto at = std::ranges::find_if(networks, [&](const NetworkPlan& plan) { return plan.kind->key == kind; });
        return at == networks.end() ? std::string() : at->name;
    };
    MeasuredOrdering measured;
    measured.relation = ordering.relation;
    measured.firstName = nameOf(ordering.first);
    measured.secondName = nameOf(ordering.second);
    for (std::size_t task = 0; task < taskCount; ++task) {
        const Spread first = spreadOf(setting, measured.firstName, static_cast<int>(task));
        const Spread second = spreadOf(setting, measured.secondName, static_cast<int>(task));
        if (first.seeds == 0 || second.seeds == 0)
            return std::nullopt;
        const double difference = first.mean - second.mean;
        const double least = tolerance(first, second);
        measured.first[task] = first;
        measured.second[task] = second;
        measured.difference[task] = difference;
        measured.tolerance[task] = least;
        measured.holds[task] = holds(ordering.relation, difference, least);
    }
    return measured;
}

Verdict MeasuredOrdering::verdict() const
{
    Verdict verdict{.asked = taskCount};
    for (const bool one : holds)
        verdict.add(one);
    return verdict;
}

bool isOf(const NetworkKind& kind, NetworkForm form)
{
    return kind.convolutional == (form == NetworkForm::convolutional);
}

std::vector<MeasuredOrdering> measuredOrderings(const MeasuredSetting& setting, NetworkForm form)
{
    std::vector<MeasuredOrdering> list;
    for (const Ordering& ordering : paperOrderings())
        if (isOf(*findNetworkKind(ordering.first), form))
            if (std::optional<MeasuredOrdering> measured = measuredOrdering(setting, ordering))
                list.push_back(*std::move(measured));
    return list;
}

Verdict verdictOf(std::span<const MeasuredOrdering> orderings)
{
    Verdict verdict{.asked = static_cast<int>(orderings.size())};
    for (const MeasuredOrdering& ordering : orderings)
        verdict.add(ordering.verdict().outcome() == Outcome::holds);
    return verdict;
}

} // namespace endospike
