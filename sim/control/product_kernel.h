// Products of small matrices whose second factor and result have columns that come in whole units of 16, in single and
// double precision. Every sum runs over its terms in order with fused multiply-adds, so neither vector width nor where
// memory lies changes a bit.
#pragma once

#include <cstddef>

namespace endospike::product {

inline constexpr int columnUnit = 16;

constexpr int padded(int columns) { return (columns + columnUnit - 1) / columnUnit * columnUnit; }

template <class T>
struct Product {
    int rows = 0;
    int columns = 0; ///< a multiple of columnUnit
    int depth = 0;
    const T* a = nullptr; ///< a(r, k) = a[r * aRow + k * aDepth]: both strides free, so that a may be a transpose
    std::ptrdiff_t aRow = 0;
    std::ptrdiff_t aDepth = 1;
    const T* b = nullptr; ///< [depth][bStride]
    std::ptrdiff_t bStride = 0;
    T* out = nullptr; ///< [rows][outStride]
    std::ptrdiff_t outStride = 0;

    const T* bias = nullptr; ///< [columns], added to every row
    bool relu = false; ///< negative results become 0
    const T* mask = nullptr; ///< [rows][outStride]: where it is not above 0, the result becomes 0
    bool add = false; ///< to what stands in out
};

/// out [columns][padded(rows)] from in [rows][stride]; the padding becomes 0.
void transpose(const float* in, int rows, int columns, std::ptrdiff_t stride, float* out);
void transpose(const double* in, int rows, int columns, std::ptrdiff_t stride, double* out);

/// out = a b, then bias, relu, mask or sum as asked.
void multiply(const Product<float>& product);
void multiply(const Product<double>& product);

} // namespace endospike::product
