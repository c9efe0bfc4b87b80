// What every long command of endospike-cli needs: exit codes, Ctrl-C as a stop, a line of progress, standard output.
#pragma once

#include "sim/base/job.h"

#include <atomic>
#include <chrono>
#include <csignal>
#include <stop_token>
#include <string>
#include <string_view>
#include <thread>

namespace endospike {

/// Exit codes. A run stopped by a signal ends with 128 + the signal's number, as a shell reports it.
inline constexpr int done = 0;
inline constexpr int badInput = 2;
inline constexpr int runFailed = 3;

/// To standard output; the exit code.
int print(std::string_view text);

/// Standard output is gone; it has been said.
struct OutputLost { };
/// The same for each of many lines, without its newline. Throws OutputLost.
void printLine(const std::string& line);

/// While it lives, SIGINT and SIGTERM ask for a stop in place of ending the process.
class StopSignals {
public:
    StopSignals();
    ~StopSignals();
    StopSignals(const StopSignals&) = delete;
    StopSignals& operator=(const StopSignals&) = delete;

    std::stop_token token() const { return m_stop.get_token(); }
    int received() const { return m_received; } ///< 0 if none

private:
    void watch(const std::stop_token& end);

    sigset_t m_signals{};
    sigset_t m_before{};
    std::stop_source m_stop;
    std::atomic<int> m_received = 0;
    std::jthread m_watcher;
};

/// One line on a terminal, about ten times a second; nothing elsewhere.
class ProgressLine {
public:
    ProgressLine();
    ~ProgressLine() { clear(); }
    ProgressLine(const ProgressLine&) = delete;
    ProgressLine& operator=(const ProgressLine&) = delete;

    void show(double fraction, const std::string& sentence);
    void clear();

private:
    bool m_terminal;
    bool m_visible = false;
    std::chrono::steady_clock::time_point m_shown{};
};

/// For work that lives no longer than these two.
JobContext contextOf(const StopSignals& signals, ProgressLine& progress);

} // namespace endospike
