#include "widgets/picture/spike_columns.h"

#include "widgets/look/numbers.h"
#include "widgets/look/theme.h"
#include "widgets/plot/xy_plot.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace endospike {

SpikeColumns::SpikeColumns(QWidget* parent)
    : QWidget(parent)
{
    setFocusPolicy(Qt::StrongFocus);
    setAccessibleName(tr("Spikes of the hidden neurons"));
    setToolTip(
        tr("A column for each decision: the stronger the colour, the more often a neuron spiked in it. Click a row, "
           "or press Up or Down, to see that neuron's potential below."));
    connect(&themeNotifier(), &ThemeNotifier::themeChanged, this, [this] { update(); });
}

void SpikeColumns::setColor(const QColor& color)
{
    m_color = color;
    update();
}

void SpikeColumns::setDecision_s(double decision_s)
{
    m_decision_s = decision_s;
    update();
}

void SpikeColumns::setPotential(const QString& name, const QString& unit)
{
    m_potentialName = name;
    m_potentialUnit = unit;
    update();
}

void SpikeColumns::clear()
{
    m_columns.clear();
    m_traces.clear();
    m_largest = 0;
    update();
}

void SpikeColumns::append(const SpikeColumn& column)
{
    const auto neurons = static_cast<std::size_t>(std::max(column.neurons, 0));
    const auto steps = static_cast<std::size_t>(std::max(column.steps, 0));
    if (neurons == 0 || steps == 0 || column.potentials.size() < steps * neurons)
        return;
    const bool spiking = column.spikes.size() >= steps * neurons;
    if (column.neurons != m_neurons || spiking != m_spiking)
        clear();
    m_neurons = column.neurons;
    m_spiking = spiking;
    m_threshold = column.threshold;
    m_chosen = std::min(m_chosen, m_neurons - 1);
    std::vector<float> mean(neurons, 0);
    for (std::size_t step = 0; step < steps; ++step)
        for (std::size_t n = 0; n < neurons; ++n)
            mean[n] += spiking ? float(column.spikes[step * neurons + n] != 0) : column.potentials[step * neurons + n];
    for (float& value : mean) {
        value /= static_cast<float>(steps);
        m_largest = std::max(m_largest, value);
    }
    m_columns.push_back(std::move(mean));
    if (m_columns.size() > shownColumns)
        m_columns.pop_front();
    Trace trace{
        column.steps, {column.potentials.begin(), column.potentials.begin() + std::ptrdiff_t(steps * neurons)}, {}};
    if (spiking)
        trace.spikes.assign(column.spikes.begin(), column.spikes.begin() + std::ptrdiff_t(steps * neurons));
    m_traces.push_back(std::move(trace));
    if (m_traces.size() > shownTraces)
        m_traces.pop_front();
    update();
}

double SpikeColumns::activity(int column, int neuron) const
{
    return static_cast<double>(m_columns.at(static_cast<std::size_t>(column)).at(static_cast<std::size_t>(neuron)));
}

double SpikeColumns::lastMeanSpikes() const
{
    if (m_columns.empty())
        return 0;
    const std::vector<float>& last = m_columns.back();
    return std::accumulate(last.begin(), last.end(), 0.0) / static_cast<double>(last.size());
}

void SpikeColumns::chooseNeuron(int neuron)
{
    neuron = std::clamp(neuron, 0, std::max(0, m_neurons - 1));
    if (neuron == m_chosen)
        return;
    m_chosen = neuron;
    setAccessibleDescription(tr("neuron %1").arg(m_chosen + 1));
    update();
    emit neuronChosen(neuron);
}

double SpikeColumns::leftMargin(const Theme& look) const
{
    return QFontMetricsF(look.axisFont()).horizontalAdvance(QStringLiteral("−0000")) + 10;
}

QRectF SpikeColumns::rasterArea(QSize size) const
{
    const Theme& look = currentTheme();
    const double line = QFontMetricsF(look.axisFont()).height();
    const double left = leftMargin(look), top = line + 6;
    const double trace = std::clamp(0.32 * size.height(), 3 * line, 9 * line);
    return {left, top, std::max(10.0, size.width() - left - 10),
        std::max(10.0, size.height() - top - trace - 2 * line - 14)};
}

QRectF SpikeColumns::traceArea(QSize size, const Theme& look) const
{
    const double line = QFontMetricsF(look.axisFont()).height();
    const QRectF raster = rasterArea(size);
    const double top = raster.bottom() + 2 * line + 10;
    return {raster.left(), top, raster.width(), std::max(8.0, size.height() - top - 6)};
}

QImage SpikeColumns::rasterImage(const Theme& look) const
{
    QImage image(shownColumns, std::max(1, m_neurons), QImage::Format_ARGB32);
    image.fill(Qt::transparent);
    QColor color = readableOn(m_color, look.plot, 4.5);
    const float most = m_spiking ? 1 : std::max(m_largest, 1e-9f);
    const int first = shownColumns - columns(); // the newest stands at the right
    for (int column = 0; column < columns(); ++column)
        for (int n = 0; n < m_neurons; ++n) {
            // A single spike in many steps must still be seen.
            color.setAlphaF(std::sqrt(std::clamp(m_columns[std::size_t(column)][std::size_t(n)] / most, 0.0f, 1.0f)));
            image.setPixelColor(first + column, n, color);
        }
    return image;
}

void SpikeColumns::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    draw(painter, size(), false);
}

void SpikeColumns::draw(QPainter& painter, QSize size, bool figure) const
{
    const Theme& look = figure ? theme(ThemeKind::light) : currentTheme();
    painter.save();
    painter.fillRect(QRect(QPoint(), size), look.plot);
    painter.setFont(look.axisFont());
    drawRaster(painter, size, look);
    drawTrace(painter, size, look);
    if (!figure && hasFocus()) {
        painter.setBrush(Qt::NoBrush);
        painter.setPen(QPen(look.accent, 2));
        painter.drawRect(QRectF(1, 1, size.width() - 2, size.height() - 2));
    }
    painter.restore();
}

void SpikeColumns::drawRaster(QPainter& painter, QSize size, const Theme& look) const
{
    const QRectF area = rasterArea(size);
    const double line = QFontMetricsF(look.axisFont()).height();
    painter.setPen(look.text);
    const QString title = m_spiking ? tr("Spikes of %1 neurons").arg(m_neurons)
                                    : tr("Outputs of %1 neurons, which do not spike").arg(m_neurons);
    painter.drawText(QRectF(area.left(), 2, area.width(), line), Qt::AlignLeft | Qt::AlignVCenter,
        m_neurons > 0 ? title : tr("Spikes of the hidden neurons"));
    painter.setPen(QPen(look.border, 1));
    painter.setBrush(Qt::NoBrush);
    painter.drawLine(area.bottomLeft(), area.bottomRight());
    painter.drawLine(area.topLeft(), area.bottomLeft());
    if (m_neurons == 0)
        return;
    painter.setRenderHint(QPainter::SmoothPixmapTransform, area.height() < m_neurons);
    painter.drawImage(area, rasterImage(look));
    painter.setPen(look.mutedText);
    painter.drawText(
        QRectF(0, area.top() - 2, area.left() - 6, line), Qt::AlignRight | Qt::AlignTop, QStringLiteral("1"));
    painter.drawText(QRectF(0, area.bottom() - line + 2, area.left() - 6, line), Qt::AlignRight | Qt::AlignBottom,
        QString::number(m_neurons));
    if (m_decision_s > 0) {
        painter.drawText(QRectF(area.left(), area.bottom() + 2, area.width(), line), Qt::AlignLeft | Qt::AlignTop,
            QStringLiteral("−%1 s").arg(shownColumns * m_decision_s, 0, 'f', 1));
        painter.drawText(
            QRectF(area.left(), area.bottom() + 2, area.width(), line), Qt::AlignRight | Qt::AlignTop, tr("now"));
    }
    // The chosen row, by a pointer outside the picture, so that its spikes stay to be seen.
    const double y = area.top() + (m_chosen + 0.5) * area.height() / m_neurons;
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(look.text);
    painter.drawPolygon(
        QPolygonF{{QPointF(area.right() + 1, y), QPointF(area.right() + 8, y - 5), QPointF(area.right() + 8, y + 5)}});
    painter.setRenderHint(QPainter::Antialiasing, false);
}

void SpikeColumns::drawTrace(QPainter& painter, QSize size, const Theme& look) const
{
    const QRectF area = traceArea(size, look);
    const double line = QFontMetricsF(look.axisFont()).height();
    painter.setPen(QPen(look.border, 1));
    painter.drawLine(area.bottomLeft(), area.bottomRight());
    painter.drawLine(area.topLeft(), area.bottomLeft());
    if (m_traces.empty())
        return;
    const QString unit = m_potentialUnit.isEmpty() ? QString() : QStringLiteral(" (%1)").arg(m_potentialUnit);
    painter.setPen(look.text);
    painter.drawText(QRectF(area.left(), area.top() - line - 2, area.width(), line), Qt::AlignLeft | Qt::AlignVCenter,
        tr("%1%2 of neuron %3, last %4 decisions").arg(m_potentialName, unit).arg(m_chosen + 1).arg(m_traces.size()));
    double low = std::isnan(m_threshold) ? 0 : std::min(0.0, m_threshold),
           high = std::isnan(m_threshold) ? 0 : m_threshold;
    int steps = 0;
    for (const Trace& trace : m_traces) {
        steps += trace.steps;
        for (int step = 0; step < trace.steps; ++step) {
            const double v = double(trace.potentials[std::size_t(step * m_neurons + m_chosen)]);
            low = std::min(low, v);
            high = std::max(high, v);
        }
    }
    if (!(high > low))
        high = low + 1;
    const double room = area.height() - 6;
    const auto at = [&](int step, double v) {
        return QPointF(
            area.left() + (step + 0.5) * area.width() / steps, area.bottom() - 3 - (v - low) / (high - low) * room);
    };
    painter.setPen(look.mutedText);
    painter.drawText(
        QRectF(0, area.top() - 2, area.left() - 6, line), Qt::AlignRight | Qt::AlignTop, plotNumber(high, 2));
    painter.drawText(QRectF(0, area.bottom() - line + 2, area.left() - 6, line), Qt::AlignRight | Qt::AlignBottom,
        plotNumber(low, 2));
    painter.setRenderHint(QPainter::Antialiasing);
    if (!std::isnan(m_threshold)) {
        painter.setPen(QPen(look.mutedText, 1, Qt::DashLine));
        painter.drawLine(QPointF(area.left(), at(0, m_threshold).y()), QPointF(area.right(), at(0, m_threshold).y()));
    }
    const QColor color = readableOn(m_color, look.plot);
    int done = 0;
    for (const Trace& trace : m_traces) { // each decision starts from rest: a line of its own
        QPolygonF points;
        for (int step = 0; step < trace.steps; ++step) {
            const auto index = std::size_t(step * m_neurons + m_chosen);
            points << at(done + step, double(trace.potentials[index]));
            if (!trace.spikes.empty() && trace.spikes[index] != 0) {
                painter.setPen(QPen(color, look.lineWidth));
                painter.drawLine(points.back(), QPointF(points.back().x(), area.top()));
            }
        }
        painter.setPen(QPen(color, look.lineWidth));
        painter.drawPolyline(points);
        if (trace.steps == 1)
            painter.drawEllipse(points.back(), 2, 2);
        done += trace.steps;
    }
    painter.setRenderHint(QPainter::Antialiasing, false);
}

void SpikeColumns::mousePressEvent(QMouseEvent* event)
{
    const QRectF area = rasterArea(size());
    if (event->button() != Qt::LeftButton || m_neurons == 0 || event->position().y() > area.bottom()
        || event->position().y() < area.top())
        return QWidget::mousePressEvent(event);
    chooseNeuron(static_cast<int>((event->position().y() - area.top()) / area.height() * m_neurons));
}

void SpikeColumns::keyPressEvent(QKeyEvent* event)
{
    switch (event->key()) {
    case Qt::Key_Up:
        return chooseNeuron(m_chosen - 1);
    case Qt::Key_Down:
        return chooseNeuron(m_chosen + 1);
    case Qt::Key_PageUp:
        return chooseNeuron(m_chosen - 10);
    case Qt::Key_PageDown:
        return chooseNeuron(m_chosen + 10);
    default:
        QWidget::keyPressEvent(event);
    }
}

void SpikeColumns::focusInEvent(QFocusEvent* event)
{
    QWidget::focusInEvent(event);
    update();
}

void SpikeColumns::focusOutEvent(QFocusEvent* event)
{
    QWidget::focusOutEvent(event);
    update();
}

} // namespace endospike
