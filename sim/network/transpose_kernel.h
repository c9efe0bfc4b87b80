// Matrices turned over: numbers are only moved, so every instruction set gives the same bits.
#pragma once

#include <cstddef>

namespace endospike {

/// to[c * toStride + r] = from[r * fromStride + c], for r < rows and c < columns.
void transpose(const float* from, std::ptrdiff_t fromStride, int rows, int columns, float* to, std::ptrdiff_t toStride);

} // namespace endospike
