// A plot whose horizontal axis is any quantity. What is drawn inside comes from subclasses. It looks like the plots
// over time. Wheel: zoom across; with Ctrl or over the vertical axis: zoom values. Drag: pan. Double click or Home:
// fit.
#pragma once

#include "widgets/plot/plot_frame.h"

#include <array>

namespace endospike {

class XyPlot : public PlotFrame {
    Q_OBJECT
public:
    /// Follows themeNotifier() by itself.
    explicit XyPlot(QWidget* parent = nullptr);

    void setXAxis(const QString& symbol, const QString& unit);

    /// Shown in place of the data while there is none: what to do next.
    void setEmptyText(const QString& text);
    virtual bool isEmpty() const = 0;

    /// Ranges that hold everything.
    void fit();
    /// As a figure of this size at the painter's origin: light theme, no crosshair.
    void drawFigure(QCPPainter& painter, QSize size) { drawAsFigure(painter, size); }

    QSize sizeHint() const override { return {480, 240}; }
    QSize minimumSizeHint() const override { return {160, 110}; }

signals:
    void hovered(double x);
    void unhovered();

protected:
    static constexpr double none = std::numeric_limits<double>::quiet_NaN();

    virtual QCPRange fullX() const = 0;
    virtual QCPRange fullY() const = 0;
    virtual void styleContent() { }
    virtual int leftMargin() const;
    virtual int rightMargin() const;
    virtual bool valuesCanZoom() const { return true; }
    /// Fits again unless the user has moved the view.
    void changed() override;

    void drawOver(QCPPainter& painter) override;
    void drawCrosshairLabel(QCPPainter& painter, double x_px) override;
    void restyle() override;
    QMargins frameMargins() const override;
    QString axisName() const override { return m_xLabel; }
    bool hasRoomForValues(bool crosshair) const override;

    void resizeEvent(QResizeEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;

private:
    /// Of an axis, while there is something to read.
    struct AxisLook {
        bool ticks = true;
        bool labels = true;
        bool grid = true;
    };
    void showNumbers(bool shown);

    std::array<AxisLook, 2> m_axisLooks;
    bool m_numbersShown = true;
    QString m_xLabel;
    QString m_emptyText;
    bool m_moved = false;
};

} // namespace endospike
