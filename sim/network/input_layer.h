// The linear layer that sees the canvases, y[B][outputs] = x[B][inputs] W^T + b: nearly all arithmetic of a fully
// connected network. It is worked off one part of its outputs at a time; callers cut it into parts that do not depend
// on the number of threads. W is [outputs][inputs]. For smaller layers see dense.h.
#pragma once

#include "sim/network/input_layer_kernel.h"
#include "sim/network/workers.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace endospike {

/// The inputs of a batch. About half of an image is black, and products with 0 are left out: on the way forward for
/// pairs of canvases, those that are dark in the same places together, and on the way back for runs of four
/// neighbouring inputs. The memory is reused from batch to batch.
class PackedInput {
public:
    static constexpr int run = 4; ///< neighbouring inputs that the way back takes at once
    static constexpr int block = 128; ///< inputs that the way forward takes at once: their weights stay in the cache
    static constexpr int columns = input_layer::panelWidth<1>; ///< of the panels that all inputs are cut into

    /// Takes `scale` times x [batch][inputs].
    void take(const float* x, int batch, int inputs, float scale, Workers& workers);

    int batch() const { return m_batch; }
    int inputs() const { return m_inputs; }

    /// The two canvases of each pair; the last may be a canvas and itself.
    std::span<const std::pair<int, int>> pairs() const { return m_pairs; }
    /// Of a block of inputs those that are not zero for a pair; rows count from the first input of the block.
    std::span<const input_layer::Term<2>> pairTerms(int ofBlock, int pair) const;
    /// Canvases that are not zero in a run, with its inputs; zeros where there are no more.
    std::span<const input_layer::Term<4>> runTerms(int run) const;
    /// A row for each canvas: `columns` inputs from `panel * columns` on, zeros where there are no more.
    const input_layer::PanelRow<1>* panel(int panel) const
    {
        return &m_panels[static_cast<std::size_t>(panel) * m_batch];
    }

private:
    void packCanvas(const float* x, float scale, int canvas);
    void packRun(int run);
    void pairCanvases();
    void packPair(int pair);
    static_assert(columns == 64 && block % columns == 0);
    /// A bit for each input of a panel that is not zero.
    std::uint64_t& litOf(int canvas, int panel)
    {
        return m_lit[static_cast<std::size_t>(canvas) * m_panelCount + panel];
    }

    int m_batch = 0, m_inputs = 0, m_panelCount = 0;
    std::vector<input_layer::PanelRow<1>> m_panels; ///< [panel][canvas]
    std::vector<std::uint64_t> m_lit; ///< [canvas][panel]
    std::vector<input_layer::Term<run>> m_runTerms; ///< [run][canvas]
    std::vector<int> m_runTermCount; ///< [run]
    std::vector<std::pair<int, int>> m_pairs;
    std::vector<input_layer::Term<2>> m_pairTerms; ///< [block][pair][input]
    std::vector<int> m_pairTermCount; ///< [block][pair]
};

/// Some neighbouring outputs of the layer on a batch: one row for each canvas.
template <class Float>
struct LayerPart {
    Float* first; ///< of the first canvas
    std::ptrdiff_t stride; ///< from canvas to canvas
    int outputs;
};

/// Writes y. `weight` [outputs][inputs] and `bias` [outputs] are those of the part.
void inputLayerForward(const PackedInput& x, const float* weight, const float* bias, const LayerPart<float>& y);

/// From delta = d loss / dy: writes weightGradient = delta^T x and biasGradient = column sums of delta. Where many of
/// the deltas are zero these are passed over; which way is taken depends on the deltas alone.
void inputLayerGradient(
    const PackedInput& x, const LayerPart<const float>& delta, float* weightGradient, float* biasGradient);

} // namespace endospike
