// The sweep command: a robustness grid to a folder, field by field; alone or as one of many processes under mpirun.
#include "app/cli/command.h"
#include "app/cli/console.h"
#include "app/cli/ranks.h"
#include "app/cli/text_table.h"
#include "sim/base/whole_file.h"
#include "sim/network/workers.h"
#include "sim/robustness/sweep_files.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <map>
#include <memory>
#include <set>

namespace endospike {
namespace {

namespace fs = std::filesystem;

struct SweepCommand {
    DocumentOptions document;
    std::string folder;
    std::string checkpoints; ///< a folder of trainings whose networks may be used; may be empty
    int threads = 0; ///< 0: the processors of this machine, shared by the processes on it
};

class SweepRun {
public:
    SweepRun(const Experiment& experiment, const SweepCommand& command)
        : m_experiment(experiment)
        , m_command(command)
        , m_units(sweepUnits(experiment))
    {
        m_context.stop = m_signals.token();
        m_context.progress = [this](double fraction, const std::string& sentence) {
            if (m_ranks.first())
                m_progress.show(fraction, sentence);
            lookForOthers();
        };
    }

    int run()
    {
        std::exception_ptr failure;
        try {
            if (m_ranks.first())
                prepareFolder();
            work();
        } catch (...) {
            failure = std::current_exception(); // the others still wait for this process
        }
        m_ranks.waitForAll([this] { lookForOthers(); });
        m_progress.clear();
        if (failure)
            std::rethrow_exception(failure);
        return m_ranks.first() ? conclude() : m_signals.received() ? 128 + m_signals.received() : done;
    }

private:
    void prepareFolder() const;
    void work();
    void say(const FieldResult& result);
    void lookForOthers();
    int conclude();
    void sortFields();
    void printTable() const;

    const Experiment& m_experiment;
    const SweepCommand& m_command;
    std::vector<SweepUnit> m_units;
    StopSignals m_signals; // before MPI starts threads, which must not take the signals
    Ranks m_ranks;
    ProgressLine m_progress;
    JobContext m_context;
    std::set<std::string> m_said;
    std::vector<FieldResult> m_fields;
    std::chrono::steady_clock::time_point m_looked{};
};

/// Leaves a folder that was made with other settings as it is.
void SweepRun::prepareFolder() const
{
    for (const SweepUnit& unit : m_units)
        for (const SweepField& field : unit.fields)
            static_cast<void>(findField(m_command.folder, m_experiment, unit, field));
    writeSweepExperiment(m_command.folder, m_experiment);
}

void SweepRun::work()
{
    SweepOptions options;
    options.folder = m_command.folder;
    if (!m_command.checkpoints.empty())
        options.checkpoints = {m_command.checkpoints};
    options.threads =
        m_command.threads > 0 ? m_command.threads : std::max(1, processorCount() / m_ranks.onThisMachine());
    options.next = [this] { return m_ranks.next(); };
    const TrainingImages images = readTrainingImages(m_experiment.training);
    const SweepOutcome outcome = runSweep(
        m_experiment, images, options, [this](const FieldResult& result) { say(result); }, m_context);
    if (m_ranks.first())
        for (const std::string& problem : outcome.problems)
            std::fprintf(stderr, "endospike-cli: %s\n", problem.c_str());
}

void SweepRun::say(const FieldResult& result)
{
    if (!m_ranks.first() || !m_said.insert(result.field.fileName()).second)
        return;
    m_fields.push_back(result);
    m_progress.clear();
    printLine(toJsonLine(result));
}

/// What other processes have finished shows in the folder.
void SweepRun::lookForOthers()
{
    const auto now = std::chrono::steady_clock::now();
    if (m_ranks.count() == 1 || !m_ranks.first() || now - m_looked < std::chrono::milliseconds(500))
        return;
    m_looked = now;
    for (const SweepUnit& unit : m_units)
        for (const SweepField& field : unit.fields)
            if (!m_said.contains(field.fileName()))
                if (const FoundField found = findField(m_command.folder, m_experiment, unit, field); found.result)
                    say(*found.result);
}

int SweepRun::conclude()
{
    m_looked = {};
    lookForOthers();
    sortFields();
    writeWholeFile((fs::path(m_command.folder) / "summary.json").string(), summaryAsJson(m_experiment, m_fields));
    printTable();
    std::size_t all = 0;
    for (const SweepUnit& unit : m_units)
        all += unit.fields.size();
    if (m_signals.received() != 0) {
        std::fprintf(
            stderr, "endospike-cli: stopped with %zu of %zu cells; the same command goes on\n", m_fields.size(), all);
        return 128 + m_signals.received();
    }
    if (m_fields.size() < all) {
        std::fprintf(stderr,
            "endospike-cli: %zu of %zu cells are missing. All machines must share the folder %s; run again to fill "
            "them\n",
            all - m_fields.size(), all, m_command.folder.c_str());
        return runFailed;
    }
    int code = done;
    for (const FieldResult& result : m_fields)
        if (!result.error.empty()) {
            std::fprintf(stderr, "endospike-cli: %s: %s\n", result.field.label().c_str(), result.error.c_str());
            code = runFailed;
        }
    return code;
}

/// Into the order of the grid: sums are then the same to the bit whoever finished first.
void SweepRun::sortFields()
{
    std::map<std::string, std::size_t> places;
    for (const SweepUnit& unit : m_units)
        for (const SweepField& field : unit.fields)
            places.emplace(field.fileName(), places.size());
    std::ranges::sort(m_fields, {}, [&](const FieldResult& result) { return places.at(result.field.fileName()); });
}

std::string meanAndSpread(double mean, double spread)
{
    return std::isfinite(spread) ? formatted("%8.2f ± %6.2f", 100 * mean, 100 * spread)
                                 : formatted("%8.2f         ", 100 * mean);
}

void SweepRun::printTable() const
{
    TextTable table({0, 5, 5, 17, 17, 9});
    table.add({"network", "noise", "seeds", "task 1 % (spread)", "task 2 % (spread)", "test loss"});
    for (const SweepPoint& point : summarise(m_experiment, m_fields))
        table.add({point.network, shortNumber(point.amplitude), std::to_string(point.seeds),
            meanAndSpread(point.mean[0], point.spread[0]), meanAndSpread(point.mean[1], point.spread[1]),
            formatted("%.4f", point.loss)});
    std::fputs(table.text().c_str(), stderr);
}

int sweepDocument(const SweepCommand& command)
{
    const Experiment experiment = readDocument(command.document);
    checkLaboratory(experiment, "sweep", "only a document of the robustness laboratory can be swept");
    return SweepRun(experiment, command).run();
}

std::function<int()> declareSweep(CLI::App& verb)
{
    const auto command = std::make_shared<SweepCommand>();
    addDocument(verb, command->document);
    addOut(verb, command->folder, "Folder for the cells, the trained networks, experiment.json and summary.json", true);
    addText(verb, "--checkpoints", command->checkpoints,
        "A folder of earlier trainings: a network whose settings and seed are the same is taken from there");
    addThreads(verb, command->threads,
        "Threads; the result does not depend on it. Default: all, shared by the processes on this machine");
    return [command] { return sweepDocument(*command); };
}

} // namespace

Verb sweepVerb()
{
    return {"sweep",
        "Test networks under noise, for each of the document's networks, seeds and amplitudes; train those that are "
        "not trained yet. Run it again to go on: finished cells are never done twice. Under mpirun the processes "
        "share the work; the folder must be one that all machines see. Standard output gets one JSON object a line "
        "for every cell; a table goes to standard error at the end",
        declareSweep};
}

} // namespace endospike
