// A net of two hidden layers of rectified units and one output: critics, and the towers of a policy.
//
//   h1 = relu(x W0 + b0),  h2 = relu(h1 W1 + b1),  y = h2 . w2 + b2
//
// Matrices lie [inputs][outputs] with columns padded to whole units (product_kernel.h); what is padded is and stays 0.
// For .cpp files of this folder and tests: T is float, or double for comparison with finite differences.
#pragma once

#include "sim/control/product_kernel.h"

#include <cstddef>
#include <span>
#include <vector>

namespace endospike {

/// Where everything stands in one row of parameters.
struct PerceptronShape {
    int inputs = 0;
    int width = 0;

    int wide() const { return product::padded(width); }
    std::size_t firstWeight() const { return 0; }
    std::size_t firstBias() const { return static_cast<std::size_t>(inputs) * wide(); }
    std::size_t secondWeight() const { return firstBias() + wide(); }
    std::size_t secondBias() const { return secondWeight() + static_cast<std::size_t>(width) * wide(); }
    std::size_t lastWeight() const { return secondBias() + wide(); }
    std::size_t lastBias() const { return lastWeight() + wide(); }
    std::size_t size() const { return lastBias() + product::columnUnit; }
};

template <class T>
class Perceptron {
public:
    Perceptron(const PerceptronShape& shape, int mostRows);

    const PerceptronShape& shape() const { return m_shape; }
    /// y [rows]; keeps what the way back needs. x [rows][stride].
    void forward(const T* parameters, const T* x, std::ptrdiff_t stride, int rows, T* y);
    /// After forward() on the same (or more) rows. From dy [rows]: the gradient at the hidden layers.
    void goBack(const T* parameters, const T* dy, int rows);
    /// After forward(): goes on as if it had seen these rows alone, which must rise.
    void keepRows(std::span<const int> rows);
    /// After goBack(): overwrites `gradient`, laid out as the parameters.
    void gradient(const T* x, std::ptrdiff_t stride, const T* dy, int rows, T* gradient) const;
    /// After goBack(): dx [rows] of one input.
    void inputGradient(const T* parameters, int input, int rows, T* dx) const;
    /// After goBack(): dx [rows][stride] of all inputs, whose number is a multiple of product::columnUnit. Added to
    /// what is there, if asked.
    void inputGradients(const T* parameters, int rows, T* dx, std::ptrdiff_t stride, bool add);

private:
    PerceptronShape m_shape;
    std::vector<T> m_first, m_second; ///< h1, h2 [rows][wide]
    std::vector<T> m_toFirst, m_toSecond; ///< gradient at them, before the rectification
    std::vector<T> m_transposed; ///< W1^T or W0^T
};

extern template class Perceptron<float>;
extern template class Perceptron<double>;

} // namespace endospike
