// The linear layer that sees the canvases, y[B][outputs] = x[B][inputs] W^T + b: nearly all arithmetic of a fully
// connected network. It is worked off one part of its outputs at a time; callers cut it into parts that do not depend
// on the number of threads. W is [outputs][inputs]. For smaller layers see dense.h.
#pragma once

#include "sim/network/input_layer_kernel.h"
#include "sim/network/workers.h"

#include <cstddef>
#include <vector>

namespace endospike {

/// The inputs of a batch, laid out twice: as the product of the way forward reads them and as that of the way back
/// does. The memory is reused from batch to batch.
class PackedInput {
public:
    /// Takes `scale` times x [batch][inputs].
    void take(const float* x, int batch, int inputs, float scale, Workers& workers);

    int batch() const { return m_batch; }
    int inputs() const { return m_inputs; }
    /// Row k: input k of 32 neighbouring canvases, zeros beyond the batch.
    const input_layer::PanelRow* ofCanvases(int panel) const
    {
        return &m_canvases[static_cast<std::size_t>(panel) * m_inputs];
    }
    /// Row i: 32 neighbouring inputs of canvas i, zeros beyond the last.
    const input_layer::PanelRow* ofInputs(int panel) const
    {
        return &m_inputRows[static_cast<std::size_t>(panel) * m_batch];
    }

private:
    int m_batch = 0, m_inputs = 0;
    std::vector<input_layer::PanelRow> m_canvases, m_inputRows;
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
