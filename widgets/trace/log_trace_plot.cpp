#include "widgets/trace/log_trace_plot.h"

#include "sim/base/not_a_number.h"
#include "widgets/look/numbers.h"

#include <algorithm>
#include <cmath>

namespace endospike {

namespace {

constexpr double lowest = 1e-18; // a pixel that touches 0 reaches down to here

class ExponentTicker : public QCPAxisTicker {
protected:
    double getTickStep(const QCPRange& range) override
    {
        return std::max(1.0, std::ceil(range.size() / std::max(1, tickCount())));
    }
    QString getTickLabel(double tick, const QLocale&, QChar, int) override
    {
        return decadeText(static_cast<int>(std::lround(tick)));
    }
};

} // namespace

LogTracePlot::LogTracePlot(QWidget* parent)
    : TracePlot(parent)
{
    yAxis->setTicker(QSharedPointer<QCPAxisTicker>(new ExponentTicker));
    yAxis->grid()->setZeroLinePen(Qt::NoPen);
}

std::vector<LegendEntry> LogTracePlot::legend(std::optional<double> time_ms) const
{
    std::vector<LegendEntry> entries = TracePlot::legend(time_ms);
    if (time_ms)
        for (LegendEntry& entry : entries)
            if (!std::isnan(entry.y))
                entry.value = QString::number(std::pow(10, entry.y), 'e', 1).replace(u'-', QChar(0x2212));
    return entries;
}

void LogTracePlot::sample(
    const TraceCurve& curve, double from_ms, double to_ms, double pixel_ms, Samples& samples) const
{
    const int pixels = std::max(1, static_cast<int>(std::ceil((to_ms - from_ms) / pixel_ms)));
    history()->envelope(curve.cellId, curve.channel, from_ms, to_ms, pixels, samples.points);
    for (EnvelopePoint& point : samples.points) {
        if (!(point.maximum > 0)) {
            point.minimum = point.maximum = notANumber;
            continue;
        }
        point.maximum = std::log10(point.maximum);
        point.minimum = std::log10(std::max(point.minimum, lowest));
        if (point.minimum < point.maximum - 3) // a passage through zero: the spike downwards says nothing
            point.minimum = point.maximum - 3;
    }
}

double LogTracePlot::valueAt(const TraceCurve& curve, double time_ms) const
{
    const double value = history() ? history()->valueAt(curve.cellId, curve.channel, time_ms) : notANumber;
    return value > 0 ? std::log10(value) : notANumber;
}

} // namespace endospike
