// The hot loops of linear layers. Every sum runs over its terms in order with fused multiply-adds, so neither vector
// width nor where memory lies changes a bit.
#pragma once

#include <cstddef>
#include <span>

namespace endospike::input_layer {

/// A row of a panel, and what `count` sums take of it.
template <int count>
struct Term {
    int row;
    float factor[count];
};

/// Columns of a panel for `count` sums at once: as many as keep the registers of AVX-512 busy.
template <int count>
inline constexpr int panelWidth = 16 * (count == 4 ? 2 : 4);

template <int count>
struct alignas(64) PanelRow {
    float value[panelWidth<count>] = {};
};

/// sums[r][c] += sum over the terms of factor[r] * panel[row][c], for r < count and c < panelWidth<count>.
void addTerms(std::span<const Term<1>> terms, const PanelRow<1>* panel, PanelRow<1>* sums);
void addTerms(std::span<const Term<2>> terms, const PanelRow<2>* panel, PanelRow<2>* sums);
void addTerms(std::span<const Term<4>> terms, const PanelRow<4>* panel, PanelRow<4>* sums);

} // namespace endospike::input_layer
