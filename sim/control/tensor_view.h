// Where the tensors of a net stand among its padded numbers, and how they are shown in files: linear layers as
// [outputs][inputs] without gaps.
#pragma once

#include "sim/control/perceptron.h"
#include "sim/control/policy.h"

#include <span>
#include <string>
#include <vector>

namespace endospike {

struct TensorView {
    std::string name;
    int outputs = 1;
    int inputs = 0; ///< 0: a bias or another row of numbers, shown as [outputs]
    std::size_t offset = 0; ///< of output 0, input 0
    std::size_t inputStride = 0;
    int group = 0; ///< so many inputs lie together, then there is a gap; 0: no gaps
    std::size_t groupStride = 0;

    std::vector<int> shape() const;
    std::size_t size() const { return static_cast<std::size_t>(outputs) * (inputs > 0 ? inputs : 1); }
    std::size_t placeOf(int output, int input) const
    {
        const int first = group > 0 ? input / group : 0;
        const std::size_t row = first * groupStride + static_cast<std::size_t>(input - first * group);
        return offset + static_cast<std::size_t>(output) + row * inputStride;
    }
};

/// "PREFIX.0.weight" to "PREFIX.2.bias". The inputs come in `groups` of `used` numbers, each padded to whole units.
std::vector<TensorView> perceptronTensors(
    const std::string& prefix, const PerceptronShape& shape, int groups, int used, std::size_t offset);

template <class T>
ControlTensor tensorOf(const TensorView& view, std::span<const T> values);
/// Throws std::invalid_argument unless name and shape fit.
template <class T>
void takeTensor(const TensorView& view, const ControlTensor& tensor, std::span<T> values);
/// Uniform within +-sqrt(6 / (inputs + outputs)) for weights, from the seed and the tensor's name alone.
template <class T>
void fillXavier(const TensorView& view, std::uint64_t seed, std::span<T> values);

/// Uniform in 0..1, a function of seed, name and index.
double uniformNumber(std::uint64_t seed, const std::string& name, std::uint64_t index);

} // namespace endospike
