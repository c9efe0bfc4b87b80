// The frame of a plot whose horizontal axis is any quantity: axes, a header with title and legend, a crosshair, and the
// mouse. What is drawn inside comes from subclasses. It looks like the plots over time.
// Wheel: zoom across; with Ctrl or over the vertical axis: zoom values. Drag: pan. Double click or Home: fit.
#pragma once

#include "widgets/look/custom_plot.h"
#include "widgets/look/theme.h"

#include <array>
#include <limits>
#include <optional>
#include <vector>

namespace endospike {

class XyPlot : public QCustomPlot {
    Q_OBJECT
public:
    /// What the header says about one curve.
    struct Entry {
        QString name; ///< rich text
        QPen pen; ///< of the swatch
        QString value; ///< at the crosshair, may be empty
        double y; ///< of the dot at the crosshair; NaN for none
    };

    explicit XyPlot(QWidget* parent = nullptr);

    /// `unit` without brackets; empty if there is none.
    void setTitle(const QString& title, const QString& unit);
    QString title() const { return m_title; }
    void setXAxis(const QString& symbol, const QString& unit);
    void setTheme(const Theme& theme); ///< follows themeNotifier() by itself
    const Theme& theme() const { return *m_theme; }

    /// Shown in place of the data while there is none: what to do next.
    void setEmptyText(const QString& text);
    virtual bool isEmpty() const = 0;

    /// Ranges that hold everything.
    void fit();
    QRect plotArea() const { return axisRect()->rect(); }
    std::optional<double> crosshair() const { return m_crosshair; }
    void setCrosshair(std::optional<double> x);
    virtual std::vector<Entry> legend(std::optional<double> x) const = 0;

    /// Draws as a figure of this size at the painter's origin: light theme, no crosshair.
    void drawFigure(QCPPainter& painter, QSize size);

    QSize sizeHint() const override { return {480, 240}; }
    QSize minimumSizeHint() const override { return {160, 110}; }

signals:
    void hovered(double x);
    void unhovered();

protected:
    static constexpr double none = std::numeric_limits<double>::quiet_NaN();

    virtual QCPRange fullX() const = 0;
    virtual QCPRange fullY() const = 0;
    /// Inside the axes.
    virtual void drawContent(QCPPainter&) { }
    /// Outside of them.
    virtual void drawMargins(QCPPainter&) { }
    virtual void styleContent() { }
    virtual int leftMargin() const;
    virtual int rightMargin() const;
    virtual bool valuesCanZoom() const { return true; }
    bool isFigure() const { return m_figure; }
    /// Data or looks changed: fits again unless the user has moved the view.
    void contentChanged();

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
    void redrawOverlay();
    void styleAxes();
    void layoutFrame();
    int headerRows() const;
    bool hasRoomForValues() const;
    int rowHeight() const;
    double entryWidth(const Entry& entry) const;
    void drawHeader(QCPPainter& painter);
    void drawCrosshair(QCPPainter& painter, const std::vector<Entry>& entries);

    QString m_title;
    QString m_unit;
    QString m_xLabel;
    /// Of an axis, while there is something to read.
    struct AxisLook {
        bool ticks = true;
        bool labels = true;
        bool grid = true;
    };
    void showNumbers(bool shown);

    std::array<AxisLook, 2> m_axisLooks;
    bool m_numbersShown = true;
    QString m_emptyText;
    const Theme* m_theme;
    std::optional<double> m_crosshair;
    bool m_moved = false;
    bool m_figure = false;
    int m_headerRows = 1;
};

/// The number with a true minus sign; a dash for NaN.
QString plotNumber(double value, int significantDigits);

} // namespace endospike
