#include "sim/network/input_layer.h"

#include "sim/network/matrix.h"
#include "sim/network/transpose_kernel.h"

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
constexpr double sparseShare = 0.4;

/// The deltas of each output that are not zero, with their canvases.
class Deltas {
public:
    Deltas(const LayerPart<const float>& delta, int batch)
        : m_batch(batch)
        , m_terms(static_cast<std::size_t>(batch) * delta.outputs)
        , m_counts(static_cast<std::size_t>(delta.outputs))
    {
        for (int i = 0; i < batch; ++i)
            for (int j = 0; j < delta.outputs; ++j) {
                const float value = delta.first[i * delta.stride + j];
                m_terms[static_cast<std::size_t>(j) * batch + m_counts[j]] = {i, {value}};
                m_counts[j] += value != 0; // written first, counted then: no branch to mispredict
            }
    }

    std::span<const Term<1>> of(int output) const
    {
        return {&m_terms[static_cast<std::size_t>(output) * m_batch], static_cast<std::size_t>(m_counts[output])};
    }

private:
    int m_batch;
    std::vector<Term<1>> m_terms; ///< [output][canvas]
    std::vector<int> m_counts;
};

bool sparse(const LayerPart<const float>& delta, int batch)
{
    int filled = 0;
    for (int i = 0; i < batch; ++i)
        for (int j = 0; j < delta.outputs; ++j)
            filled += delta.first[i * delta.stride + j] != 0;
    return filled < sparseShare * batch * delta.outputs;
}

/// Has a line of the cache brought from memory while something else is worked on.
void prefetchToRead(const float* line) { __builtin_prefetch(line); }
void prefetchToWrite(const float* line) { __builtin_prefetch(line, 1); }
constexpr int lineLength = 16;

void sparseGradient(const PackedInput& x, const LayerPart<const float>& delta, float* gradient)
{
    constexpr int width = PackedInput::columns;
    const Deltas deltas(delta, x.batch());
    const Pieces panels{x.inputs(), width};
    for (int panel = 0; panel < panels.count(); ++panel)
        for (int j = 0; j < delta.outputs; ++j) {
            float* const to = gradient + static_cast<std::ptrdiff_t>(j) * x.inputs() + panels.begin(panel);
            for (int k = width; k < width + panels.size(panel + 1); k += lineLength)
                prefetchToWrite(to + k);
            PanelRow<1> sums;
            input_layer::addTerms(deltas.of(j), x.panel(panel), &sums);
            if (panels.size(panel) == width) // a length that the compiler knows
                std::copy_n(sums.value, width, to);
            else
                std::copy_n(sums.value, panels.size(panel), to);
        }
}

void denseGradient(const PackedInput& x, const LayerPart<const float>& delta, float* gradient)
{
    constexpr int run = PackedInput::run, width = panelWidth<run>;
    std::vector<PanelRow<run>> panel(static_cast<std::size_t>(x.batch()));
    const Pieces parts{delta.outputs, width}, lines{x.inputs(), lineLength};
    for (int part = 0; part < parts.count(); ++part) {
        const int first = parts.begin(part), count = parts.size(part);
        for (int i = 0; i < x.batch(); ++i)
            std::copy_n(delta.first + i * delta.stride + first, count, panel[i].value);
        for (int line = 0; line < lines.count(); ++line) {
            float* const to = gradient + static_cast<std::ptrdiff_t>(first) * x.inputs() + lines.begin(line);
            if (line + 1 < lines.count())
                for (int j = 0; j < count; ++j)
                    prefetchToWrite(to + static_cast<std::ptrdiff_t>(j) * x.inputs() + lineLength);
            PanelRow<run> sums[lineLength];
            for (int k = 0; k < lines.size(line); k += run)
                input_layer::addTerms(x.runTerms((lines.begin(line) + k) / run), panel.data(), &sums[k]);
            transpose(sums[0].value, width, lines.size(line), count, to, x.inputs());
        }
    }
}

/// Some of the outputs, at most the width of a panel.
void forwardPart(const PackedInput& x, const float* weight, const float* bias, const LayerPart<float>& y)
{
    std::vector<PanelRow<2>> sums(2 * x.pairs().size()), byInput(PackedInput::block);
    const Pieces blocks{x.inputs(), PackedInput::block};
    for (int block = 0; block < blocks.count(); ++block) {
        const float* const from = weight + blocks.begin(block);
        transpose(from, x.inputs(), y.outputs, blocks.size(block), byInput.front().value, panelWidth<2>);
        for (int pair = 0; pair < static_cast<int>(x.pairs().size()); ++pair) {
            if (pair < y.outputs) // a row of the next block
                for (int k = blocks.length; k < blocks.length + blocks.size(block + 1); k += lineLength)
                    prefetchToRead(from + static_cast<std::ptrdiff_t>(pair) * x.inputs() + k);
            input_layer::addTerms(x.pairTerms(block, pair), byInput.data(), &sums[2 * pair]);
        }
    }
    const PanelRow<2>* sum = sums.data();
    for (const auto& [first, second] : x.pairs())
        for (const int canvas : {first, second}) {
            for (int j = 0; j < y.outputs; ++j)
                y.first[canvas * y.stride + j] = sum->value[j] + bias[j];
            ++sum;
        }
}

} // namespace

void PackedInput::take(const float* x, int batch, int inputs, float scale, Workers& workers)
{
    const Pieces panels{inputs, columns}, blocks{inputs, block}, runs{inputs, run};
    m_batch = batch;
    m_inputs = inputs;
    m_panelCount = panels.count();
    m_panels.resize(static_cast<std::size_t>(panels.count()) * batch);
    m_lit.resize(m_panels.size());
    m_runTermCount.resize(static_cast<std::size_t>(runs.count()));
    m_runTerms.resize(m_runTermCount.size() * batch);
    workers.forEach(batch, [&](int canvas) { packCanvas(x, scale, canvas); });
    workers.forEach(panels.count(), [&](int panel) {
        for (int at = panels.begin(panel); at < panels.begin(panel) + panels.size(panel); at += run)
            packRun(at / run);
    });
    pairCanvases();
    m_pairTermCount.resize(m_pairs.size() * blocks.count());
    m_pairTerms.resize(m_pairTermCount.size() * block);
    workers.forEach(static_cast<int>(m_pairs.size()), [&](int pair) { packPair(pair); });
}

void PackedInput::packCanvas(const float* x, float scale, int canvas)
{
    const Pieces panels{m_inputs, columns};
    for (int panel = 0; panel < panels.count(); ++panel) {
        PanelRow<1> row;
        const float* const from = x + static_cast<std::ptrdiff_t>(canvas) * m_inputs + panels.begin(panel);
        for (int k = 0; k < panels.size(panel); ++k)
            row.value[k] = scale * from[k];
        std::uint64_t lit = 0;
        for (int k = 0; k < columns; k += 16) {
            std::uint32_t bits = 0;
            for (int bit = 0; bit < 16; ++bit)
                bits |= std::uint32_t{row.value[k + bit] != 0} << bit;
            lit |= std::uint64_t{bits} << k;
        }
        litOf(canvas, panel) = lit;
        m_panels[static_cast<std::size_t>(panel) * m_batch + canvas] = row;
    }
}

void PackedInput::packRun(int which)
{
    const int panel = which * run / columns, column = which * run % columns;
    Term<run>* const to = &m_runTerms[static_cast<std::size_t>(which) * m_batch];
    int count = 0;
    for (int i = 0; i < m_batch; ++i) {
        to[count].row = i; // written first, counted then: no branch to mispredict
        std::copy_n(this->panel(panel)[i].value + column, run, to[count].factor);
        count += (litOf(i, panel) >> column & 15) != 0;
    }
    m_runTermCount[static_cast<std::size_t>(which)] = count;
}

/// Each canvas in turn with that of the next canvases left that lights up the fewest further inputs.
void PackedInput::pairCanvases()
{
    constexpr std::ptrdiff_t lookedAt = 127; // so that the time grows with the batch, not with its square
    std::vector<int> left(static_cast<std::size_t>(m_batch));
    std::iota(left.rbegin(), left.rend(), 0);
    m_pairs.clear();
    while (!left.empty()) {
        const int first = left.back();
        left.pop_back();
        auto best = left.end();
        int least = std::numeric_limits<int>::max();
        for (auto each = left.end() - std::min(std::ssize(left), lookedAt); each != left.end(); ++each) {
            int together = 0;
            for (int panel = 0; panel < m_panelCount; ++panel)
                together += std::popcount(litOf(first, panel) | litOf(*each, panel));
            if (together < least) {
                least = together;
                best = each;
            }
        }
        m_pairs.emplace_back(first, best == left.end() ? first : *best);
        if (best != left.end())
            left.erase(best);
    }
}

void PackedInput::packPair(int pair)
{
    const auto [first, second] = m_pairs[static_cast<std::size_t>(pair)];
    const Pieces blocks{m_inputs, block};
    for (int piece = 0; piece < blocks.count(); ++piece) {
        const std::size_t place = static_cast<std::size_t>(piece) * m_pairs.size() + pair;
        Term<2>* const begin = &m_pairTerms[place * block];
        Term<2>* to = begin;
        for (int panel = blocks.begin(piece) / columns, row = 0; row < blocks.size(piece); ++panel, row += columns)
            for (std::uint64_t lit = litOf(first, panel) | litOf(second, panel); lit != 0; lit &= lit - 1) {
                const int k = std::countr_zero(lit);
                *to++ = {row + k, {this->panel(panel)[first].value[k], this->panel(panel)[second].value[k]}};
            }
        m_pairTermCount[place] = static_cast<int>(to - begin);
    }
}

std::span<const Term<2>> PackedInput::pairTerms(int ofBlock, int pair) const
{
    const std::size_t place = static_cast<std::size_t>(ofBlock) * m_pairs.size() + pair;
    return {&m_pairTerms[place * block], static_cast<std::size_t>(m_pairTermCount[place])};
}

std::span<const Term<4>> PackedInput::runTerms(int which) const
{
    return {&m_runTerms[static_cast<std::size_t>(which) * m_batch],
        static_cast<std::size_t>(m_runTermCount[static_cast<std::size_t>(which)])};
}

void inputLayerForward(const PackedInput& x, const float* weight, const float* bias, const LayerPart<float>& y)
{
    const Pieces parts{y.outputs, panelWidth<2>};
    for (int part = 0; part < parts.count(); ++part) {
        const int first = parts.begin(part);
        forwardPart(x, weight + static_cast<std::ptrdiff_t>(first) * x.inputs(), bias + first,
            {y.first + first, y.stride, parts.size(part)});
    }
}

void inputLayerGradient(
    const PackedInput& x, const LayerPart<const float>& delta, float* weightGradient, float* biasGradient)
{
    std::fill_n(biasGradient, delta.outputs, 0.0f);
    for (int i = 0; i < x.batch(); ++i)
        for (int j = 0; j < delta.outputs; ++j)
            biasGradient[j] += delta.first[i * delta.stride + j];
    if (sparse(delta, x.batch()))
        sparseGradient(x, delta, weightGradient);
    else
        denseGradient(x, delta, weightGradient);
}

} // namespace endospike
