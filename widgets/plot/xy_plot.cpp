#include "widgets/plot/xy_plot.h"

#include "widgets/look/numbers.h"
#include "widgets/look/plot_parts.h"
#include "widgets/look/rich_label.h"

#include <algorithm>
#include <cmath>

namespace endospike {

XyPlot::XyPlot(QWidget* parent)
    : PlotFrame(parent)
{
    setFocusPolicy(Qt::StrongFocus);
    setInteractions(QCP::iRangeDrag | QCP::iRangeZoom);
    new PaintLayer(
        this, QStringLiteral("main"), [this] { return plotArea(); },
        [this](QCPPainter& painter) { drawContent(painter); });
    layer(QStringLiteral("overlay"))->setMode(QCPLayer::lmBuffered);
    connect(&themeNotifier(), &ThemeNotifier::themeChanged, this, &XyPlot::setTheme);
}

void XyPlot::setXAxis(const QString& symbol, const QString& unit)
{
    m_xLabel = unit.isEmpty() ? symbol : QStringLiteral("%1 (%2)").arg(symbol, unit);
    changed();
}

void XyPlot::setEmptyText(const QString& text)
{
    m_emptyText = text;
    replot(QCustomPlot::rpQueuedReplot);
}

void XyPlot::restyle()
{
    PlotFrame::restyle();
    styleContent();
}

int XyPlot::leftMargin() const
{
    return std::max(valueAxisWidth(), static_cast<int>(richWidth(theme().axisFont(), m_xLabel) + 2 * plotGap_px));
}

/// Half of a tick label stands beyond the axis.
int XyPlot::rightMargin() const
{
    return std::max(2 * plotGap_px, QFontMetrics(theme().axisFont()).horizontalAdvance(QStringLiteral("888888")) / 2);
}

QMargins XyPlot::frameMargins() const
{
    const int top = QFontMetrics(theme().axisFont()).height() / 4; // half a tick label stands above the axis
    return {leftMargin(), top, rightMargin(), axisHeight()};
}

bool XyPlot::hasRoomForValues(bool) const
{
    return !isFigure() && viewport().width() > 22 * QFontMetrics(theme().axisFont()).height();
}

/// No numbers where there is nothing to read.
void XyPlot::showNumbers(bool shown)
{
    if (shown == m_numbersShown)
        return;
    m_numbersShown = shown;
    for (std::size_t i = 0; i < m_axisLooks.size(); ++i) {
        QCPAxis* axis = i == 0 ? xAxis : yAxis;
        if (!shown)
            m_axisLooks[i] = {axis->ticks(), axis->tickLabels(), axis->grid()->visible()};
        axis->setTicks(shown && m_axisLooks[i].ticks);
        axis->setTickLabels(shown && m_axisLooks[i].labels);
        axis->grid()->setVisible(shown && m_axisLooks[i].grid);
    }
}

void XyPlot::changed()
{
    layoutFrame();
    showNumbers(!isEmpty());
    if (!m_moved) {
        xAxis->setRange(fullX());
        yAxis->setRange(fullY());
    }
    replot(QCustomPlot::rpQueuedReplot);
}

void XyPlot::fit()
{
    m_moved = false;
    changed();
}

void XyPlot::drawOver(QCPPainter& painter)
{
    if (isEmpty() && !m_emptyText.isEmpty())
        painter.drawText(plotArea(), Qt::AlignCenter | Qt::TextWordWrap, m_emptyText);
    if (hasFocus() && !isFigure()) {
        painter.setPen(QPen(theme().accent, 2));
        painter.setBrush(Qt::NoBrush);
        painter.drawRect(viewport().adjusted(1, 1, -1, -1));
    }
}

void XyPlot::drawCrosshairLabel(QCPPainter& painter, double x_px)
{
    const QFontMetricsF metrics(theme().axisFont());
    // Of counts of thousands all digits, not powers of ten.
    const double x = *crosshair();
    const QString text = plotNumber(x, std::abs(x) >= 1000 ? 6 : 4);
    const QRectF box(x_px - metrics.horizontalAdvance(text) / 2 - 3, plotArea().bottom() + 5,
        metrics.horizontalAdvance(text) + 6, metrics.height());
    painter.fillRect(box, theme().plot);
    painter.setPen(theme().text);
    painter.setFont(theme().axisFont());
    painter.drawText(box, Qt::AlignCenter, text);
}

void XyPlot::resizeEvent(QResizeEvent*)
{
    setViewport(rect());
    changed();
}

void XyPlot::mousePressEvent(QMouseEvent* event)
{
    axisRect()->setRangeDrag(valuesCanZoom() ? Qt::Horizontal | Qt::Vertical : Qt::Orientations(Qt::Horizontal));
    QCustomPlot::mousePressEvent(event);
}

void XyPlot::mouseMoveEvent(QMouseEvent* event)
{
    if (event->buttons() & Qt::LeftButton)
        m_moved = true;
    QCustomPlot::mouseMoveEvent(event);
    const QPointF at = event->position();
    if (plotArea().contains(at.toPoint())) {
        setCrosshair(xAxis->pixelToCoord(at.x()));
        emit hovered(*crosshair());
    } else if (crosshair()) {
        setCrosshair(std::nullopt);
        emit unhovered();
    }
}

void XyPlot::mouseDoubleClickEvent(QMouseEvent* event)
{
    if (event->button() == Qt::LeftButton)
        fit();
}

void XyPlot::wheelEvent(QWheelEvent* event)
{
    const double factor = std::pow(0.85, event->angleDelta().y() / 120.0);
    const QPointF at = event->position();
    m_moved = true;
    if (valuesCanZoom() && ((event->modifiers() & Qt::ControlModifier) || at.x() < plotArea().left()))
        yAxis->scaleRange(factor, yAxis->pixelToCoord(at.y()));
    else
        xAxis->scaleRange(factor, xAxis->pixelToCoord(at.x()));
    replot(QCustomPlot::rpQueuedReplot);
    event->accept();
}

void XyPlot::keyPressEvent(QKeyEvent* event)
{
    const double step = 0.1 * xAxis->range().size();
    switch (event->key()) {
    case Qt::Key_Left:
        xAxis->moveRange(-step);
        break;
    case Qt::Key_Right:
        xAxis->moveRange(step);
        break;
    case Qt::Key_Plus:
    case Qt::Key_Equal:
        xAxis->scaleRange(0.85);
        break;
    case Qt::Key_Minus:
        xAxis->scaleRange(1 / 0.85);
        break;
    case Qt::Key_Home:
        return fit();
    default:
        return QCustomPlot::keyPressEvent(event);
    }
    m_moved = true;
    replot(QCustomPlot::rpQueuedReplot);
}

void XyPlot::leaveEvent(QEvent*)
{
    setCrosshair(std::nullopt);
    emit unhovered();
}

void XyPlot::focusInEvent(QFocusEvent*) { redrawOverlay(); }
void XyPlot::focusOutEvent(QFocusEvent*) { redrawOverlay(); }

} // namespace endospike
