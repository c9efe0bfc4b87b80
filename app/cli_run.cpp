#include "app/cli_run.h"

#include "sim/analysis/equivalence_json.h"
#include "sim/errors.h"
#include "sim/result_json.h"
#include "sim/run.h"
#include "sim/trace_writer.h"

#include <atomic>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <optional>
#include <system_error>
#include <thread>

#include <unistd.h>

namespace endospike {
namespace {

/// While it lives, SIGINT and SIGTERM ask for a stop in place of ending the process.
class StopSignals {
public:
    StopSignals()
    {
        sigemptyset(&m_signals);
        sigaddset(&m_signals, SIGINT);
        sigaddset(&m_signals, SIGTERM);
        // Before the thread exists, so that it inherits the mask and is the only one that takes them.
        pthread_sigmask(SIG_BLOCK, &m_signals, &m_before);
        m_watcher = std::jthread([this](const std::stop_token& end) { watch(end); });
    }
    ~StopSignals()
    {
        m_watcher.request_stop();
        m_watcher.join();
        pthread_sigmask(SIG_SETMASK, &m_before, nullptr);
    }
    StopSignals(const StopSignals&) = delete;
    StopSignals& operator=(const StopSignals&) = delete;

    std::stop_token token() const { return m_stop.get_token(); }
    int received() const { return m_received; } ///< 0 if none

private:
    void watch(const std::stop_token& end)
    {
        const timespec patience{0, 20'000'000};
        while (!end.stop_requested()) {
            const int signal = sigtimedwait(&m_signals, nullptr, &patience);
            if (signal <= 0)
                continue;
            m_received = signal;
            m_stop.request_stop();
        }
    }

    sigset_t m_signals{};
    sigset_t m_before{};
    std::stop_source m_stop;
    std::atomic<int> m_received = 0;
    std::jthread m_watcher;
};

/// One line on a terminal, about ten times a second; nothing elsewhere.
class ProgressLine {
public:
    ~ProgressLine() { clear(); }

    void show(double fraction, const std::string& sentence)
    {
        const auto now = std::chrono::steady_clock::now();
        if (!m_terminal || now - m_shown < std::chrono::milliseconds(100))
            return;
        m_shown = now;
        m_visible = true;
        std::fprintf(stderr, "\r\x1b[K%3.0f %%  %s", 100 * fraction, sentence.c_str());
        std::fflush(stderr);
    }

    void clear()
    {
        if (m_visible)
            std::fputs("\r\x1b[K", stderr);
        m_visible = false;
    }

private:
    bool m_terminal = ::isatty(STDERR_FILENO) != 0;
    bool m_visible = false;
    std::chrono::steady_clock::time_point m_shown{};
};

struct Outcome {
    Result result;
    std::string error; ///< empty if the run itself went well
};

Outcome simulate(const Experiment& experiment, const JobContext& context, const BlockSink& sink)
{
    try {
        return {run(experiment, context, sink), {}};
    } catch (const SimulationError& error) {
        return {{experiment, false, error.time_ms, {}}, error.what()};
    }
}

/// What result.json holds: for the equivalence laboratory every figure of its page.
std::string resultText(const Outcome& outcome, const JobContext& context, const std::vector<std::string>& files)
{
    const Experiment& experiment = outcome.result.experiment;
    if (experiment.laboratory == Laboratory::equivalence && outcome.error.empty())
        return toJson(runEquivalence(experiment, context));
    return resultAsJson(outcome.result, files, outcome.error);
}

void summarise(const Outcome& outcome, const RunOptions& options)
{
    for (const SpikeSummary& cell : outcome.result.spikes)
        std::printf("%s: %zu spikes, %.4g Hz\n", cell.cellName.c_str(), cell.times_ms.size(), cell.meanRate_hz);
    std::printf("Written to %s\n", options.folder.c_str());
}

} // namespace

int print(std::string_view text)
{
    const bool written = std::fwrite(text.data(), 1, text.size(), stdout) == text.size() && std::fflush(stdout) == 0;
    if (written)
        return done;
    std::fprintf(stderr, "endospike-cli: standard output: %s\n", std::system_category().message(errno).c_str());
    return runFailed;
}

int runDocument(const Experiment& experiment, const RunOptions& options)
{
    StopSignals signals;
    ProgressLine progress;
    JobContext context;
    context.stop = signals.token();
    context.progress = [&](double fraction, const std::string& sentence) { progress.show(fraction, sentence); };

    std::optional<TraceFolder> tables;
    BlockSink sink;
    if (!options.folder.empty()) {
        tables.emplace(options.folder, options.npy ? TraceFormat::npy : TraceFormat::csv);
        sink = [&](const TraceBlock& block) { tables->append(block); };
    }
    const Outcome outcome = simulate(experiment, context, sink);

    int code = done;
    if (tables) {
        const std::vector<std::string> files = tables->publish();
        writeWholeFile(
            (std::filesystem::path(options.folder) / "result.json").string(), resultText(outcome, context, files));
        summarise(outcome, options);
    } else {
        code = print(resultText(outcome, context, {}));
    }
    progress.clear();
    if (!outcome.error.empty()) {
        std::fprintf(stderr, "endospike-cli: %s\n", outcome.error.c_str());
        return runFailed;
    }
    if (outcome.result.stopped) {
        std::fprintf(stderr, "endospike-cli: stopped at t = %s ms\n", shortNumber(outcome.result.simulated_ms).c_str());
        return 128 + signals.received();
    }
    return code;
}

} // namespace endospike
