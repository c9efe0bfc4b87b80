#include "widgets/experiment/stimulus_preview.h"

#include "widgets/look/text.h"
#include "widgets/look/theme.h"

#include <QPainter>

#include <algorithm>
#include <cmath>

namespace endospike {

namespace {

// The finest detail that is looked for, ms; and the most samples that a change may cost.
constexpr double finest_ms = 0.05;
constexpr int maximumSamples = 20000;

double niceStep(double range, int parts)
{
    const double rough = range / parts;
    const double decade = std::pow(10, std::floor(std::log10(rough)));
    const double digit = rough / decade;
    return decade * (digit <= 1 ? 1 : digit <= 2 ? 2 : digit <= 5 ? 5 : 10);
}

QString tickText(double value) { return QString::number(std::abs(value) < 1e-12 ? 0 : value, 'g', 4); }

} // namespace

StimulusPreview::StimulusPreview(QWidget* parent)
    : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setAccessibleName(tr("Preview of the stimulus"));
    setToolTip(tr("The current that is injected, in µA/cm², over time"));
    connect(&themeNotifier(), &ThemeNotifier::themeChanged, this, [this] {
        updateGeometry();
        compute();
    });
}

void StimulusPreview::setStimulus(const Stimulus& stimulus)
{
    if (stimulus == m_stimulus && !m_columns.empty())
        return;
    m_stimulus = stimulus;
    compute();
}

void StimulusPreview::setWindow(double window_ms)
{
    if (window_ms == m_window_ms || !(window_ms > 0))
        return;
    m_window_ms = window_ms;
    compute();
}

QSize StimulusPreview::sizeHint() const { return {240, QFontMetrics(currentTheme().axisFont()).height() * 2 + 72}; }
QSize StimulusPreview::minimumSizeHint() const { return {120, sizeHint().height()}; }

void StimulusPreview::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    compute();
}

QRectF StimulusPreview::plotArea() const
{
    const QFontMetrics metrics(currentTheme().axisFont());
    double labels = metrics.horizontalAdvance(QStringLiteral("-10"));
    for (double y = std::ceil(m_minimum / m_step - 1e-9) * m_step; y <= m_maximum + m_step * 1e-9; y += m_step)
        labels = std::max(labels, static_cast<double>(metrics.horizontalAdvance(tickText(y))));
    const double left = std::ceil(labels) + 12;
    const double top = metrics.height() + 4;
    return {left, top, width() - left - 8.0, height() - top - metrics.height() - 8.0};
}

// Least and greatest current within each pixel, from samples fine enough to see a short pulse.
void StimulusPreview::compute()
{
    const int pixels = std::max(1, width() - 40);
    const int wanted = static_cast<int>(std::min<double>(maximumSamples, m_window_ms / finest_ms));
    const int perPixel = std::max(2, (wanted + pixels - 1) / pixels);
    StimulusSampler sampler(m_stimulus);
    m_columns.resize(static_cast<std::size_t>(pixels));
    double low = 0;
    double high = 0;
    const double dt = m_window_ms / (pixels * perPixel);
    for (int p = 0; p < pixels; ++p) {
        Extent extent{INFINITY, -INFINITY};
        for (int k = 0; k < perPixel; ++k) {
            const double value = sampler.at((p * perPixel + k) * dt);
            extent.minimum = std::min(extent.minimum, value);
            extent.maximum = std::max(extent.maximum, value);
        }
        m_columns[static_cast<std::size_t>(p)] = extent;
        low = std::min(low, extent.minimum);
        high = std::max(high, extent.maximum);
    }
    if (!(high > low))
        high = 1;
    m_step = niceStep(high - low, 3);
    m_minimum = std::floor(low / m_step + 1e-9) * m_step;
    m_maximum = std::ceil(high / m_step - 1e-9) * m_step;
    update();
}

void StimulusPreview::paintEvent(QPaintEvent*)
{
    const Theme& look = currentTheme();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(look.grid);
    painter.setBrush(look.plot);
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), 3, 3);
    const QRectF area = plotArea();
    paintAxes(painter, area);
    paintCurve(painter, area);
}

void StimulusPreview::paintAxes(QPainter& painter, const QRectF& area) const
{
    const Theme& look = currentTheme();
    painter.setFont(look.axisFont());
    const QFontMetricsF metrics(painter.font());
    const double h = metrics.height();
    for (double y = m_minimum; y <= m_maximum + m_step * 1e-9; y += m_step) {
        const double py = area.bottom() - (y - m_minimum) / (m_maximum - m_minimum) * area.height();
        painter.setPen(look.grid);
        painter.drawLine(QPointF(area.left(), py), QPointF(area.right(), py));
        painter.setPen(look.mutedText);
        painter.drawText(QRectF(0, py - h / 2, area.left() - 5, h), Qt::AlignRight | Qt::AlignVCenter, tickText(y));
    }
    painter.drawText(QRectF(area.left(), 1, area.width(), h), Qt::AlignLeft | Qt::AlignVCenter, tr("I (µA/cm²)"));
    const QString unit = tr("t (ms)");
    const double unitLeft = area.right() - metrics.horizontalAdvance(unit);
    painter.drawText(QRectF(unitLeft, area.bottom() + 4, area.right() - unitLeft + 1, h), Qt::AlignRight, unit);
    const double step = niceStep(m_window_ms, 4);
    for (double t = 0; t <= m_window_ms * (1 + 1e-9); t += step) {
        const double px = area.left() + t / m_window_ms * area.width();
        const QString text = tickText(t);
        const double half = metrics.horizontalAdvance(text) / 2;
        if (px + half < unitLeft - 6)
            painter.drawText(QRectF(px - half - 1, area.bottom() + 4, 2 * half + 2, h), Qt::AlignCenter, text);
    }
}

void StimulusPreview::paintCurve(QPainter& painter, const QRectF& area) const
{
    const Theme& look = currentTheme();
    const auto yOf = [&](double v) {
        return area.bottom() - (v - m_minimum) / (m_maximum - m_minimum) * area.height();
    };
    QPolygonF line;
    const double dx = area.width() / static_cast<double>(m_columns.size());
    for (std::size_t p = 0; p < m_columns.size(); ++p) {
        const double x = area.left() + (static_cast<double>(p) + 0.5) * dx;
        // Whichever end is nearer to where the curve comes from is drawn first, so that an edge is one line.
        const bool down = !line.isEmpty()
            && std::abs(line.back().y() - yOf(m_columns[p].maximum))
                < std::abs(line.back().y() - yOf(m_columns[p].minimum));
        const double first = down ? m_columns[p].maximum : m_columns[p].minimum;
        const double second = down ? m_columns[p].minimum : m_columns[p].maximum;
        line << QPointF(x, yOf(first));
        if (second != first)
            line << QPointF(x, yOf(second));
    }
    painter.setPen(QPen(look.stimulus, look.lineWidth));
    painter.setClipRect(area.adjusted(-2, -3, 2, 3));
    painter.drawPolyline(line);
}

} // namespace endospike
