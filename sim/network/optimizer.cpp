#include "sim/network/optimizer.h"

#include <Eigen/Core>

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace endospike {
namespace {

constexpr double epsilon = 1e-8;
constexpr std::size_t pieceLength = 1 << 16;
/// So short that all arrays of a part stay in the first-level cache between the lines that use them.
constexpr Eigen::Index partLength = 512;

using Part = Eigen::Map<Eigen::ArrayXf>;
using ConstPart = Eigen::Map<const Eigen::ArrayXf>;

template <class Update>
void forEachPart(std::size_t count, Workers& workers, const Update& update)
{
    workers.forEach(static_cast<int>((count + pieceLength - 1) / pieceLength), [&](int piece) {
        const std::size_t begin = static_cast<std::size_t>(piece) * pieceLength;
        const std::size_t end = std::min(begin + pieceLength, count);
        for (std::size_t at = begin; at < end; at += partLength)
            update(at, std::min(partLength, static_cast<Eigen::Index>(end - at)));
    });
}

} // namespace

Optimizer::Optimizer(const NetworkSettings& settings, std::size_t count)
    : m_kind(settings.optimizer)
    , m_beta1(settings.beta1)
    , m_beta2(settings.beta2)
    , m_weightDecay(settings.weightDecay)
{
    m_state.firstMoment.assign(count, 0.0f);
    if (m_kind == OptimizerKind::adam)
        m_state.secondMoment.assign(count, 0.0f);
}

void Optimizer::setState(OptimizerState state)
{
    if (state.firstMoment.size() != m_state.firstMoment.size()
        || state.secondMoment.size() != m_state.secondMoment.size())
        throw std::invalid_argument("the optimiser's state has another length");
    m_state = std::move(state);
}

void Optimizer::step(std::span<float> values, std::span<const float> gradient, double learningRate, Workers& workers)
{
    const std::uint64_t t = ++m_state.steps;
    const auto beta1 = static_cast<float>(m_beta1), beta2 = static_cast<float>(m_beta2);
    const auto rest1 = static_cast<float>(1 - m_beta1), rest2 = static_cast<float>(1 - m_beta2);
    const auto weightDecay = static_cast<float>(m_weightDecay);
    float* const first = m_state.firstMoment.data();
    float* const second = m_state.secondMoment.data();
    if (m_kind == OptimizerKind::sgd) {
        const auto rate = static_cast<float>(learningRate);
        forEachPart(values.size(), workers, [&](std::size_t at, Eigen::Index length) {
            Part w(values.data() + at, length), m(first + at, length);
            m = beta1 * m + (ConstPart(gradient.data() + at, length) + weightDecay * w);
            w -= rate * m;
        });
        return;
    }
    const double correction2 = 1 - std::pow(m_beta2, static_cast<double>(t));
    // rate m / c1 / (sqrt(v / c2) + epsilon) with one division
    const auto rate =
        static_cast<float>(learningRate / (1 - std::pow(m_beta1, static_cast<double>(t))) * std::sqrt(correction2));
    const auto floor = static_cast<float>(epsilon * std::sqrt(correction2));
    forEachPart(values.size(), workers, [&](std::size_t at, Eigen::Index length) {
        Part w(values.data() + at, length), m(first + at, length), v(second + at, length);
        Eigen::Array<float, Eigen::Dynamic, 1, 0, partLength, 1> g =
            ConstPart(gradient.data() + at, length) + weightDecay * w;
        m = beta1 * m + rest1 * g;
        v = beta2 * v + rest2 * g.square();
        w -= rate * m / (v.sqrt() + floor);
    });
}

} // namespace endospike
