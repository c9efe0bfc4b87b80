#include "sim/control/tensor_view.h"

#include "sim/base/random.h"

#include <cmath>
#include <stdexcept>

namespace endospike {

std::vector<int> TensorView::shape() const
{
    return inputs > 0 ? std::vector<int>{outputs, inputs} : std::vector<int>{outputs};
}

std::vector<TensorView> perceptronTensors(
    const std::string& prefix, const PerceptronShape& shape, int groups, int used, std::size_t offset)
{
    const auto wide = static_cast<std::size_t>(shape.wide());
    const auto groupWide = static_cast<std::size_t>(shape.inputs / groups);
    return {
        {prefix + ".0.weight", shape.width, groups * used, offset + shape.firstWeight(), wide, used, groupWide},
        {prefix + ".0.bias", shape.width, 0, offset + shape.firstBias()},
        {prefix + ".1.weight", shape.width, shape.width, offset + shape.secondWeight(), wide},
        {prefix + ".1.bias", shape.width, 0, offset + shape.secondBias()},
        {prefix + ".2.weight", 1, shape.width, offset + shape.lastWeight(), 1},
        {prefix + ".2.bias", 1, 0, offset + shape.lastBias()},
    };
}

template <class T>
ControlTensor tensorOf(const TensorView& view, std::span<const T> values)
{
    ControlTensor tensor{view.name, view.shape(), {}};
    tensor.values.reserve(view.size());
    for (int output = 0; output < view.outputs; ++output)
        for (int input = 0; input < std::max(view.inputs, 1); ++input)
            tensor.values.push_back(static_cast<float>(values[view.placeOf(output, input)]));
    return tensor;
}

template <class T>
void takeTensor(const TensorView& view, const ControlTensor& tensor, std::span<T> values)
{
    if (tensor.name != view.name || tensor.shape != view.shape() || tensor.values.size() != view.size())
        throw std::invalid_argument("the tensor " + tensor.name + " does not fit " + view.name);
    std::size_t at = 0;
    for (int output = 0; output < view.outputs; ++output)
        for (int input = 0; input < std::max(view.inputs, 1); ++input)
            values[view.placeOf(output, input)] = static_cast<T>(tensor.values[at++]);
}

template <class T>
void fillXavier(const TensorView& view, std::uint64_t seed, std::span<T> values)
{
    const double bound = view.inputs > 0 ? std::sqrt(6.0 / (view.inputs + view.outputs)) : 0;
    for (int output = 0; output < view.outputs; ++output)
        for (int input = 0; input < std::max(view.inputs, 1); ++input) {
            const auto index = static_cast<std::uint64_t>(output) * std::max(view.inputs, 1) + input;
            values[view.placeOf(output, input)] =
                static_cast<T>(bound * (2 * uniformNumber(seed, view.name, index) - 1));
        }
}

double uniformNumber(std::uint64_t seed, const std::string& name, std::uint64_t index)
{
    std::uint64_t hash = 0xcbf29ce484222325u; // FNV-1a
    for (const char c : name)
        hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3u;
    return static_cast<double>(randomBits(seed ^ hash, RandomPurpose::weights, index) >> 11) * 0x1p-53;
}

template ControlTensor tensorOf(const TensorView&, std::span<const float>);
template ControlTensor tensorOf(const TensorView&, std::span<const double>);
template void takeTensor(const TensorView&, const ControlTensor&, std::span<float>);
template void takeTensor(const TensorView&, const ControlTensor&, std::span<double>);
template void fillXavier(const TensorView&, std::uint64_t, std::span<float>);
template void fillXavier(const TensorView&, std::uint64_t, std::span<double>);

} // namespace endospike
