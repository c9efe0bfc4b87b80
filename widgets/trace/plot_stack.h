// The plot area of a laboratory: plots above one another that share one time axis, a strip on top with a switch for
// each of them, one crosshair through all. The owner hands in the experiment, the history and a tick; the stack draws
// what has changed and is visible.
#pragma once

#include "sim/neuron/neuron_plan.h"
#include "sim/trace/trace_history.h"
#include "widgets/look/theme.h"

#include <QElapsedTimer>
#include <QWidget>

#include <optional>
#include <vector>

class QLabel;
class QSplitter;
class QToolButton;

namespace endospike {

class RasterPlot;
class TimePlot;
class TracePlot;

/// One plot of the stack, for menus. `key` is stable: voltage, gates, currents, conductances, stimulus, spikes, rate.
struct PlotPanel {
    QString key;
    QString title;
    bool visible;
};

struct TimeRange {
    double from_ms;
    double to_ms;
};

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
    std::vector<PlotPanel> panels() const;
    bool isPanelVisible(const QString& key) const;
    void setPanelVisible(const QString& key, bool visible);
    /// The plots in their order, hidden ones included.
    std::vector<TimePlot*> plots() const;
    /// The plot with this key, or null.
    TimePlot* plot(const QString& key) const;

    bool followsLive() const { return m_follow; }
    void setFollowLive(bool follow);
    /// Width of the visible range, ms.
    void setTimeSpan(double span_ms);
    TimeRange visibleRange() const { return m_range; }
    void setVisibleRange(TimeRange range); ///< stops following
    /// Everything that is held, and the values' own ranges again; stops following.
    void fit();

    /// Gates, currents and conductances of every visible cell in place of the selected one's.
    void setAllCellsInDetail(bool all);
    bool allCellsInDetail() const { return m_allCells; }
    /// Thin labelled lines for rest, threshold and reversal potentials of the selected cell.
    void setReferenceLinesVisible(bool visible);
    bool referenceLinesVisible() const { return m_referenceLines; }

    /// Time under the crosshair, if there is one.
    std::optional<double> crosshair_ms() const { return m_crosshair_ms; }
    void setCrosshair(std::optional<double> time_ms);

    void setTheme(const Theme& theme); ///< follows themeNotifier() by itself

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
    struct Panel {
        QString key;
        TimePlot* plot;
        QToolButton* chip;
        bool wanted;
        int height; ///< share of the whole
    };

    void buildStrip();
    void connectPlot(TimePlot* plot);
    void updateCurves();
    const Cell* detailCell(ChannelGroup group) const;
    void updateVoltagePlot();
    void updateChannelPlot(const QString& key, ChannelGroup group, const QString& title, const QString& unit);
    void updateStimulusPlot();
    void updateSpikePlots();
    void makeRoom(QList<int> heights, const Panel& shown);
    void arrange();
    void placeStrip();
    void updateReadout();
    void applyRange(TimeRange range);
    void followEnd();
    void pan(double by_ms);
    void zoom(double factor, double center_ms);
    bool isLive() const;
    double pixel_ms(double span_ms) const;
    TimePlot* topPlot() const;

    NeuronPlan m_plan;
    const TraceHistory* m_history = nullptr;
    std::vector<Panel> m_panels;
    QSplitter* m_splitter = nullptr;
    QWidget* m_strip = nullptr;
    std::vector<QToolButton*> m_tools;
    QToolButton* m_panelMenu = nullptr;
    QToolButton* m_optionMenu = nullptr;
    QToolButton* m_followButton = nullptr;
    QLabel* m_readout = nullptr;
    int m_selectedCell = -1;
    int m_detailCell = -1; ///< the last selected cell that has gates
    bool m_follow = true;
    bool m_allCells = false;
    bool m_referenceLines = true;
    bool m_showFocus = false;
    TimeRange m_range{0, 200};
    std::optional<double> m_crosshair_ms;
    std::optional<double> m_hover; ///< place of the mouse as a fraction of the range
    std::uint64_t m_seenRevision = 0;
    std::uint64_t m_seenGeneration = 0;
    QElapsedTimer m_sinceChange;
};

} // namespace endospike
