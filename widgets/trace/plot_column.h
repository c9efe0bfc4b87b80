// Plots above one another on one time axis: which of them are shown, and how high each is.
#pragma once

#include "widgets/plot/figure.h"

#include <QSplitter>

#include <vector>

class QDataStream;

namespace endospike {

class TimePlot;

/// One plot of a stack, for menus. `key` is stable (see PanelKind).
struct PlotPanel {
    QString key;
    QString title;
    bool visible;
};

class PlotColumn : public QSplitter {
    Q_OBJECT
public:
    explicit PlotColumn(QWidget* parent = nullptr);

    /// Below the others. `height` is its share beside them.
    void add(const PlotPanel& panel, TimePlot* plot, int height);
    std::vector<PlotPanel> panels() const;
    bool isShown(const QString& key) const;
    /// False if it was so already, or there is no such plot.
    bool setShown(const QString& key, bool shown);
    /// The plot with this key, or null.
    TimePlot* plot(const QString& key) const;
    TimePlot* top() const; ///< of those that are shown; the first if none is
    template <typename Function>
    void forEach(Function call) const
    {
        for (const Panel& panel : m_panels)
            call(*panel.plot);
    }
    /// Equal margins, and the time below the lowest.
    void arrange();

    /// Those that are shown.
    FigureRequest figure(const QString& caption) const;

    struct Layout {
        QString key;
        bool shown;
        qint32 height;
    };
    std::vector<Layout> layouts() const;
    /// Shows and hides nothing.
    void setHeights(const std::vector<Layout>& layouts);

private:
    struct Panel {
        PlotPanel panel;
        TimePlot* plot;
        int height; ///< share of the whole
    };
    void makeRoom(QList<int> heights, const Panel& shown);
    TimePlot* lowest() const;
    int rightMargin() const;

    std::vector<Panel> m_panels;
};

} // namespace endospike
