// The hot loops of linear layers: products with a panel of 32 columns that lie side by side. Every sum runs over its
// terms in order with fused multiply-adds, so neither vector width nor where memory lies changes a bit.
#pragma once

#include <cstddef>
#include <span>

namespace endospike::input_layer {

inline constexpr int panelWidth = 32;

struct alignas(64) PanelRow {
    float value[panelWidth];
};

/// out[r * outStride + c] = sum over k < depth of a[r * aStride + k] panel[k][c], for r < rows and all 32 columns.
void multiplyPanel(const float* a, std::ptrdiff_t aStride, int rows, const PanelRow* panel, int depth, float* out,
    std::ptrdiff_t outStride);

struct Term {
    float factor;
    int row; ///< of the panel
};

/// out[c] = sum of factor * panel[row][c], for all 32 columns. Four sums take turns and are added at the end.
void addTerms(std::span<const Term> terms, const PanelRow* panel, float* out);

} // namespace endospike::input_layer
