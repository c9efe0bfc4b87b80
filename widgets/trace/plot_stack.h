// The plot area of a laboratory: plots above one another that share one time axis, a strip on top with a switch for
// each of them, one crosshair through all. The owner hands in the plan, the history and a tick; the stack draws
// what has changed and is visible.
#pragma once

#include "widgets/look/theme.h"
#include "widgets/trace/cell_panels.h"
#include "widgets/trace/plot_column.h"
#include "widgets/trace/time_axis.h"

#include <QWidget>

#include <optional>
#include <vector>

class QToolButton;

namespace endospike {

class PlotStrip;
class TimePlot;

class PlotStack : public QWidget {
    Q_OBJECT
public:
    explicit PlotStack(QWidget* parent = nullptr);
    ~PlotStack() override;

    /// Names, colours, visibility, reference lines. Cheap; call after every edit.
    void setPlan(const NeuronPlan& plan);
    /// Whose gates, currents and conductances are shown.
    void setSelectedCell(int cellId);
    /// Not owned; null for none. Must outlive the stack or be replaced.
    void setHistory(const TraceHistory* history);
    /// Draws the visible plots whose data or range changed. Called by the owner's timer, about every 16 ms.
    void refresh();

    /// One more plot below the others, for a laboratory's own quantities; the stack takes it over. The caller sets its
    /// curves. `height` is its share beside the others (voltage 40, gates 18).
    void addPanel(const QString& key, const QString& title, TimePlot* plot, bool shown, int height);
    /// A button of the owner's at the right end of the strip; the stack takes it over.
    void addTool(QToolButton* tool);
    std::vector<PlotPanel> panels() const { return m_column->panels(); }
    bool isPanelVisible(const QString& key) const { return m_column->isShown(key); }
    void setPanelVisible(const QString& key, bool visible);
    /// The plot with this key, or null.
    TimePlot* plot(const QString& key) const { return m_column->plot(key); }

    bool followsLive() const { return m_axis.follows(); }
    void setFollowLive(bool follow) { m_axis.setFollows(follow); }
    /// Width of the visible range, ms.
    void setTimeSpan(double span_ms) { m_axis.setSpan(span_ms); }
    TimeRange visibleRange() const { return m_axis.range(); }
    void setVisibleRange(TimeRange range) { m_axis.setRange(range); } ///< stops following
    /// Everything that is held, and the values' own ranges again; stops following.
    void fit();

    /// Gates, currents and conductances of every visible cell in place of the selected one's.
    void setAllCellsInDetail(bool all);
    bool allCellsInDetail() const { return m_scene.allCells; }
    /// Thin labelled lines for rest, threshold and reversal potentials of the selected cell.
    void setReferenceLinesVisible(bool visible);
    bool referenceLinesVisible() const { return m_scene.referenceLines; }

    /// Time under the crosshair, if there is one.
    std::optional<double> crosshair_ms() const { return m_crosshair_ms; }
    void setCrosshair(std::optional<double> time_ms);

    void setTheme(const Theme& theme); ///< follows themeNotifier() by itself

    /// The visible plots, sharing one time axis.
    FigureRequest figure(const QString& caption) const { return m_column->figure(caption); }

    /// Frames painted during the last second.
    int framesPerSecond() const;

    /// Which plots are shown, how tall, with which options. For settings between starts.
    QByteArray saveLayout() const;
    bool restoreLayout(const QByteArray& state); ///< false, and nothing changed, if it is not understood

signals:
    void followLiveChanged(bool follow);
    void visibleRangeChanged(double from_ms, double to_ms);
    void panelVisibilityChanged(const QString& key, bool visible);
    void crosshairChanged();

protected:
    void keyPressEvent(QKeyEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;

private:
    void addOptions();
    void connectPlot(TimePlot* plot);
    void fillPanels();
    void arrange();
    void showRange(double from_ms, double to_ms);
    void updateReadout();

    PanelScene m_scene;
    TimeAxis m_axis;
    PlotStrip* m_strip;
    PlotColumn* m_column;
    QAction* m_linesAction = nullptr;
    QAction* m_allAction = nullptr;
    bool m_showFocus = false;
    std::optional<double> m_crosshair_ms;
    std::optional<double> m_hover; ///< place of the mouse as a fraction of the range
};

} // namespace endospike
