// Time that passes at the wall, for speeds and for what is left.
#pragma once

#include <chrono>
#include <string>

namespace endospike {

class Stopwatch {
public:
    double seconds() const { return std::chrono::duration<double>(std::chrono::steady_clock::now() - m_begin).count(); }
    void restart() { *this = Stopwatch(); }

private:
    std::chrono::steady_clock::time_point m_begin = std::chrono::steady_clock::now();
};

/// "50 s", "3 min 20 s", "2 h 5 min"
std::string secondsInWords(double seconds);

} // namespace endospike
