#include "sim/network/input_layer.h"

#include "sim/network/matrix.h"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <limits>
#include <numeric>

namespace endospike {
namespace {

using input_layer::PanelRow;
using input_layer::panelWidth;
using input_layer::Term;

/// Below this share of non-zero deltas it is faster to pass over the others.
constexpr double sparseShare = 0.5;

/// Rows of the gradient that are worked on together: they stay in the first-level cache until they are whole.
constexpr int rowsTogether = 16;

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

void PackedInput::take(const float* x, int batch, int inputs, int rowLength, float scale, Workers& workers)
{
    m_batch = batch;
    m_inputs = inputs;
    orderRuns(rowLength);
    const Pieces canvases{batch, panelWidth}, columns{static_cast<int>(m_runs.size()) * run, panelWidth};
    m_canvases.resize(static_cast<std::size_t>(canvases.count()) * inputs);
    m_inputRows.resize(static_cast<std::size_t>(columns.count()) * batch);
    m_usedInputs.resize(static_cast<std::size_t>(canvases.count()));
    m_usedCanvases.resize(static_cast<std::size_t>(columns.count()));
    workers.forEach(columns.count(), [&](int panel) { packInputs(x, scale, panel); });
    orderCanvases();
    workers.forEach(canvases.count(), [&](int panel) { packCanvases(x, scale, panel); });
}

/// Patch by patch if the image can be cut into patches of run x run, else as they stand.
void PackedInput::orderRuns(int rowLength)
{
    m_runs.clear();
    const int together = m_inputs % (run * rowLength) == 0 && rowLength % run == 0 ? run : 1; // rows of a patch
    const int length = together == 1 ? m_inputs : rowLength;
    for (int first = 0; first < m_inputs; first += together * length)
        for (int column = 0; column < length; column += run)
            for (int row = 0; row < together; ++row)
                m_runs.push_back(first + row * length + column);
}

/// Each panel begins with the darkest canvas left and takes what lights up the fewest further patches.
void PackedInput::orderCanvases()
{
    const std::size_t words = m_usedCanvases.size() / 64 + 1;
    std::vector<std::uint64_t> lit(static_cast<std::size_t>(m_batch) * words);
    for (std::size_t panel = 0; panel < m_usedCanvases.size(); ++panel)
        for (const int canvas : m_usedCanvases[panel])
            lit[static_cast<std::size_t>(canvas) * words + panel / 64] |= std::uint64_t{1} << panel % 64;
    m_canvasOrder.resize(static_cast<std::size_t>(m_batch));
    std::iota(m_canvasOrder.begin(), m_canvasOrder.end(), 0);
    std::vector<std::uint64_t> sum(words);
    for (std::size_t i = 0; i < m_canvasOrder.size(); ++i) {
        if (i % panelWidth == 0)
            std::ranges::fill(sum, 0);
        std::size_t best = i;
        int least = std::numeric_limits<int>::max();
        for (std::size_t j = i; j < m_canvasOrder.size(); ++j) {
            int cost = 0;
            for (std::size_t k = 0; k < words; ++k)
                cost += std::popcount(sum[k] | lit[static_cast<std::size_t>(m_canvasOrder[j]) * words + k]);
            if (cost < least) {
                least = cost;
                best = j;
            }
        }
        std::swap(m_canvasOrder[i], m_canvasOrder[best]);
        for (std::size_t k = 0; k < words; ++k)
            sum[k] |= lit[static_cast<std::size_t>(m_canvasOrder[i]) * words + k];
    }
}

void PackedInput::packInputs(const float* x, float scale, int panel)
{
    const std::span<const int> runs = runsOf(panel);
    int starts[panelWidth / run]; // a run that is not there is taken for the first: no column of it is ever read
    std::fill(std::copy(runs.begin(), runs.end(), starts), std::end(starts), runs[0]);
    const int rest = m_inputs % run;
    PanelRow* to = &m_inputRows[static_cast<std::size_t>(panel) * m_batch];
    std::vector<int>& used = m_usedCanvases[static_cast<std::size_t>(panel)];
    used.resize(static_cast<std::size_t>(m_batch));
    std::size_t count = 0;
    for (int i = 0; i < m_batch; ++i, ++to, x += m_inputs) {
        for (int k = 0; k < panelWidth / run; ++k)
            if (starts[k] + run <= m_inputs)
                std::copy_n(x + starts[k], run, to->value + k * run);
            else
                std::fill(std::copy_n(x + starts[k], rest, to->value + k * run), to->value + (k + 1) * run, 0.0f);
        std::uint32_t any = 0;
        for (float& each : to->value) {
            any |= std::bit_cast<std::uint32_t>(each);
            each *= scale;
        }
        used[count] = i; // written first, counted then: no branch to mispredict
        count += any != 0;
    }
    used.resize(count);
}

void PackedInput::packCanvases(const float* x, float scale, int panel)
{
    const Pieces canvases{m_batch, panelWidth};
    PanelRow* const to = &m_canvases[static_cast<std::size_t>(panel) * m_inputs];
    std::vector<int>& used = m_usedInputs[static_cast<std::size_t>(panel)];
    used.clear();
    constexpr int together = 128; // inputs whose rows stay in the first-level cache until they are whole
    for (int begin = 0; begin < m_inputs; begin += together) {
        const int count = std::min(together, m_inputs - begin);
        std::uint32_t lit[together] = {};
        for (int i = 0; i < panelWidth; ++i) {
            const bool there = i < canvases.size(panel);
            const int canvas = m_canvasOrder[canvases.begin(panel) + (there ? i : 0)];
            const float* const row = x + static_cast<std::ptrdiff_t>(canvas) * m_inputs + begin;
            const float factor = there ? scale : 0;
            for (int k = 0; k < count; ++k)
                lit[k] |= std::bit_cast<std::uint32_t>(row[k]);
            for (int k = 0; k < count; ++k)
                to[begin + k].value[i] = factor * row[k];
        }
        for (int k = 0; k < count; ++k)
            if (lit[k])
                used.push_back(begin + k);
    }
}

void inputLayerForward(const PackedInput& x, const float* weight, const float* bias, const LayerPart<float>& y)
{
    std::vector<PanelRow> product(static_cast<std::size_t>(y.outputs));
    const Pieces canvases{x.batch(), panelWidth};
    for (int panel = 0; panel < canvases.count(); ++panel) {
        input_layer::multiplyPanel(
            weight, x.inputs(), y.outputs, x.ofCanvases(panel), x.usedInputs(panel), product.front().value, panelWidth);
        for (int i = 0; i < canvases.size(panel); ++i) {
            float* const row = y.first + x.canvasOrder()[canvases.begin(panel) + i] * y.stride;
            for (int j = 0; j < y.outputs; ++j)
                row[j] = product[j].value[i] + bias[j];
        }
    }
}

/// From the products of one panel to where its inputs stand in `count` rows of the gradient.
void storeRuns(const PackedInput& x, int panel, const PanelRow* product, int count, float* rows)
{
    int at = 0;
    for (const int first : x.runsOf(panel)) {
        const bool whole = first + PackedInput::run <= x.inputs();
        for (int j = 0; j < count; ++j) {
            float* const to = rows + static_cast<std::ptrdiff_t>(j) * x.inputs() + first;
            if (whole)
                std::copy_n(product[j].value + at, PackedInput::run, to);
            else
                std::copy_n(product[j].value + at, x.inputs() - first, to);
        }
        at += PackedInput::run;
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
    const Pieces rows{delta.outputs, rowsTogether};
    for (int block = 0; block < rows.count(); ++block)
        for (int panel = 0; panel < x.inputPanels(); panel += 2) {
            PanelRow product[2][rowsTogether];
            const int first = rows.begin(block), count = rows.size(block);
            const int last = std::min(panel + 1, x.inputPanels() - 1); // the same again, if there is no more
            if (deltas.sparse())
                for (int j = 0; j < count; ++j)
                    input_layer::addTerms(deltas.termsOf(first + j), x.ofInputs(panel), x.ofInputs(last),
                        product[0][j].value, product[last - panel][j].value);
            for (int each = panel; each <= last; ++each) {
                if (!deltas.sparse())
                    input_layer::multiplyPanel(deltas.of(first), deltas.stride(), count, x.ofInputs(each),
                        x.usedCanvases(each), product[each - panel][0].value, panelWidth);
                storeRuns(x, each, product[each - panel], count,
                    weightGradient + static_cast<std::ptrdiff_t>(first) * x.inputs());
            }
        }
}

} // namespace endospike
