// The frame that every plot stands in: axes, a header line with title and legend, a crosshair, and the figure of it.
// What is drawn inside comes from subclasses.
#pragma once

#include "widgets/look/theme.h"

#include "widgets/look/custom_plot.h"

#include <functional>
#include <limits>
#include <optional>
#include <vector>

namespace endospike {

/// What the header says about one curve.
struct LegendEntry {
    QString name; ///< rich text; empty: named elsewhere
    QPen pen; ///< of the swatch; Qt::NoPen for none
    QString value = {}; ///< at the crosshair
    double y = std::numeric_limits<double>::quiet_NaN(); ///< of the dot at the crosshair; NaN for none
    QString widest = QStringLiteral("−888.8"); ///< what `value` has room for
};

class PlotFrame : public QCustomPlot {
    Q_OBJECT
public:
    /// `unit` without brackets; empty if there is none.
    void setTitle(const QString& title, const QString& unit);
    QString title() const { return m_title; }
    QString unit() const { return m_unit; }
    void setTheme(const Theme& theme);
    const Theme& theme() const { return *m_theme; }

    QRect plotArea() const { return axisRect()->rect(); }
    /// As the header shows it, with values at the crosshair.
    virtual std::vector<LegendEntry> legend(std::optional<double> x) const = 0;
    std::optional<double> crosshair() const { return m_crosshair; }
    void setCrosshair(std::optional<double> x);

protected:
    explicit PlotFrame(QWidget* parent);

    /// At the painter's origin: light theme, no crosshair.
    void drawAsFigure(QCPPainter& painter, QSize size);

    /// Data, range or looks changed.
    virtual void changed() = 0;
    /// Inside the axes.
    virtual void drawContent(QCPPainter&) { }
    /// Outside of them; the clip is the whole plot.
    virtual void drawMargins(QCPPainter&) { }
    /// Over everything but the crosshair.
    virtual void drawOver(QCPPainter&) { }
    virtual void drawCrosshairLabel(QCPPainter&, double /*x_px*/) { }
    /// What must be ready before a figure is drawn.
    virtual void prepareFigure() { }
    /// After the theme changed.
    virtual void restyle();
    virtual void layoutFrame();

    /// Around the axes, without the header's rows.
    virtual QMargins frameMargins() const = 0;
    /// Written at the left end of the horizontal axis.
    virtual QString axisName() const = 0;
    /// Notes at the header's end ("range widened").
    virtual QStringList notes() const { return {}; }
    /// Whether the legend keeps room for values.
    virtual bool hasRoomForValues(bool crosshair) const = 0;

    bool isFigure() const { return m_figure; }
    void redrawOverlay();
    /// Wide enough for the numbers of a value axis.
    int valueAxisWidth() const;
    /// High enough for the numbers of the horizontal axis.
    int axisHeight() const;

private:
    using Place = std::function<bool(const LegendEntry&, double x, int row, double width)>;
    /// Calls with every entry that has a name until that says false; counts the rows. The first entry begins at `x`.
    int placeEntries(const std::vector<LegendEntry>& entries, bool values, double x, const Place& place) const;
    double entryWidth(const LegendEntry& entry, bool value) const;
    int headerRows() const;
    int rowHeight() const;
    void drawOverlay(QCPPainter& painter);
    void drawEntry(QCPPainter& painter, const LegendEntry& entry, QPointF baseline, double width, bool value) const;
    void drawCrosshair(QCPPainter& painter, const std::vector<LegendEntry>& entries);

    QString m_title;
    QString m_unit;
    const Theme* m_theme;
    std::optional<double> m_crosshair;
    bool m_figure = false;
    int m_headerRows = 1;
};

} // namespace endospike
