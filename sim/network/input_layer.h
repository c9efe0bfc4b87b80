// The linear layer that sees the canvases, y[B][outputs] = x[B][inputs] W^T + b: nearly all arithmetic of a fully
// connected network. It is worked off one part of its outputs at a time; callers cut it into parts that do not depend
// on the number of threads. W is [outputs][inputs]. For smaller layers see dense.h.
#pragma once

#include "sim/network/input_layer_kernel.h"
#include "sim/network/workers.h"

#include <algorithm>
#include <cstddef>
#include <span>
#include <vector>

namespace endospike {

/// The inputs of a batch, laid out twice: as the product of the way forward reads them and as that of the way back
/// does. About half of an image is black, and a product with 0 is left out where 16 of them stand side by side: so
/// canvases that are dark in the same places stand together on the way forward, and patches of 4 x 4 pixels on the way
/// back. The memory is reused from batch to batch.
class PackedInput {
public:
    static constexpr int run = 4; ///< neighbouring inputs that stay together

    /// Takes `scale` times x [batch][inputs], images with rows of `rowLength`.
    void take(const float* x, int batch, int inputs, int rowLength, float scale, Workers& workers);

    int batch() const { return m_batch; }
    int inputs() const { return m_inputs; }

    /// Row k: input k of 16 canvases, zeros where there are no more.
    const input_layer::PanelRow* ofCanvases(int panel) const
    {
        return &m_canvases[static_cast<std::size_t>(panel) * m_inputs];
    }
    std::span<const int> usedInputs(int panel) const { return m_usedInputs[static_cast<std::size_t>(panel)]; }
    /// The canvases of all panels in their order.
    std::span<const int> canvasOrder() const { return m_canvasOrder; }

    /// Row i: 16 inputs of canvas i, zeros where there are no more.
    const input_layer::PanelRow* ofInputs(int panel) const
    {
        return &m_inputRows[static_cast<std::size_t>(panel) * m_batch];
    }
    std::span<const int> usedCanvases(int panel) const { return m_usedCanvases[static_cast<std::size_t>(panel)]; }
    int inputPanels() const { return static_cast<int>(m_usedCanvases.size()); }
    /// Where the runs of a panel begin among the inputs.
    std::span<const int> runsOf(int panel) const
    {
        constexpr std::size_t each = input_layer::panelWidth / run;
        const std::size_t first = static_cast<std::size_t>(panel) * each;
        return std::span(m_runs).subspan(first, std::min(each, m_runs.size() - first));
    }

private:
    void orderRuns(int rowLength);
    void orderCanvases();
    void packInputs(const float* x, float scale, int panel);
    void packCanvases(const float* x, float scale, int panel);

    int m_batch = 0, m_inputs = 0;
    std::vector<input_layer::PanelRow> m_canvases, m_inputRows;
    std::vector<int> m_canvasOrder, m_runs;
    std::vector<std::vector<int>> m_usedInputs, m_usedCanvases; ///< of each panel: rows that are not all zeros
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
