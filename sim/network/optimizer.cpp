#include "sim/network/optimizer.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace endospike {
namespace {

constexpr double epsilon = 1e-8;
constexpr std::size_t pieceLength = 1 << 16;

template <class Update>
void forEachPiece(std::size_t count, Workers& workers, const Update& update)
{
    workers.forEach(static_cast<int>((count + pieceLength - 1) / pieceLength), [&](int piece) {
        const std::size_t begin = static_cast<std::size_t>(piece) * pieceLength;
        update(begin, std::min(pieceLength, count - begin));
    });
}

// The loops below use nothing but exactly rounded operations: the compiler may make vectors of them, and neither their
// width nor where the memory lies changes a bit.

struct AdamFactors {
    float beta1, rest1, beta2, rest2, weightDecay, rate, floor;
};

void adam(const AdamFactors& f, std::size_t count, const float* __restrict gradient, float* __restrict w,
    float* __restrict m, float* __restrict v)
{
    for (std::size_t i = 0; i < count; ++i) {
        const float g = gradient[i] + f.weightDecay * w[i];
        m[i] = f.beta1 * m[i] + f.rest1 * g;
        v[i] = f.beta2 * v[i] + f.rest2 * (g * g);
        w[i] -= f.rate * m[i] / (std::sqrt(v[i]) + f.floor);
    }
}

void momentum(float beta, float weightDecay, float rate, std::size_t count, const float* __restrict gradient,
    float* __restrict w, float* __restrict m)
{
    for (std::size_t i = 0; i < count; ++i) {
        m[i] = beta * m[i] + (gradient[i] + weightDecay * w[i]);
        w[i] -= rate * m[i];
    }
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
    const auto t = static_cast<double>(++m_state.steps);
    const auto weightDecay = static_cast<float>(m_weightDecay);
    float* const first = m_state.firstMoment.data();
    float* const second = m_state.secondMoment.data();
    if (m_kind == OptimizerKind::sgd) {
        forEachPiece(values.size(), workers, [&](std::size_t at, std::size_t count) {
            momentum(static_cast<float>(m_beta1), weightDecay, static_cast<float>(learningRate), count,
                gradient.data() + at, values.data() + at, first + at);
        });
        return;
    }
    // rate m / c1 / (sqrt(v / c2) + epsilon) with one division
    const double root2 = std::sqrt(1 - std::pow(m_beta2, t));
    const AdamFactors factors = {static_cast<float>(m_beta1), static_cast<float>(1 - m_beta1),
        static_cast<float>(m_beta2), static_cast<float>(1 - m_beta2), weightDecay,
        static_cast<float>(learningRate / (1 - std::pow(m_beta1, t)) * root2), static_cast<float>(epsilon * root2)};
    forEachPiece(values.size(), workers, [&](std::size_t at, std::size_t count) {
        adam(factors, count, gradient.data() + at, values.data() + at, first + at, second + at);
    });
}

} // namespace endospike
