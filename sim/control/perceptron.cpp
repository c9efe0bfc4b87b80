#include "sim/control/perceptron.h"

#include <algorithm>

namespace endospike {
namespace {

using product::columnUnit;
using product::padded;

/// Sixteen sums take turns: the same order on every machine, and vector code.
template <class T>
T dot(const T* a, const T* b, int count)
{
    T sums[columnUnit] = {};
    for (int at = 0; at < count; at += columnUnit)
        for (int i = 0; i < columnUnit; ++i)
            sums[i] += a[at + i] * b[at + i];
    for (int half = columnUnit / 2; half > 0; half /= 2)
        for (int i = 0; i < half; ++i)
            sums[i] += sums[i + half];
    return sums[0];
}

/// That of a rectified unit's sum, from factor * weight at its output.
template <class T>
void fillGradient(const T* __restrict output, const T* __restrict weight, T factor, int count, T* __restrict to)
{
    for (int i = 0; i < count; ++i) {
        const T given = factor * weight[i];
        to[i] = output[i] > 0 ? given : T(0);
    }
}

template <class T>
void addScaled(const T* __restrict in, T factor, int count, T* __restrict to)
{
    for (int i = 0; i < count; ++i)
        to[i] += factor * in[i];
}

template <class T>
void columnSums(const T* __restrict in, int rows, int columns, T* __restrict out)
{
    std::fill_n(out, columns, T(0));
    for (int row = 0; row < rows; ++row)
        for (int c = 0; c < columns; ++c)
            out[c] += in[row * columns + c];
}

} // namespace

template <class T>
Perceptron<T>::Perceptron(const PerceptronShape& shape, int mostRows)
    : m_shape(shape)
{
    const auto size = static_cast<std::size_t>(mostRows) * shape.wide();
    for (auto* rows : {&m_first, &m_second, &m_toFirst, &m_toSecond})
        rows->resize(size);
    const auto wide = static_cast<std::size_t>(shape.wide());
    m_transposed.resize(wide * std::max<std::size_t>(wide, padded(shape.inputs)));
}

template <class T>
void Perceptron<T>::forward(const T* parameters, const T* x, std::ptrdiff_t stride, int rows, T* y)
{
    const int wide = m_shape.wide();
    product::Product<T> p{rows, wide, m_shape.inputs, x, stride, 1, parameters + m_shape.firstWeight(), wide,
        m_first.data(), wide, parameters + m_shape.firstBias(), true};
    product::multiply(p);
    p = {rows, wide, m_shape.width, m_first.data(), wide, 1, parameters + m_shape.secondWeight(), wide, m_second.data(),
        wide, parameters + m_shape.secondBias(), true};
    product::multiply(p);
    for (int row = 0; row < rows; ++row)
        y[row] = dot(m_second.data() + row * static_cast<std::ptrdiff_t>(wide), parameters + m_shape.lastWeight(), wide)
            + parameters[m_shape.lastBias()];
}

template <class T>
void Perceptron<T>::keepRows(std::span<const int> rows)
{
    const std::ptrdiff_t wide = m_shape.wide();
    std::ptrdiff_t to = 0;
    for (const int row : rows) {
        if (row != to)
            for (auto* values : {&m_first, &m_second})
                std::copy_n(values->data() + row * wide, wide, values->data() + to * wide);
        ++to;
    }
}

template <class T>
void Perceptron<T>::goBack(const T* parameters, const T* dy, int rows)
{
    const int wide = m_shape.wide();
    const T* const last = parameters + m_shape.lastWeight();
    for (int row = 0; row < rows; ++row)
        fillGradient(m_second.data() + row * static_cast<std::ptrdiff_t>(wide), last, dy[row], wide,
            m_toSecond.data() + row * static_cast<std::ptrdiff_t>(wide));
    product::transpose(parameters + m_shape.secondWeight(), m_shape.width, wide, wide, m_transposed.data());
    product::Product<T> p{rows, wide, m_shape.width, m_toSecond.data(), wide, 1, m_transposed.data(), wide,
        m_toFirst.data(), wide, nullptr, false, m_first.data()};
    product::multiply(p);
}

template <class T>
void Perceptron<T>::gradient(const T* x, std::ptrdiff_t stride, const T* dy, int rows, T* gradient) const
{
    const int wide = m_shape.wide();
    product::multiply(product::Product<T>{
        m_shape.inputs, wide, rows, x, 1, stride, m_toFirst.data(), wide, gradient + m_shape.firstWeight(), wide});
    columnSums(m_toFirst.data(), rows, wide, gradient + m_shape.firstBias());
    product::multiply(product::Product<T>{m_shape.width, wide, rows, m_first.data(), 1, wide, m_toSecond.data(), wide,
        gradient + m_shape.secondWeight(), wide});
    columnSums(m_toSecond.data(), rows, wide, gradient + m_shape.secondBias());
    T* const last = gradient + m_shape.lastWeight();
    std::fill_n(last, wide + columnUnit, T(0));
    for (int row = 0; row < rows; ++row) {
        addScaled(m_second.data() + row * static_cast<std::ptrdiff_t>(wide), dy[row], wide, last);
        gradient[m_shape.lastBias()] += dy[row];
    }
}

template <class T>
void Perceptron<T>::inputGradient(const T* parameters, int input, int rows, T* dx) const
{
    const int wide = m_shape.wide();
    for (int row = 0; row < rows; ++row)
        dx[row] = dot(m_toFirst.data() + row * static_cast<std::ptrdiff_t>(wide),
            parameters + m_shape.firstWeight() + input * static_cast<std::ptrdiff_t>(wide), wide);
}

template <class T>
void Perceptron<T>::inputGradients(const T* parameters, int rows, T* dx, std::ptrdiff_t stride, bool add)
{
    const int wide = m_shape.wide();
    product::transpose(parameters + m_shape.firstWeight(), m_shape.inputs, wide, wide, m_transposed.data());
    product::multiply(product::Product<T>{rows, m_shape.inputs, m_shape.width, m_toFirst.data(), wide, 1,
        m_transposed.data(), m_shape.inputs, dx, stride, nullptr, false, nullptr, add});
}

template class Perceptron<float>;
template class Perceptron<double>;

} // namespace endospike
