// What the plots of a stack show of an experiment: which curves, names, colours, bounds.
#include "widgets/trace/plot_stack.h"
#include "widgets/trace/raster_plot.h"
#include "widgets/trace/trace_plot.h"

#include <algorithm>
#include <string>

namespace endospike {

namespace {

QString text(std::string_view view) { return QString::fromUtf8(view.data(), static_cast<qsizetype>(view.size())); }

bool hasGroup(const NeuronModel& model, ChannelGroup group)
{
    return std::any_of(
        model.channels.begin(), model.channels.end(), [&](const Channel& c) { return c.group == group; });
}

/// Reversal potentials as in textbooks, and short: the labels stand beside the plot.
QString lineLabel(std::string_view label)
{
    if (label.size() >= 2 && label.size() <= 4 && label[0] == 'E')
        return QStringLiteral("E<sub>%1</sub>").arg(text(label.substr(1)));
    return label == "spike threshold" ? QStringLiteral("spike thr.") : text(label);
}

int decimalsOf(ChannelGroup group)
{
    switch (group) {
    case ChannelGroup::gate:
        return 4;
    case ChannelGroup::conductance:
        return 3;
    default:
        return 2;
    }
}

/// The range that holds the normal traces of every visible cell.
VoltageRange voltageRange(const NeuronPlan& plan)
{
    VoltageRange range{-90, 50};
    bool first = true;
    for (const Cell& cell : plan.cells) {
        if (!cell.visible)
            continue;
        const VoltageRange own = cell.model->voltageRange;
        range = first
            ? own
            : VoltageRange{std::min(range.minimum_mv, own.minimum_mv), std::max(range.maximum_mv, own.maximum_mv)};
        first = false;
    }
    return range;
}

} // namespace

void PlotStack::setPlan(const NeuronPlan& plan)
{
    if (plan == m_plan)
        return;
    m_plan = plan;
    updateCurves();
}

void PlotStack::setSelectedCell(int cellId)
{
    if (cellId == m_selectedCell)
        return;
    m_selectedCell = cellId;
    updateCurves();
}

const Cell* PlotStack::detailCell(ChannelGroup group) const
{
    // A cell without such channels leaves the plot to the one that was shown before, or else the first that has them.
    const Cell* found = nullptr;
    for (const Cell& cell : m_plan.cells) {
        if (!hasGroup(*cell.model, group))
            continue;
        if (cell.id == m_selectedCell)
            return &cell;
        if (!found || cell.id == m_detailCell)
            found = &cell;
    }
    return found;
}

void PlotStack::updateCurves()
{
    for (const Cell& cell : m_plan.cells)
        if (cell.id == m_selectedCell && hasGroup(*cell.model, ChannelGroup::gate))
            m_detailCell = cell.id;
    updateVoltagePlot();
    updateChannelPlot(QStringLiteral("gates"), ChannelGroup::gate, tr("Gates"), QStringLiteral("1"));
    updateChannelPlot(QStringLiteral("currents"), ChannelGroup::current, tr("Currents"), QStringLiteral("µA/cm²"));
    updateChannelPlot(
        QStringLiteral("conductances"), ChannelGroup::conductance, tr("Conductances"), QStringLiteral("mS/cm²"));
    updateStimulusPlot();
    updateSpikePlots();
    arrange();
}

void PlotStack::updateVoltagePlot()
{
    auto* voltage = static_cast<TracePlot*>(plot(QStringLiteral("voltage")));
    const VoltageRange range = voltageRange(m_plan);
    std::vector<TraceCurve> curves;
    std::vector<LineLabel> lines;
    for (std::size_t i = 0; i < m_plan.cells.size(); ++i) {
        const Cell& cell = m_plan.cells[i];
        if (!cell.visible)
            continue;
        TraceCurve curve;
        curve.cellId = cell.id;
        curve.channel = cell.model->channels.front().key;
        curve.name = text(cell.name).toHtmlEscaped();
        curve.color = modelColor(cell.model->key);
        curve.variant = cellVariant(m_plan, static_cast<int>(i));
        if (m_plan.comparison && cell.id == m_plan.comparison->secondId)
            curve.variant = std::max(curve.variant, 1); // dashed: the one that it lies on is seen below it
        if (!hasGroup(*cell.model, ChannelGroup::gate))
            curve.drawnSpikeTop = range.minimum_mv + 0.85 * (range.maximum_mv - range.minimum_mv);
        curves.push_back(curve);
        if (m_referenceLines && cell.id == m_selectedCell && cell.model->referenceLines)
            for (const ReferenceLine& line : cell.model->referenceLines(cell.parameters))
                lines.push_back({lineLabel(line.label), line.v_mv, curve.color});
    }
    voltage->setTitle(tr("V"), QStringLiteral("mV"));
    voltage->setBounds(TracePlot::Bounds::widening, range.minimum_mv, range.maximum_mv);
    voltage->setCurves(std::move(curves));
    voltage->setReferenceLines(std::move(lines));
}

void PlotStack::updateChannelPlot(const QString& key, ChannelGroup group, const QString& title, const QString& unit)
{
    auto* target = static_cast<TracePlot*>(plot(key));
    const Cell* detail = detailCell(group);
    std::vector<TraceCurve> curves;
    int variant = 0;
    for (const Cell& cell : m_plan.cells) {
        const bool shown = m_allCells ? cell.visible : &cell == detail;
        if (!shown || !hasGroup(*cell.model, group))
            continue;
        for (const Channel& channel : cell.model->channels) {
            if (channel.group != group)
                continue;
            const QString symbol = text(channel.symbol.empty() ? channel.label : channel.symbol);
            curves.push_back({cell.id, std::string(channel.key),
                m_allCells ? QStringLiteral("%1 %2").arg(symbol, text(cell.name).toHtmlEscaped()) : symbol,
                channelColor(channel.key), variant, decimalsOf(group), {}});
        }
        ++variant;
    }
    const bool named = detail && !m_allCells && m_plan.cells.size() > 1;
    target->setTitle(named ? tr("%1 of %2").arg(title, text(detail->name).toHtmlEscaped()) : title, unit);
    target->setCurves(std::move(curves));
}

void PlotStack::updateStimulusPlot()
{
    std::vector<TraceCurve> curves;
    bool shared = false;
    int variant = 0;
    for (const Cell& cell : m_plan.cells) {
        if (!cell.visible || (!cell.ownStimulus && shared))
            continue;
        shared = shared || !cell.ownStimulus;
        curves.push_back({cell.id, std::string(inputChannel.key),
            cell.ownStimulus ? text(cell.name).toHtmlEscaped() : tr("shared"), QColor(), variant++, 2, {}});
    }
    if (curves.size() == 1)
        curves.front().name = QStringLiteral("I");
    auto* stimulus = static_cast<TracePlot*>(plot(QStringLiteral("stimulus")));
    stimulus->setTitle(tr("Stimulus"), QStringLiteral("µA/cm²"));
    stimulus->setCurves(std::move(curves));
}

void PlotStack::updateSpikePlots()
{
    std::vector<RasterRow> rows;
    std::vector<TraceCurve> rates;
    for (std::size_t i = 0; i < m_plan.cells.size(); ++i) {
        const Cell& cell = m_plan.cells[i];
        if (!cell.visible)
            continue;
        const QColor color = modelColor(cell.model->key);
        const int variant = cellVariant(m_plan, static_cast<int>(i));
        rows.push_back({cell.id, text(cell.name), color, variant});
        rates.push_back({cell.id, {}, text(cell.name).toHtmlEscaped(), color, variant, 1, {}});
    }
    auto* spikes = static_cast<RasterPlot*>(plot(QStringLiteral("spikes")));
    spikes->setTitle(tr("Spikes"), QString());
    spikes->setRows(std::move(rows));
    auto* rate = static_cast<TracePlot*>(plot(QStringLiteral("rate")));
    rate->setTitle(tr("Rate"), QStringLiteral("Hz"));
    rate->setCurves(std::move(rates));
}

} // namespace endospike
