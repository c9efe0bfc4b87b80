#include "app/cli/console.h"

#include <cerrno>
#include <cstdio>
#include <system_error>

#include <unistd.h>

namespace endospike {

int print(std::string_view text)
{
    const bool written = std::fwrite(text.data(), 1, text.size(), stdout) == text.size() && std::fflush(stdout) == 0;
    if (written)
        return done;
    std::fprintf(stderr, "endospike-cli: standard output: %s\n", std::system_category().message(errno).c_str());
    return runFailed;
}

void printLine(const std::string& line)
{
    if (print(line + "\n") != done)
        throw OutputLost();
}

StopSignals::StopSignals()
{
    sigemptyset(&m_signals);
    sigaddset(&m_signals, SIGINT);
    sigaddset(&m_signals, SIGTERM);
    // Before the thread exists, so that it inherits the mask and is the only one that takes them.
    pthread_sigmask(SIG_BLOCK, &m_signals, &m_before);
    m_watcher = std::jthread([this](const std::stop_token& end) { watch(end); });
}

StopSignals::~StopSignals()
{
    m_watcher.request_stop();
    m_watcher.join();
    pthread_sigmask(SIG_SETMASK, &m_before, nullptr);
}

void StopSignals::watch(const std::stop_token& end)
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

ProgressLine::ProgressLine()
    : m_terminal(::isatty(STDERR_FILENO) != 0)
{
}

void ProgressLine::show(double fraction, const std::string& sentence)
{
    const auto now = std::chrono::steady_clock::now();
    if (!m_terminal || now - m_shown < std::chrono::milliseconds(100))
        return;
    m_shown = now;
    m_visible = true;
    std::fprintf(stderr, "\r\x1b[K%3.0f %%  %s", 100 * fraction, sentence.c_str());
    std::fflush(stderr);
}

void ProgressLine::clear()
{
    if (m_visible)
        std::fputs("\r\x1b[K", stderr);
    m_visible = false;
}

JobContext contextOf(const StopSignals& signals, ProgressLine& progress)
{
    return {signals.token(),
        [&progress](double fraction, const std::string& sentence) { progress.show(fraction, sentence); }};
}

} // namespace endospike
