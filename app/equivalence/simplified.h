// HH against s-LIF2HH for the five stimuli of the paper: spike trains, metrics, and in words where they do not match.
#pragma once

#include "app/equivalence/view.h"
#include "sim/equivalence/simplified.h"

#include <memory>

class QSplitter;
class QTableWidget;

namespace endospike {

class CurvePlot;
class SpikeComparison;

class EquivalenceSimplified : public EquivalenceView {
    Q_OBJECT

public:
    explicit EquivalenceSimplified(QWidget* parent = nullptr);

    void setExperiment(const Experiment& experiment) override;
    /// All five stimuli.
    void run() override;
    void enter() override;
    FigureRequest figure(const QString& caption) const override;

    QTableWidget* table() const { return m_table; }
    SpikeComparison* raster() const { return m_raster; }
    CurvePlot* hhPlot() const { return m_hh; }
    CurvePlot* unitPlot() const { return m_unit; }
    QLabel* verdictLabel() const { return m_verdict; }

protected:
    void finished() override;
    void resizeEvent(QResizeEvent* event) override;

private:
    void fitRoom();
    void fillTable();
    void fillRaster();
    void showRow(int row);
    QString verdict() const;

    std::shared_ptr<std::vector<SimplifiedRun>> m_computing;
    std::vector<SimplifiedRun> m_runs;
    QLabel* m_verdict;
    QSplitter* m_lower = nullptr;
    QTableWidget* m_table;
    SpikeComparison* m_raster;
    CurvePlot* m_stimulus;
    CurvePlot* m_hh;
    CurvePlot* m_unit;
};

/// A curve from the engine's vectors.
struct Curve;
Curve curveOf(const QString& name, const std::vector<double>& x, const std::vector<double>& y, const QColor& color);

} // namespace endospike
