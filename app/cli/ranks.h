// The processes that work on one grid together: those that mpirun started, or this one alone. Open MPI is used where it
// was found when this was built.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>

namespace endospike {

class Ranks {
public:
    /// Joins the others. Throws std::runtime_error if mpirun started several, but this program was built without MPI.
    Ranks();
    ~Ranks();
    Ranks(const Ranks&) = delete;
    Ranks& operator=(const Ranks&) = delete;

    int count() const;
    bool first() const; ///< the one that speaks
    int onThisMachine() const;
    /// 0, 1, 2, ...: each number is given to one of the processes only.
    std::size_t next();
    /// Returns when all have called it; `meanwhile` is called about ten times a second.
    void waitForAll(const std::function<void()>& meanwhile);

private:
    struct Shared;
    std::unique_ptr<Shared> m_shared; ///< nullptr if this process is alone
    std::size_t m_next = 0;
};

} // namespace endospike
