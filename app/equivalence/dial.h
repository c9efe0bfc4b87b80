// The simplification dial: from HH over tv-LIF2HH and s-LIF2HH to a plain LIF cell on one stimulus.
#pragma once

#include "app/equivalence/view.h"
#include "sim/equivalence/run.h"

#include <memory>

namespace endospike {

class CurvePlot;
class SegmentedControl;
class SpikeComparison;

class EquivalenceDial : public EquivalenceView {
    Q_OBJECT

public:
    explicit EquivalenceDial(QWidget* parent = nullptr);

    void setExperiment(const Experiment& experiment) override;
    void run() override;
    void enter() override;
    FigureRequest figure(const QString& caption) const override;

    SegmentedControl* dial() const { return m_dial; }
    CurvePlot* voltagePlot() const { return m_voltage; }
    CurvePlot* ratePlot() const { return m_rate; }
    QLabel* textLabel() const { return m_text; }

protected:
    void finished() override;

private:
    void show(int position);

    std::shared_ptr<std::vector<DialEntry>> m_computing;
    std::vector<DialEntry> m_entries;
    SegmentedControl* m_dial;
    QLabel* m_text;
    CurvePlot* m_voltage;
    SpikeComparison* m_raster;
    CurvePlot* m_rate;
};

} // namespace endospike
