// The hot loops of linear layers: products with a panel of 16 columns that lie side by side. Every sum runs over its
// terms in order with fused multiply-adds, so neither vector width nor where memory lies changes a bit.
#pragma once

#include <cstddef>
#include <span>

namespace endospike::input_layer {

inline constexpr int panelWidth = 16;

struct alignas(64) PanelRow {
    float value[panelWidth];
};

/// out[r * outStride + c] = sum over all k in `used` of a[r * aStride + k] panel[k][c], for r < rows and all 16
/// columns.
void multiplyPanel(const float* a, std::ptrdiff_t aStride, int rows, const PanelRow* panel, std::span<const int> used,
    float* out, std::ptrdiff_t outStride);

struct Term {
    float factor;
    int row; ///< of the panel
};

/// out[c] = sum of factor * panel[row][c], for all 16 columns, and the same for another panel. Four sums take turns and
/// are added at the end.
void addTerms(std::span<const Term> terms, const PanelRow* panel, const PanelRow* other, float* out, float* otherOut);

} // namespace endospike::input_layer
