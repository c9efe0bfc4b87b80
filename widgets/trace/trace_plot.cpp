#include "widgets/trace/trace_plot.h"

#include "sim/base/not_a_number.h"
#include "widgets/look/numbers.h"
#include "widgets/look/rich_label.h"

#include <QPainterPath>

#include <algorithm>
#include <cmath>
#include <limits>

namespace endospike {

namespace {

constexpr double longestInterval_ms = 5000; // a rate below 0.2 Hz is silence
constexpr int patience_ms = 1500; // before an axis shrinks

double niceStep(double size)
{
    const double decade = std::pow(10.0, std::floor(std::log10(size)));
    for (const double factor : {1.0, 2.0, 5.0})
        if (factor * decade >= size * 0.999)
            return factor * decade;
    return 10 * decade;
}

QCPRange niceRange(double low, double high)
{
    if (!(high - low > 1e-9 * std::max(std::abs(low), std::abs(high))))
        high = low + std::max(1.0, std::abs(low) * 0.1);
    const double step = niceStep((high - low) / 4);
    // A little air, so that a plateau does not lie on the frame.
    const double air = 0.04 * (high - low);
    return {low < 0 || low > air ? std::floor((low - air) / step) * step : 0, std::ceil((high + air) / step) * step};
}

/// One span for each pixel, for events denser than the screen.
void pushSpan(std::vector<EnvelopePoint>& points, double time_ms, double low, double high, double pixel_ms)
{
    if (points.size() >= 2 && time_ms - points[points.size() - 2].time_ms < pixel_ms) {
        EnvelopePoint& last = points[points.size() - 2];
        last.minimum = std::min(last.minimum, low);
        last.maximum = std::max(last.maximum, high);
        return;
    }
    points.push_back({time_ms, low, high});
    points.push_back({time_ms, notANumber, notANumber});
}

} // namespace

TracePlot::TracePlot(QWidget* parent)
    : TimePlot(parent)
{
    m_sinceTooLarge.start();
}

void TracePlot::setCurves(std::vector<TraceCurve> curves)
{
    std::vector<Samples> samples(curves.size());
    for (std::size_t i = 0; i < curves.size(); ++i)
        for (std::size_t old = 0; old < m_curves.size(); ++old)
            if (m_curves[old].cellId == curves[i].cellId && m_curves[old].channel == curves[i].channel)
                samples[i] = std::move(m_samples[old]);
    m_curves = std::move(curves);
    m_samples = std::move(samples);
    changed();
}

void TracePlot::setBounds(Bounds bounds, double low, double high)
{
    if (bounds == m_bounds && low == m_low && high == m_high)
        return;
    m_bounds = bounds;
    m_low = low;
    m_high = high;
    fitValues();
}

void TracePlot::setReferenceLines(std::vector<LineLabel> lines)
{
    m_lines = std::move(lines);
    changed();
}

int TracePlot::wantedRightMargin() const
{
    double width = 0;
    for (const LineLabel& line : m_lines)
        width = std::max(width, richWidth(theme().axisFont(), line.label));
    return std::max(TimePlot::wantedRightMargin(), static_cast<int>(std::ceil(width)) + 14);
}

void TracePlot::fitValues()
{
    TimePlot::fitValues();
    m_widened = false;
    setValueRange(m_low, m_high);
}

std::vector<LegendEntry> TracePlot::legend(std::optional<double> time_ms) const
{
    std::vector<LegendEntry> entries;
    for (const TraceCurve& curve : m_curves) {
        const double value = time_ms ? valueAt(curve, *time_ms) : notANumber;
        entries.push_back({curve.name, penOf(curve), time_ms ? fixedNumber(value, curve.decimals) : QString(), value,
            fixedNumber(-888, curve.decimals)});
    }
    return entries;
}

QStringList TracePlot::notes() const
{
    QStringList notes;
    if (m_widened && !hasManualValues())
        notes += tr("range widened");
    if (std::any_of(m_samples.begin(), m_samples.end(), [](const Samples& s) { return !s.spikes.empty(); })) {
        QStringList names;
        for (const TraceCurve& curve : m_curves)
            if (curve.drawnSpikeTop)
                names += curve.name;
        notes += tr("%1: spikes drawn").arg(names.join(QStringLiteral(", ")));
    }
    return notes;
}

std::size_t TracePlot::sampledPoints() const
{
    std::size_t count = 0;
    for (const Samples& samples : m_samples)
        count += samples.points.size();
    return count;
}

QPen TracePlot::penOf(const TraceCurve& curve) const
{
    return curvePen(curve.color.isValid() ? curve.color : theme().stimulus, curve.variant, theme());
}

double TracePlot::valueAt(const TraceCurve& curve, double time_ms) const
{
    return history() ? history()->valueAt(curve.cellId, curve.channel, time_ms) : notANumber;
}

void TracePlot::sample(const TraceCurve& curve, double from_ms, double to_ms, double pixel_ms, Samples& samples) const
{
    const TraceHistory& held = *history();
    std::vector<EnvelopePoint>& points = samples.points;
    const bool goesOn = samples.generation == held.generation() && !points.empty()
        && std::abs(samples.pixel_ms - pixel_ms) < 1e-9 * pixel_ms && from_ms >= samples.from_ms - 1e-3 * pixel_ms;
    // Pixels that are complete stay as they are: only what came since the picture before is read.
    double start = from_ms;
    double after = -std::numeric_limits<double>::infinity();
    if (!goesOn) {
        points.clear();
        samples.from_ms = from_ms;
    } else if (std::isnan(points.back().minimum)) {
        start = after = points.back().time_ms;
    } else {
        start = after = std::floor(points.back().time_ms / pixel_ms) * pixel_ms;
        while (!points.empty() && points.back().time_ms >= start)
            points.pop_back();
    }
    const bool gap = !points.empty() && std::isnan(points.back().minimum);
    static thread_local std::vector<EnvelopePoint> fresh;
    const int pixels = std::max(1, static_cast<int>(std::ceil((to_ms - start) / pixel_ms - 1e-6)));
    held.envelope(curve.cellId, curve.channel, start, start + pixels * pixel_ms, pixels, fresh);
    for (const EnvelopePoint& point : fresh)
        if (gap ? point.time_ms > after : point.time_ms >= after)
            points.push_back(point);
    const double keep_ms = from_ms - 2 * pixel_ms;
    auto visible = std::lower_bound(
        points.begin(), points.end(), keep_ms, [](const EnvelopePoint& point, double t) { return point.time_ms < t; });
    if (visible != points.begin() && visible != points.end())
        points.erase(points.begin(), visible - 1); // the neighbour outside stays
    else if (visible == points.end() && points.size() > 1)
        points.erase(points.begin(), points.end() - 1);
    samples.pixel_ms = pixel_ms;
    samples.generation = held.generation();
}

void TracePlot::sampleSpikes(
    const TraceCurve& curve, double from_ms, double to_ms, double pixel_ms, Samples& samples) const
{
    samples.spikes.clear();
    if (!curve.drawnSpikeTop)
        return;
    double drawn_ms = -std::numeric_limits<double>::infinity();
    for (const double time_ms : history()->spikes(curve.cellId, from_ms, to_ms)) {
        if (time_ms - drawn_ms < pixel_ms)
            continue;
        drawn_ms = time_ms;
        // The trace reaches the threshold just before and lies at the reset just after.
        const double before = history()->valueAt(curve.cellId, curve.channel, time_ms - pixel_ms);
        const double at = history()->valueAt(curve.cellId, curve.channel, time_ms);
        const double base = std::isnan(before) ? at : std::isnan(at) ? before : std::max(before, at);
        if (!std::isnan(base) && base < *curve.drawnSpikeTop)
            pushSpan(samples.spikes, time_ms, base, *curve.drawnSpikeTop, pixel_ms);
    }
}

void TracePlot::prepare()
{
    if (!history()) {
        m_samples.assign(m_curves.size(), {});
        return;
    }
    if (history()->generation() != m_generation) {
        m_generation = history()->generation();
        if (!hasManualValues())
            fitValues();
    }
    const double pixels = std::max(1.0, plotArea().width() * pixelRatio());
    const double pixel_ms = (to_ms() - from_ms()) / pixels;
    for (std::size_t i = 0; i < m_curves.size(); ++i) {
        sample(m_curves[i], from_ms(), to_ms(), pixel_ms, m_samples[i]);
        sampleSpikes(m_curves[i], from_ms(), to_ms(), pixel_ms, m_samples[i]);
    }
    if (!isFigure() && !hasManualValues())
        updateBounds();
}

void TracePlot::updateBounds()
{
    if (m_bounds == Bounds::fixed)
        return setValueRange(m_low, m_high);
    double low = m_low;
    double high = m_high;
    for (const Samples& samples : m_samples)
        for (const EnvelopePoint& point : samples.points)
            if (!std::isnan(point.minimum)) {
                low = std::min(low, point.minimum);
                high = std::max(high, point.maximum);
            }
    const QCPRange shown = yAxis->range();
    if (m_bounds == Bounds::widening) {
        if (low < std::min(shown.lower, m_low) || high > std::max(shown.upper, m_high)) {
            m_widened = true;
            setValueRange(std::min(m_low, std::floor(low / 10) * 10), std::max(m_high, std::ceil(high / 10) * 10));
        }
        return;
    }
    const QCPRange wanted = niceRange(low, high);
    const bool tooSmall = low < shown.lower || high > shown.upper;
    const bool tooLarge = wanted.size() < 0.7 * shown.size();
    if (!tooLarge)
        m_sinceTooLarge.restart();
    if (tooSmall)
        setValueRange(std::min(wanted.lower, low < shown.lower ? wanted.lower : shown.lower),
            std::max(wanted.upper, high > shown.upper ? wanted.upper : shown.upper));
    else if (tooLarge && m_sinceTooLarge.elapsed() > patience_ms)
        setValueRange(wanted.lower, wanted.upper);
}

void TracePlot::drawContent(QCPPainter& painter)
{
    drawReferenceLines(painter);
    if (isFigure())
        drawPaths(painter);
    else
        drawRastered(painter);
}

void TracePlot::drawRastered(QCPPainter& painter)
{
    const QRect area = plotArea();
    const double ratio = pixelRatio();
    const QCPRange values = yAxis->range();
    m_raster.begin(
        static_cast<int>(std::lround(area.width() * ratio)), static_cast<int>(std::lround(area.height() * ratio)));
    const PixelMap map{
        from_ms(), area.width() * ratio / (to_ms() - from_ms()), values.upper, area.height() * ratio / values.size()};
    for (std::size_t i = 0; i < m_curves.size(); ++i) {
        const QPen pen = penOf(m_curves[i]);
        const double width = pen.widthF() * ratio;
        std::vector<double> dashes;
        for (const double length : pen.dashPattern())
            dashes.push_back(length * width);
        m_raster.stroke(m_samples[i].points, map, pen.color(), width, dashes);
        m_raster.stroke(m_samples[i].spikes, map, pen.color(), std::max(1.0, 0.7 * width));
    }
    QImage image = m_raster.image();
    image.setDevicePixelRatio(ratio);
    painter.drawImage(area.topLeft(), image);
}

void TracePlot::drawPaths(QCPPainter& painter)
{
    painter.setAntialiasing(true);
    const auto trace = [&](const std::vector<EnvelopePoint>& points, const QPen& pen) {
        QPainterPath path;
        bool broken = true;
        double previous = 0;
        for (const EnvelopePoint& point : points) {
            if (std::isnan(point.minimum)) {
                broken = true;
                continue;
            }
            const double x = xAxis->coordToPixel(point.time_ms);
            double first = yAxis->coordToPixel(point.minimum);
            double second = yAxis->coordToPixel(point.maximum);
            if (!broken && std::abs(second - previous) < std::abs(first - previous))
                std::swap(first, second);
            broken ? path.moveTo(x, first) : path.lineTo(x, first);
            if (second != first)
                path.lineTo(x, second);
            previous = second;
            broken = false;
        }
        painter.setPen(pen);
        painter.setBrush(Qt::NoBrush);
        painter.drawPath(path);
    };
    for (std::size_t i = 0; i < m_curves.size(); ++i) {
        QPen pen = penOf(m_curves[i]);
        trace(m_samples[i].points, pen);
        pen = QPen(pen.color(), 0.7 * theme().lineWidth);
        trace(m_samples[i].spikes, pen);
    }
    painter.setAntialiasing(false);
}

void TracePlot::drawReferenceLines(QCPPainter& painter)
{
    const QRect area = plotArea();
    for (const LineLabel& line : m_lines) {
        QPen pen(readableOn(line.color, theme().plot), 1, Qt::CustomDashLine);
        pen.setDashPattern({2, 4});
        painter.setPen(pen);
        const double y = std::floor(yAxis->coordToPixel(line.value)) + 0.5;
        painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y));
    }
}

void TracePlot::drawMargins(QCPPainter& painter)
{
    const QRect area = plotArea();
    const QFont font = theme().axisFont();
    const QFontMetricsF metrics(font);
    std::vector<LineLabel> lines;
    for (const LineLabel& line : m_lines)
        if (yAxis->range().contains(line.value))
            lines.push_back(line);
    std::sort(lines.begin(), lines.end(), [](const LineLabel& a, const LineLabel& b) { return a.value < b.value; });
    // From the bottom up, each label at its line or just above the one below.
    double free = area.bottom() + metrics.descent();
    for (const LineLabel& line : lines) {
        const double wanted = yAxis->coordToPixel(line.value) + metrics.xHeight() / 2 + 1;
        const double baseline = std::min(wanted, free);
        free = baseline - metrics.height() * 0.86;
        painter.setPen(readableOn(line.color, theme().plot, 4.5));
        drawRich(painter, font, {area.right() + 7.0, baseline}, line.label);
    }
}

void RatePlot::sample(const TraceCurve& curve, double from_ms, double to_ms, double pixel_ms, Samples& samples) const
{
    std::vector<EnvelopePoint>& points = samples.points;
    points.clear();
    const std::vector<double> spikes =
        history()->spikes(curve.cellId, from_ms - longestInterval_ms, to_ms + longestInterval_ms);
    double previousRate = notANumber;
    for (std::size_t i = 0; i + 1 < spikes.size(); ++i) {
        const double begin = spikes[i];
        const double end = spikes[i + 1];
        if (end < from_ms || begin > to_ms)
            continue;
        const double rate = 1000 / (end - begin);
        const double joined = std::isnan(previousRate) ? rate : previousRate;
        if (points.size() > 1 && begin - points[points.size() - 1].time_ms < pixel_ms && end - begin < pixel_ms) {
            points.back().minimum = std::min(points.back().minimum, rate);
            points.back().maximum = std::max(points.back().maximum, rate);
        } else {
            points.push_back({begin, std::min(rate, joined), std::max(rate, joined)});
            points.push_back({begin, rate, rate});
            points.push_back({end, rate, rate});
        }
        previousRate = rate;
    }
}

double RatePlot::valueAt(const TraceCurve& curve, double time_ms) const
{
    if (!history())
        return notANumber;
    const std::vector<double> spikes =
        history()->spikes(curve.cellId, time_ms - longestInterval_ms, time_ms + longestInterval_ms);
    const auto next = std::upper_bound(spikes.begin(), spikes.end(), time_ms);
    if (next == spikes.begin() || next == spikes.end())
        return notANumber;
    return 1000 / (*next - *std::prev(next));
}

} // namespace endospike
