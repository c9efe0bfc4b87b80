#include "sim/network/input_layer.h"

#include "sim/network/matrix.h"

#include <algorithm>

namespace endospike {
namespace {

using input_layer::PanelRow;
using input_layer::panelWidth;
using input_layer::Term;

/// Below this share of non-zero deltas it is faster to pass over the others.
constexpr double sparseShare = 0.5;

/// Rows of the gradient that are worked on together: they stay in the first-level cache until they are whole.
constexpr int rowsTogether = 8;

/// The deltas of a part by output, and those of each output that are not zero if they are few.
struct Deltas {
    Deltas(const LayerPart<const float>& delta, int batch)
        : m_batch(batch)
        , m_stride(batch + 16) // not a power of two: rows that are one apart would push each other out of the cache
        , m_byOutput(static_cast<std::size_t>(delta.outputs) * m_stride)
    {
        std::ptrdiff_t filled = 0;
        for (int i = 0; i < batch; ++i)
            for (int j = 0; j < delta.outputs; ++j) {
                const float value = delta.first[i * delta.stride + j];
                m_byOutput[j * m_stride + i] = value;
                filled += value != 0;
            }
        m_sparse = static_cast<double>(filled) < sparseShare * batch * delta.outputs;
        if (m_sparse)
            listTerms(delta.outputs);
    }

    bool sparse() const { return m_sparse; }
    const float* of(int output) const { return &m_byOutput[output * m_stride]; }
    std::ptrdiff_t stride() const { return m_stride; }
    std::span<const Term> termsOf(int output) const
    {
        return std::span(m_terms).subspan(m_firstTerm[output], m_firstTerm[output + 1] - m_firstTerm[output]);
    }

private:
    void listTerms(int outputs)
    {
        m_firstTerm = {0};
        for (int j = 0; j < outputs; ++j) {
            for (int i = 0; i < m_batch; ++i)
                if (of(j)[i] != 0)
                    m_terms.push_back({of(j)[i], i});
            m_firstTerm.push_back(m_terms.size());
        }
    }

    int m_batch;
    std::ptrdiff_t m_stride;
    std::vector<float> m_byOutput;
    bool m_sparse;
    std::vector<Term> m_terms;
    std::vector<std::size_t> m_firstTerm;
};

} // namespace

void PackedInput::take(const float* x, int batch, int inputs, float scale, Workers& workers)
{
    m_batch = batch;
    m_inputs = inputs;
    const Pieces canvases{batch, panelWidth}, columns{inputs, panelWidth};
    m_canvases.resize(static_cast<std::size_t>(canvases.count()) * inputs);
    m_inputRows.resize(static_cast<std::size_t>(columns.count()) * batch);
    workers.forEach(canvases.count() + columns.count(), [&](int piece) {
        if (piece < canvases.count()) {
            const int first = canvases.begin(piece), size = canvases.size(piece);
            PanelRow* const to = &m_canvases[static_cast<std::size_t>(piece) * inputs];
            for (int k = 0; k < inputs; ++k) {
                for (int i = 0; i < size; ++i)
                    to[k].value[i] = scale * x[static_cast<std::ptrdiff_t>(first + i) * inputs + k];
                std::fill(to[k].value + size, to[k].value + panelWidth, 0.0f);
            }
        } else {
            const int panel = piece - canvases.count();
            const int first = columns.begin(panel), size = columns.size(panel);
            PanelRow* const to = &m_inputRows[static_cast<std::size_t>(panel) * batch];
            for (int i = 0; i < batch; ++i) {
                for (int k = 0; k < size; ++k)
                    to[i].value[k] = scale * x[static_cast<std::ptrdiff_t>(i) * inputs + first + k];
                std::fill(to[i].value + size, to[i].value + panelWidth, 0.0f);
            }
        }
    });
}

void inputLayerForward(const PackedInput& x, const float* weight, const float* bias, const LayerPart<float>& y)
{
    std::vector<PanelRow> product(static_cast<std::size_t>(y.outputs));
    const Pieces canvases{x.batch(), panelWidth};
    for (int panel = 0; panel < canvases.count(); ++panel) {
        input_layer::multiplyPanel(
            weight, x.inputs(), y.outputs, x.ofCanvases(panel), x.inputs(), product.front().value, panelWidth);
        for (int i = 0; i < canvases.size(panel); ++i) {
            float* const row = y.first + (canvases.begin(panel) + i) * y.stride;
            for (int j = 0; j < y.outputs; ++j)
                row[j] = product[j].value[i] + bias[j];
        }
    }
}

void inputLayerGradient(
    const PackedInput& x, const LayerPart<const float>& delta, float* weightGradient, float* biasGradient)
{
    std::fill_n(biasGradient, delta.outputs, 0.0f);
    for (int i = 0; i < x.batch(); ++i)
        for (int j = 0; j < delta.outputs; ++j)
            biasGradient[j] += delta.first[i * delta.stride + j];
    const Deltas deltas(delta, x.batch());
    const Pieces rows{delta.outputs, rowsTogether}, columns{x.inputs(), panelWidth};
    for (int block = 0; block < rows.count(); ++block)
        for (int panel = 0; panel < columns.count(); ++panel) {
            PanelRow product[rowsTogether];
            const int first = rows.begin(block), count = rows.size(block);
            if (deltas.sparse())
                for (int j = 0; j < count; ++j)
                    input_layer::addTerms(deltas.termsOf(first + j), x.ofInputs(panel), product[j].value);
            else
                input_layer::multiplyPanel(deltas.of(first), deltas.stride(), count, x.ofInputs(panel), x.batch(),
                    product[0].value, panelWidth);
            for (int j = 0; j < count; ++j)
                std::copy_n(product[j].value, columns.size(panel),
                    weightGradient + static_cast<std::ptrdiff_t>(first + j) * x.inputs() + columns.begin(panel));
        }
}

} // namespace endospike
