// One plot over time. What is drawn inside comes from subclasses (traces, rasters). Several of them stand above one
// another with equal margins; the stack that owns them gives them their theme and moves their common time axis.
#pragma once

#include "sim/trace/trace_history.h"
#include "widgets/plot/plot_frame.h"

#include <deque>

namespace endospike {

class TimePlot : public PlotFrame {
    Q_OBJECT
public:
    explicit TimePlot(QWidget* parent = nullptr);

    virtual void setHistory(const TraceHistory* history);
    const TraceHistory* history() const { return m_history; }

    void setTimeRange(double from_ms, double to_ms);
    double from_ms() const { return xAxis->range().lower; }
    double to_ms() const { return xAxis->range().upper; }
    /// Only the lowest plot says the time.
    void setTimeAxisShown(bool shown);
    bool isTimeAxisShown() const { return m_timeAxisShown; }
    /// Room for labels right of the axes; equal for all plots of a stack.
    void setRightMargin(int width_px);
    virtual int wantedRightMargin() const;

    /// Samples and draws if the data, the range or the looks changed and the plot is visible. True if it drew.
    bool refresh();
    /// The values' own range again.
    virtual void fitValues();

    double timeAt(double x_px) const { return xAxis->pixelToCoord(x_px); }

    int framesPerSecond() const; ///< painted during the last second
    std::uint64_t framesDrawn() const { return m_framesDrawn; }
    double lastDraw_ms() const
    {
        return m_lastDraw_ms;
    } ///< sampling and drawing into the buffers, without the window's own painting

    /// As a figure of this size at the painter's origin: light theme, no crosshair.
    void drawFigure(QCPPainter& painter, QSize size, bool timeAxisShown, int rightMargin_px);
    /// The same, standing alone.
    void drawFigure(QCPPainter& painter, QSize size) { drawFigure(painter, size, true, wantedRightMargin()); }

signals:
    void pressed();
    void hovered(double time_ms);
    void unhovered();
    void panned(double by_ms);
    void zoomed(double factor, double center_ms);
    void fitRequested();

protected:
    /// Brings what is to be drawn up to date with history and range; may change the value axis.
    virtual void prepare() = 0;
    /// Pixels of the device for one px of the plot.
    double pixelRatio() const;
    void changed() override { m_axesDirty = true; }
    bool hasManualValues() const { return m_manualValues; }
    void setValueRange(double low, double high);
    virtual bool valuesCanZoom() const { return true; }

    void layoutFrame() override;
    QMargins frameMargins() const override;
    QString axisName() const override;
    bool hasRoomForValues(bool crosshair) const override { return crosshair; }
    void prepareFigure() override { prepare(); }

    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void leaveEvent(QEvent* event) override;

private:
    void zoomValues(double factor, double center);
    bool overValueAxis(QPointF at) const;
    void updateCursor(QPointF at);

    const TraceHistory* m_history = nullptr;
    std::uint64_t m_seenRevision = ~std::uint64_t{0};
    bool m_timeAxisShown = false;
    bool m_axesDirty = true;
    bool m_manualValues = false;
    int m_rightMargin;
    std::optional<QPointF> m_drag;
    bool m_dragsValues = false;
    std::uint64_t m_framesDrawn = 0;
    double m_lastDraw_ms = 0;
    bool m_drawnSincePaint = false;
    std::deque<qint64> m_paints; ///< of the last second, ms
    QElapsedTimer m_clock;
};

} // namespace endospike
