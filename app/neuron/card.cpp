#include "app/neuron/card.h"

#include "sim/document/plan_laboratories.h"
#include "sim/neuron/hodgkin_huxley.h"
#include "sim/neuron/run.h"
#include "widgets/look/theme.h"
#include "widgets/picture/place_in.h"

#include <QCoreApplication>
#include <QPainter>

#include <algorithm>
#include <memory>

namespace endospike {

namespace {

/// The potential of an HH neuron under a step of current, from -90 to 50 mV scaled to 0..1.
std::vector<double> spikeTrace()
{
    NeuronPlan plan = firstExperiment().neuron;
    plan.cells.erase(plan.cells.begin() + 1, plan.cells.end());
    plan.simulation.set(simulation::duration_ms, 60);
    plan.simulation.set(simulation::record_interval_ms, 0.1);
    std::vector<double> trace;
    run(plan, {}, [&](const TraceBlock& block) {
        const auto first = block.layout->find(block.layout->columns.front().cellId, "v_mv") * block.count;
        for (int i = 0; i < block.count; ++i)
            trace.push_back((block.values[static_cast<std::size_t>(first + i)] + 90) / 140);
    });
    return trace;
}

void drawTrace(QPainter& painter, QRectF area, double phase, const Theme& look, const std::vector<double>& trace)
{
    const QColor color = readableOn(hueColor(hodgkinHuxleyModel().hue), look.plot);
    const double reach = std::min(1.0, phase * 1.25); // it rests when it has come to the end
    QPolygonF line;
    for (std::size_t i = 0; i < trace.size(); ++i)
        if (const double x = static_cast<double>(i) / static_cast<double>(trace.size()); x <= reach)
            line << placeIn(area, x, trace[i]);
    painter.setPen(QPen(look.grid, 1));
    for (const double y : {0.18, 0.64}) // rest and 0 mV
        painter.drawLine(placeIn(area, 0, y), placeIn(area, 1, y));
    painter.setPen(QPen(color, 2, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    painter.drawPolyline(line);
    if (line.isEmpty())
        return;
    painter.setPen(Qt::NoPen);
    painter.setBrush(color);
    painter.drawEllipse(line.back(), 4, 4);
}

} // namespace

WelcomeCard neuronCard()
{
    return {QCoreApplication::translate("WelcomePage", "See a neuron fire"),
        QCoreApplication::translate("WelcomePage", "A Hodgkin-Huxley neuron under a step of current, live."),
        [trace = std::make_shared<std::vector<double>>()](
            QPainter& painter, QRectF area, double phase, const Theme& look) {
            if (trace->empty())
                *trace = spikeTrace(); // a millisecond, when it is first seen
            drawTrace(painter, area, phase, look, *trace);
        }};
}

} // namespace endospike
