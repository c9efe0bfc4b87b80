// What was seen and done, for learning from it again: a ring of moments, struct of arrays. A moment is an observation
// and what led to it; a transition is a moment with the one before it. Windows of past observations are built from the
// moments themselves, so that nothing is stored more than once.
#pragma once

#include "sim/control/actor_critic.h"

#include <cstdint>
#include <span>
#include <vector>

namespace endospike {

struct ReplayMoments {
    std::vector<float> observations; ///< [moment][numbers]
    std::vector<float> actions; ///< that led here
    std::vector<float> rewards; ///< for it
    std::vector<std::int32_t> ages; ///< steps since the episode began; 0 for its first observation
    std::vector<std::uint8_t> terminated;
};

class Replay {
public:
    /// `most` moments are kept; windows hold `shown` observations.
    Replay(std::size_t most, int numbers, int shown);

    /// An episode's first observation.
    void begin(std::span<const float> observation);
    void add(std::span<const float> observation, double action, double reward, bool terminated);
    /// Transitions that can be drawn; a few of the oldest, whose window has been overwritten, count but are not drawn.
    std::size_t transitions() const { return m_transitions; }

    /// Draws uniformly, a function of seed, purpose `replay` and `index`. There must be a transition.
    void draw(std::uint64_t seed, std::uint64_t index, int size, TransitionBatch<float>& batch) const;

    // All of it, for a checkpoint: moments oldest first.
    ReplayMoments moments() const;
    /// Throws std::invalid_argument if they do not fit.
    void setMoments(const ReplayMoments& moments);

private:
    std::size_t placeOf(std::uint64_t moment) const { return static_cast<std::size_t>(moment % m_most); }
    bool drawable(std::uint64_t moment) const;
    void push(std::span<const float> observation, float action, float reward, std::int32_t age, bool terminated);

    std::size_t m_most;
    int m_numbers, m_shown;
    ReplayMoments m_ring; ///< at most m_most
    std::uint64_t m_begin = 0, m_end = 0; ///< moments that are there, counted from the first ever
    std::size_t m_transitions = 0;
};

} // namespace endospike
