// One plot over time: axes, a header line with title and legend, a crosshair, and the mouse. What is drawn inside comes
// from subclasses (traces, rasters). Several of them stand above one another with equal margins; the stack that owns
// them moves their common time axis.
#pragma once

#include "sim/trace/trace_history.h"
#include "widgets/look/custom_plot.h"
#include "widgets/look/theme.h"

#include <deque>
#include <optional>
#include <vector>

namespace endospike {

/// What the header says about one curve.
struct LegendEntry {
    QString name; ///< rich text
    QPen pen; ///< of the swatch; Qt::NoPen for none
    double value; ///< at the crosshair; NaN is shown as a dash
    int decimals = 2;
    bool marked = true; ///< a dot on the curve at the crosshair
    QString text = {}; ///< in place of the value, where the axis is no plain number
};

class TimePlot : public QCustomPlot {
    Q_OBJECT
public:
    explicit TimePlot(QWidget* parent = nullptr);

    /// `unit` without brackets; empty if there is none.
    void setTitle(const QString& title, const QString& unit);
    QString title() const { return m_title; }
    QString unit() const { return m_unit; }
    virtual void setTheme(const Theme& theme);
    const Theme& theme() const { return *m_theme; }
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
    void setCrosshair(std::optional<double> time_ms);

    /// Samples and draws if the data, the range or the looks changed and the plot is visible. True if it drew.
    bool refresh();
    /// The values' own range again.
    virtual void fitValues();

    QRect plotArea() const { return axisRect()->rect(); }
    double timeAt(double x_px) const { return xAxis->pixelToCoord(x_px); }
    /// The legend with values at the crosshair, as the header shows it.
    virtual std::vector<LegendEntry> legend(std::optional<double> time_ms) const = 0;
    /// Notes at the header's end ("range widened").
    virtual QStringList notes() const { return {}; }

    int framesPerSecond() const; ///< painted during the last second
    std::uint64_t framesDrawn() const { return m_framesDrawn; }
    double lastDraw_ms() const
    {
        return m_lastDraw_ms;
    } ///< sampling and drawing into the buffers, without the window's own painting

    /// Draws as a figure of this size at the painter's origin: light theme, no crosshair.
    void drawFigure(QCPPainter& painter, QSize size, bool timeAxisShown, int rightMargin_px);

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
    /// Inside the axes.
    virtual void drawContent(QCPPainter& painter) = 0;
    /// Outside them; the clip is the whole plot.
    virtual void drawMargins(QCPPainter&) { }

    bool isFigure() const { return m_figure; }
    /// Pixels of the device for one px of the plot.
    double pixelRatio() const;
    void markDirty() { m_axesDirty = true; }
    bool hasManualValues() const { return m_manualValues; }
    void setValueRange(double low, double high);
    virtual bool valuesCanZoom() const { return true; }

    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void leaveEvent(QEvent* event) override;

private:
    void styleAxes();
    void layoutFrame();
    int headerRows() const;
    int rowHeight() const;
    void drawHeader(QCPPainter& painter);
    void drawCrosshair(QCPPainter& painter, const std::vector<LegendEntry>& entries);
    double entryWidth(const LegendEntry& entry, bool withValue, const QFont& font) const;
    void zoomValues(double factor, double center);
    bool overValueAxis(QPointF at) const;
    void updateCursor(QPointF at);

    QString m_title;
    QString m_unit;
    const Theme* m_theme;
    const TraceHistory* m_history = nullptr;
    std::uint64_t m_seenRevision = ~std::uint64_t{0};
    bool m_timeAxisShown = false;
    bool m_axesDirty = true;
    bool m_figure = false;
    bool m_manualValues = false;
    int m_rightMargin;
    int m_headerRows = 1;
    std::optional<double> m_crosshair_ms;
    std::optional<QPointF> m_drag;
    bool m_dragsValues = false;
    std::uint64_t m_framesDrawn = 0;
    double m_lastDraw_ms = 0;
    bool m_drawnSincePaint = false;
    std::deque<qint64> m_paints; ///< of the last second, ms
    QElapsedTimer m_clock;
};

/// A number for a read-out: fixed decimals, a true minus sign, a dash for NaN.
QString readout(double value, int decimals);

} // namespace endospike
