#include "sim/control/replay.h"

#include "sim/base/random.h"

#include <algorithm>
#include <stdexcept>

namespace endospike {

Replay::Replay(std::size_t most, int numbers, int shown)
    : m_most(std::max<std::size_t>(most, static_cast<std::size_t>(shown) + 1))
    , m_numbers(numbers)
    , m_shown(shown)
{
}

void Replay::begin(std::span<const float> observation) { push(observation, 0, 0, 0, false); }

void Replay::add(std::span<const float> observation, double action, double reward, bool terminated)
{
    const std::int32_t age = m_ring.ages[placeOf(m_end - 1)] + 1;
    push(observation, static_cast<float>(action), static_cast<float>(reward), age, terminated);
}

void Replay::push(std::span<const float> observation, float action, float reward, std::int32_t age, bool terminated)
{
    const std::size_t at = placeOf(m_end);
    if (m_end - m_begin == m_most) {
        m_transitions -= m_ring.ages[at] > 0 ? 1 : 0;
        ++m_begin;
    } else if (at == m_ring.ages.size()) { // grows until it is full: most trainings never fill it
        m_ring.observations.resize(m_ring.observations.size() + static_cast<std::size_t>(m_numbers));
        m_ring.actions.emplace_back();
        m_ring.rewards.emplace_back();
        m_ring.ages.emplace_back();
        m_ring.terminated.emplace_back();
    }
    std::copy_n(observation.data(), m_numbers, m_ring.observations.data() + at * static_cast<std::size_t>(m_numbers));
    m_ring.actions[at] = action;
    m_ring.rewards[at] = reward;
    m_ring.ages[at] = age;
    m_ring.terminated[at] = terminated ? 1 : 0;
    m_transitions += age > 0 ? 1 : 0;
    ++m_end;
}

bool Replay::drawable(std::uint64_t moment) const
{
    const std::int32_t age = m_ring.ages[placeOf(moment)];
    return age > 0 && moment - m_begin >= static_cast<std::uint64_t>(std::min(age, m_shown));
}

void Replay::draw(std::uint64_t seed, std::uint64_t index, int size, TransitionBatch<float>& batch) const
{
    const auto rows = static_cast<std::size_t>(size);
    const auto numbers = static_cast<std::size_t>(m_numbers);
    batch.size = size;
    batch.observations.resize(static_cast<std::size_t>(m_shown + 1) * rows * numbers);
    for (auto* values : {&batch.actions, &batch.rewards, &batch.goesOn})
        values->resize(rows);
    const std::uint64_t stream = randomBits(seed, RandomPurpose::replay, index);
    const std::uint64_t held = m_end - m_begin;
    std::uint64_t draws = 0;
    for (std::size_t row = 0; row < rows; ++row) {
        std::uint64_t moment;
        do
            moment = m_begin + randomBits(stream, RandomPurpose::replay, draws++) % held;
        while (!drawable(moment));
        const std::size_t at = placeOf(moment);
        const auto age = static_cast<std::uint64_t>(m_ring.ages[at]);
        for (int k = 0; k <= m_shown; ++k) {
            const auto back = static_cast<std::uint64_t>(m_shown - k); // moments before the next observation
            const std::size_t from = placeOf(moment - std::min(back, age));
            std::copy_n(m_ring.observations.data() + from * numbers, numbers,
                batch.observations.data() + (static_cast<std::size_t>(k) * rows + row) * numbers);
        }
        batch.actions[row] = m_ring.actions[at];
        batch.rewards[row] = m_ring.rewards[at];
        batch.goesOn[row] = m_ring.terminated[at] ? 0.0f : 1.0f;
    }
}

ReplayMoments Replay::moments() const
{
    ReplayMoments all;
    for (std::uint64_t moment = m_begin; moment < m_end; ++moment) {
        const std::size_t at = placeOf(moment);
        const auto first = m_ring.observations.begin() + static_cast<std::ptrdiff_t>(at) * m_numbers;
        all.observations.insert(all.observations.end(), first, first + m_numbers);
        all.actions.push_back(m_ring.actions[at]);
        all.rewards.push_back(m_ring.rewards[at]);
        all.ages.push_back(m_ring.ages[at]);
        all.terminated.push_back(m_ring.terminated[at]);
    }
    return all;
}

void Replay::setMoments(const ReplayMoments& moments)
{
    const std::size_t count = moments.ages.size();
    if (count > m_most || moments.observations.size() != count * static_cast<std::size_t>(m_numbers)
        || moments.actions.size() != count || moments.rewards.size() != count || moments.terminated.size() != count)
        throw std::invalid_argument("the replay does not fit");
    m_begin = m_end = 0;
    m_transitions = 0;
    for (std::size_t i = 0; i < count; ++i) {
        const bool goesOn = i > 0 && moments.ages[i] == moments.ages[i - 1] + 1;
        if (moments.ages[i] < 0 || (i > 0 && moments.ages[i] > 0 && !goesOn))
            throw std::invalid_argument("the replay's episodes have gaps");
        push(std::span(moments.observations).subspan(i * static_cast<std::size_t>(m_numbers), m_numbers),
            moments.actions[i], moments.rewards[i], moments.ages[i], moments.terminated[i] != 0);
    }
    bool any = m_transitions == 0;
    for (std::uint64_t moment = m_begin; moment < m_end && !any; ++moment)
        any = drawable(moment);
    if (!any)
        throw std::invalid_argument("no transition of the replay has its whole window");
}

} // namespace endospike
