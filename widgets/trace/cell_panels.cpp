#include "widgets/trace/cell_panels.h"

#include "widgets/experiment/cell_pen.h"
#include "widgets/look/text.h"
#include "widgets/look/theme.h"
#include "widgets/trace/raster_plot.h"
#include "widgets/trace/trace_plot.h"

#include <QCoreApplication>

#include <algorithm>
#include <string>

namespace endospike {

namespace {

class Words {
    Q_DECLARE_TR_FUNCTIONS(endospike::PlotStack)
};

QString nameOf(const Cell& cell) { return qstring(cell.name).toHtmlEscaped(); }

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

void fillVoltage(TimePlot& plot, const PanelScene& scene)
{
    const NeuronPlan& plan = scene.plan;
    const VoltageRange range = voltageRange(plan);
    std::vector<TraceCurve> curves;
    std::vector<LineLabel> lines;
    for (std::size_t i = 0; i < plan.cells.size(); ++i) {
        const Cell& cell = plan.cells[i];
        if (!cell.visible)
            continue;
        TraceCurve curve;
        curve.cellId = cell.id;
        curve.channel = cell.model->channels.front().key;
        curve.name = nameOf(cell);
        curve.color = hueColor(cell.model->hue);
        curve.variant = cellVariant(plan, static_cast<int>(i));
        if (plan.comparison && cell.id == plan.comparison->secondId)
            curve.variant = std::max(curve.variant, 1); // dashed: the one that it lies on is seen below it
        if (!hasGroup(*cell.model, ChannelGroup::gate))
            curve.drawnSpikeTop = range.minimum_mv + 0.85 * (range.maximum_mv - range.minimum_mv);
        curves.push_back(curve);
        if (scene.referenceLines && cell.id == scene.selectedCell && cell.model->referenceLines)
            for (const ReferenceLine& line : cell.model->referenceLines(cell.parameters))
                lines.push_back({qstring(line.label), line.v_mv, curve.color});
    }
    auto& voltage = static_cast<TracePlot&>(plot);
    voltage.setTitle(Words::tr("V"), QStringLiteral("mV"));
    voltage.setBounds(TracePlot::Bounds::widening, range.minimum_mv, range.maximum_mv);
    voltage.setCurves(std::move(curves));
    voltage.setReferenceLines(std::move(lines));
}

/// A cell without such channels leaves the plot to the one that was shown before, or else the first that has them.
const Cell* detailCell(const PanelScene& scene, ChannelGroup group)
{
    const Cell* found = nullptr;
    for (const Cell& cell : scene.plan.cells) {
        if (!hasGroup(*cell.model, group))
            continue;
        if (cell.id == scene.selectedCell)
            return &cell;
        if (!found || cell.id == scene.detailCell)
            found = &cell;
    }
    return found;
}

void fillChannels(
    TimePlot& plot, const PanelScene& scene, ChannelGroup group, const QString& title, const QString& unit)
{
    const Cell* detail = detailCell(scene, group);
    std::vector<TraceCurve> curves;
    int variant = 0;
    for (const Cell& cell : scene.plan.cells) {
        const bool shown = scene.allCells ? cell.visible : &cell == detail;
        if (!shown || !hasGroup(*cell.model, group))
            continue;
        for (const Channel& channel : cell.model->channels) {
            if (channel.group != group)
                continue;
            const QString symbol = qstring(channel.symbol.empty() ? channel.label : channel.symbol);
            curves.push_back({cell.id, std::string(channel.key),
                scene.allCells ? QStringLiteral("%1 %2").arg(symbol, nameOf(cell)) : symbol, hueColor(channel.hue),
                variant, decimalsOf(group), {}});
        }
        ++variant;
    }
    const bool named = detail && !scene.allCells && scene.plan.cells.size() > 1;
    plot.setTitle(named ? Words::tr("%1 of %2").arg(title, nameOf(*detail)) : title, unit);
    static_cast<TracePlot&>(plot).setCurves(std::move(curves));
}

void fillStimulus(TimePlot& plot, const PanelScene& scene)
{
    std::vector<TraceCurve> curves;
    bool shared = false;
    int variant = 0;
    for (const Cell& cell : scene.plan.cells) {
        if (!cell.visible || (!cell.ownStimulus && shared))
            continue;
        shared = shared || !cell.ownStimulus;
        curves.push_back({cell.id, std::string(inputChannel.key), cell.ownStimulus ? nameOf(cell) : Words::tr("shared"),
            QColor(), variant++, 2, {}});
    }
    if (curves.size() == 1)
        curves.front().name = QStringLiteral("I");
    plot.setTitle(Words::tr("Stimulus"), QStringLiteral("µA/cm²"));
    static_cast<TracePlot&>(plot).setCurves(std::move(curves));
}

void fillSpikes(TimePlot& plot, const PanelScene& scene)
{
    std::vector<RasterRow> rows;
    for (std::size_t i = 0; i < scene.plan.cells.size(); ++i)
        if (const Cell& cell = scene.plan.cells[i]; cell.visible)
            rows.push_back(
                {cell.id, qstring(cell.name), hueColor(cell.model->hue), cellVariant(scene.plan, static_cast<int>(i))});
    plot.setTitle(Words::tr("Spikes"), QString());
    static_cast<RasterPlot&>(plot).setRows(std::move(rows));
}

void fillRate(TimePlot& plot, const PanelScene& scene)
{
    std::vector<TraceCurve> rates;
    for (std::size_t i = 0; i < scene.plan.cells.size(); ++i)
        if (const Cell& cell = scene.plan.cells[i]; cell.visible)
            rates.push_back({cell.id, {}, nameOf(cell), hueColor(cell.model->hue),
                cellVariant(scene.plan, static_cast<int>(i)), 1, {}});
    plot.setTitle(Words::tr("Rate"), QStringLiteral("Hz"));
    static_cast<TracePlot&>(plot).setCurves(std::move(rates));
}

template <class Plot>
TimePlot* bounded(TracePlot::Bounds bounds, double low = 0, double high = 0)
{
    auto* plot = new Plot;
    plot->setBounds(bounds, low, high);
    return plot;
}
TimePlot* makeAutomatic() { return bounded<TracePlot>(TracePlot::Bounds::automatic); }

constexpr PanelKind kinds[] = {
    {"voltage", QT_TRANSLATE_NOOP("endospike::PlotStack", "Voltage"), true, 40,
        [] { return bounded<TracePlot>(TracePlot::Bounds::widening, -90, 50); }, fillVoltage},
    {"gates", QT_TRANSLATE_NOOP("endospike::PlotStack", "Gates"), true, 18,
        [] { return bounded<TracePlot>(TracePlot::Bounds::fixed, -0.02, 1.02); },
        [](TimePlot& plot, const PanelScene& scene) {
            fillChannels(plot, scene, ChannelGroup::gate, Words::tr("Gates"), QStringLiteral("1"));
        }},
    {"currents", QT_TRANSLATE_NOOP("endospike::PlotStack", "Currents"), false, 18, makeAutomatic,
        [](TimePlot& plot, const PanelScene& scene) {
            fillChannels(plot, scene, ChannelGroup::current, Words::tr("Currents"), QStringLiteral("µA/cm²"));
        }},
    {"conductances", QT_TRANSLATE_NOOP("endospike::PlotStack", "Conductances"), false, 18, makeAutomatic,
        [](TimePlot& plot, const PanelScene& scene) {
            fillChannels(plot, scene, ChannelGroup::conductance, Words::tr("Conductances"), QStringLiteral("mS/cm²"));
        }},
    {"stimulus", QT_TRANSLATE_NOOP("endospike::PlotStack", "Stimulus"), true, 13, makeAutomatic, fillStimulus},
    {"spikes", QT_TRANSLATE_NOOP("endospike::PlotStack", "Spikes"), true, 13,
        []() -> TimePlot* { return new RasterPlot; }, fillSpikes},
    {"rate", QT_TRANSLATE_NOOP("endospike::PlotStack", "Rate"), false, 16,
        [] { return bounded<RatePlot>(TracePlot::Bounds::automatic); }, fillRate},
};

} // namespace

std::span<const PanelKind> cellPanels() { return kinds; }

bool hasGroup(const NeuronModel& model, ChannelGroup group)
{
    return std::ranges::any_of(model.channels, [&](const Channel& channel) { return channel.group == group; });
}

} // namespace endospike
