#include "app/training/snapshot_history.h"

#include <algorithm>
#include <limits>

namespace endospike {

namespace {

/// Takes out the one between two others that stand closest together.
void thin(std::vector<Snapshot>& snapshots)
{
    std::size_t least = 1;
    int gap = std::numeric_limits<int>::max();
    for (std::size_t i = 1; i + 1 < snapshots.size(); ++i)
        if (const int here = snapshots[i + 1].epoch - snapshots[i - 1].epoch; here < gap) {
            gap = here;
            least = i;
        }
    snapshots.erase(snapshots.begin() + static_cast<std::ptrdiff_t>(least));
}

} // namespace

void SnapshotHistory::add(const RunId& run, int epoch, std::shared_ptr<const Network> network)
{
    const auto at = std::ranges::find(m_runs, run, &Run::id);
    if (at == m_runs.end())
        m_runs.push_back({run, {}});
    else
        std::rotate(at, at + 1, m_runs.end());
    std::vector<Snapshot>& snapshots = m_runs.back().snapshots;
    std::erase_if(snapshots, [epoch](const Snapshot& one) { return one.epoch >= epoch; });
    snapshots.push_back({epoch, std::move(network)});
    if (snapshots.size() > mostSnapshots)
        thin(snapshots);
    makeRoom();
}

const std::vector<Snapshot>& SnapshotHistory::of(const RunId& run) const
{
    static const std::vector<Snapshot> none;
    const auto at = std::ranges::find(m_runs, run, &Run::id);
    return at == m_runs.end() ? none : at->snapshots;
}

std::size_t SnapshotHistory::bytes() const
{
    std::size_t sum = 0;
    for (const Run& run : m_runs)
        for (const Snapshot& snapshot : run.snapshots)
            sum += snapshot.network->values().size_bytes();
    return sum;
}

// Runs that were not touched for longest go first; the present one is thinned, but keeps its first and last.
void SnapshotHistory::makeRoom()
{
    while (bytes() > m_mostBytes) {
        if (m_runs.size() > 1)
            m_runs.erase(m_runs.begin());
        else if (m_runs.back().snapshots.size() > 2)
            thin(m_runs.back().snapshots);
        else
            break;
    }
}

} // namespace endospike
