#include "widgets/plot/curve_plot.h"

#include "widgets/look/numbers.h"
#include "widgets/look/plot_parts.h"

#include <algorithm>
#include <cmath>

namespace endospike {

namespace {

class LinearTicker : public QCPAxisTicker {
protected:
    QString getTickLabel(double tick, const QLocale&, QChar, int) override { return plotNumber(tick, 10); }
};

} // namespace

CurvePlot::CurvePlot(QWidget* parent)
    : XyPlot(parent)
{
}

void CurvePlot::setCurves(std::vector<Curve> curves)
{
    m_curves = std::move(curves);
    while (m_graphs.size() > m_curves.size()) {
        removeGraph(m_graphs.back());
        m_graphs.pop_back();
    }
    while (m_graphs.size() < m_curves.size())
        m_graphs.push_back(addGraph());
    for (std::size_t i = 0; i < m_curves.size(); ++i) {
        QVector<double> y = m_curves[i].y;
        if (m_logarithmic)
            std::replace_if(
                y.begin(), y.end(), [](double v) { return !(v > 0); }, none);
        m_graphs[i]->setData(m_curves[i].x, y, true);
        m_graphs[i]->setLineStyle(m_curves[i].pointsOnly ? QCPGraph::lsNone
                : m_curves[i].steps                      ? QCPGraph::lsStepLeft
                                                         : QCPGraph::lsLine);
    }
    styleContent();
    changed();
}

void CurvePlot::setLogarithmic(bool logarithmic)
{
    m_logarithmic = logarithmic;
    yAxis->setScaleType(logarithmic ? QCPAxis::stLogarithmic : QCPAxis::stLinear);
    yAxis->setTicker(logarithmic ? QSharedPointer<QCPAxisTicker>(new DecadeTicker)
                                 : QSharedPointer<QCPAxisTicker>(new LinearTicker));
    setCurves(std::move(m_curves));
}

void CurvePlot::setLeastY(double low, double high)
{
    m_least = QCPRange(low, high);
    changed();
}

double CurvePlot::valueAt(const Curve& curve, double x)
{
    const auto after = std::upper_bound(curve.x.begin(), curve.x.end(), x);
    if (after == curve.x.begin())
        return none;
    const qsizetype i = after - curve.x.begin() - 1;
    if (after == curve.x.end())
        return x == curve.x.back() ? curve.y.back() : none;
    if (curve.steps)
        return curve.y[i];
    const double part = (x - curve.x[i]) / (curve.x[i + 1] - curve.x[i]);
    return curve.y[i] + part * (curve.y[i + 1] - curve.y[i]);
}

bool CurvePlot::isEmpty() const
{
    return std::all_of(m_curves.begin(), m_curves.end(), [](const Curve& curve) { return curve.x.isEmpty(); });
}

std::vector<LegendEntry> CurvePlot::legend(std::optional<double> x) const
{
    std::vector<LegendEntry> entries;
    for (const Curve& curve : m_curves) {
        const double y = x ? valueAt(curve, *x) : none;
        entries.push_back({curve.name, curvePen(curve.color, curve.variant, theme()), x ? plotNumber(y, 4) : QString(),
            m_logarithmic && !(y > 0) ? none : y});
    }
    return entries;
}

QCPRange CurvePlot::fullX() const
{
    double low = none;
    double high = none;
    for (const Curve& curve : m_curves)
        if (!curve.x.isEmpty()) {
            low = std::fmin(low, curve.x.front());
            high = std::fmax(high, curve.x.back());
        }
    return high > low ? QCPRange(low - m_marginX, high + m_marginX) : QCPRange(0, 1);
}

QCPRange CurvePlot::fullY() const
{
    double low = m_least ? m_least->lower : none;
    double high = m_least ? m_least->upper : none;
    for (const Curve& curve : m_curves)
        for (const double y : curve.y)
            if (std::isfinite(y) && (!m_logarithmic || y > 0)) {
                low = std::fmin(low, y);
                high = std::fmax(high, y);
            }
    for (const Curve& curve : m_curves)
        for (qsizetype i = 0; i < curve.spread.size(); ++i)
            if (std::isfinite(curve.spread[i]) && !m_logarithmic) {
                low = std::fmin(low, possible(curve.y[i] - curve.spread[i]));
                high = std::fmax(high, possible(curve.y[i] + curve.spread[i]));
            }
    if (m_logarithmic)
        return high > 0
            ? QCPRange(std::pow(10, std::floor(std::log10(low))), std::pow(10, std::ceil(std::log10(high) + 1e-3)))
            : QCPRange(1e-3, 1);
    if (!(high > low))
        return std::isnan(low) ? QCPRange(0, 1) : QCPRange(low - 1, low + 1);
    const double margin = 0.04 * (high - low);
    return {low == 0 ? 0 : low - margin, high + margin};
}

void CurvePlot::drawContent(QCPPainter& painter)
{
    const auto place = [this](double x, double y) { return QPointF(xAxis->coordToPixel(x), yAxis->coordToPixel(y)); };
    for (const Curve& curve : m_curves) {
        QColor color = curvePen(curve.color, curve.variant, theme()).color();
        color.setAlphaF(0.2f);
        painter.setPen(Qt::NoPen);
        painter.setBrush(color);
        painter.setAntialiasing(true);
        for (qsizetype begin = 0; begin < curve.spread.size();) {
            qsizetype end = begin;
            QPolygonF band;
            for (; end < curve.spread.size() && std::isfinite(curve.y[end] + curve.spread[end]); ++end)
                band.append(place(curve.x[end], possible(curve.y[end] + curve.spread[end])));
            for (qsizetype i = end; i-- > begin;)
                band.append(place(curve.x[i], possible(curve.y[i] - curve.spread[i])));
            painter.drawPolygon(band);
            begin = end + 1;
        }
        painter.setAntialiasing(false);
        painter.setBrush(Qt::NoBrush);
    }
}

void CurvePlot::styleContent()
{
    for (std::size_t i = 0; i < m_graphs.size(); ++i) {
        const QPen pen = curvePen(m_curves[i].color, m_curves[i].variant, theme());
        m_graphs[i]->setPen(pen);
        m_graphs[i]->setAntialiased(m_curves[i].x.size() < 5000);
        m_graphs[i]->setScatterStyle(m_curves[i].pointsOnly
                ? QCPScatterStyle(QCPScatterStyle::ssCircle, QPen(pen.color(), 1.2), Qt::NoBrush, 2 * pen.widthF() + 4)
                : m_curves[i].points
                ? QCPScatterStyle(QCPScatterStyle::ssDisc, pen.color(), pen.color(), 2 * pen.widthF() + 2)
                : QCPScatterStyle(QCPScatterStyle::ssNone));
    }
}

} // namespace endospike
