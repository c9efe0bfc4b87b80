// The networks that a run left behind after its epochs, as many as memory allows: what is dropped leaves the smallest
// gap, so that beginning, end and course stay.
#pragma once

#include "sim/network/trainer.h"

#include <memory>
#include <vector>

namespace endospike {

struct Snapshot {
    int epoch = -1;
    std::shared_ptr<const Network> network;
};

class SnapshotHistory {
public:
    static constexpr std::size_t mostSnapshots = 60; ///< of one run
    static constexpr std::size_t mostBytes = 256u << 20; ///< of all runs together

    explicit SnapshotHistory(std::size_t bytes = mostBytes)
        : m_mostBytes(bytes)
    {
    }

    /// An epoch at or before the last one begins the run anew from there.
    void add(const RunId& run, int epoch, std::shared_ptr<const Network> network);
    /// By rising epoch; empty for a run that is not known.
    const std::vector<Snapshot>& of(const RunId& run) const;
    std::size_t bytes() const;

private:
    struct Run {
        RunId id;
        std::vector<Snapshot> snapshots;
    };
    void makeRoom();

    std::size_t m_mostBytes;
    std::vector<Run> m_runs; ///< the one that was added to last stands last
};

} // namespace endospike
