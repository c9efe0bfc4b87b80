// A few threads that share loops. Work is cut into pieces that do not depend on how many threads there are, so results
// do not either.
#pragma once

#include <functional>
#include <memory>
#include <stop_token>

namespace endospike {

/// Threads that this machine runs at once; at least 1.
int processorCount();

/// What forEach throws when it was interrupted: some pieces were not done.
struct WorkInterrupted { };

class Workers {
public:
    /// `threads` counts the caller; 1 starts none. At least 1.
    explicit Workers(int threads);
    ~Workers();
    Workers(const Workers&) = delete;
    Workers& operator=(const Workers&) = delete;

    int threads() const;
    /// Calls piece(0) .. piece(count - 1), each once, in any order and on any of the threads, and returns when all are
    /// done. An exception of a piece is thrown again here. Not to be called from inside a piece.
    void forEach(int count, const std::function<void(int)>& piece);
    /// From now on forEach throws WorkInterrupted in place of a piece that has not begun when `stop` is requested. An
    /// empty token ends that.
    void interruptBy(std::stop_token stop) { m_interruption = std::move(stop); }

private:
    struct Pool;
    void forAll(int count, const std::function<void(int)>& piece);

    std::unique_ptr<Pool> m_pool;
    std::stop_token m_interruption;
};

} // namespace endospike
