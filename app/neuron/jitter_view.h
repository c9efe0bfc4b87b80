// The spike-time jitter of the neuron laboratory: the same experiment many times, each trial with other noise on the
// current. A raster of the trials and the jitter of every spike, cell beside cell.
#pragma once

#include "app/jobs/newest_job.h"
#include "sim/base/latest.h"
#include "sim/neuron/spike_jitter.h"
#include "widgets/plot/figure.h"

#include <QWidget>

#include <memory>

class QLabel;
class QProgressBar;
class QPushButton;

namespace endospike {

class CurvePlot;
class ParameterForm;
class TrialRaster;

class JitterView : public QWidget {
    Q_OBJECT

public:
    explicit JitterView(QWidget* parent = nullptr);
    ~JitterView() override;

    /// Begins anew if it is seen and the result would be another one.
    void setPlan(const NeuronPlan& plan);
    void stop() { m_job.stop(); }
    void addTo(FigureRequest& request) const;

    ParameterForm* form() const { return m_form; }
    TrialRaster* raster() const { return m_raster; }
    CurvePlot* plot() const { return m_plot; }
    QPushButton* button() const { return m_button; } ///< stops, or begins again
    QLabel* summary() const { return m_summary; }
    const JitterResult& result() const { return m_result; }
    bool isBusy() const { return m_busy; }

protected:
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;

private:
    QWidget* buildSettings();
    void compute();
    void takeNewest();
    void showResult();
    void showBusy();
    void paint();

    NeuronPlan m_plan;
    ParameterValues m_settings;
    JitterResult m_result;
    bool m_outdated = true; ///< the result is not that of the experiment
    bool m_busy = false;
    std::shared_ptr<Latest<JitterResult>> m_newest; ///< than the one that is shown
    ParameterForm* m_form;
    TrialRaster* m_raster;
    CurvePlot* m_plot;
    QLabel* m_summary;
    QProgressBar* m_progress;
    QPushButton* m_button;
    NewestJob m_job; // last: its thread ends before what it uses goes
};

} // namespace endospike
