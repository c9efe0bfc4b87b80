// A live run as the window sees it: started, steered and read here, computed on a JobRunner's thread.
#pragma once

#include "app/jobs/job_runner.h"
#include "sim/neuron/live_run.h"
#include "sim/neuron/run.h"
#include "sim/trace/trace_history.h"

#include <QElapsedTimer>
#include <QObject>

#include <cstdint>
#include <memory>

namespace endospike {

enum class LiveState {
    paused,
    running,
    atEnd, ///< the duration of a run that is not endless is reached
    failed, ///< stopped by an error, see failure(); reset() starts anew
};

class LiveSession : public QObject {
    Q_OBJECT

public:
    explicit LiveSession(QObject* parent = nullptr);

    /// A new run from t = 0, in place of the present one if there is one; the history starts empty.
    void start(const NeuronPlan& plan, bool running);
    /// Ends the thread; returns within a few ms.
    void stop();

    /// Ends the live run and holds what `produce` hands over, as at the end of a run.
    void showRecording(const NeuronPlan& plan, const std::function<void(const BlockSink&)>& produce);

    void edit(const NeuronPlan& plan);
    /// Going on after the end or after an error starts from t = 0.
    void setRunning(bool running);
    /// One recorded sample; pauses first.
    void singleStep();
    void reset();
    void setSpeed(double ms_per_s); ///< 0: as fast as possible
    double speed() const { return m_speed_ms_per_s; }
    void setInjection(double current_ua_per_cm2);

    /// Takes what has arrived into the history and notices ends. For the window's timer.
    void drain();

    LiveState state() const { return m_state; }
    const QString& failure() const { return m_failure; }
    const TraceHistory& history() const { return m_history; }
    double time_ms() const;
    double achieved_ms_per_s() const;
    double stepsPerSecond() const { return m_stepsPerSecond; }
    std::uint64_t lostSamples() const;

signals:
    void stateChanged();

private:
    struct Run {
        LiveControl control;
        LiveStatus status;
        TraceBuffer traces;
    };
    void setState(LiveState state);
    void fail(const QString& sentence);
    void measure();

    NeuronPlan m_plan;
    TraceHistory m_history;
    std::shared_ptr<Run> m_run;
    LiveState m_state = LiveState::paused;
    QString m_failure;
    double m_speed_ms_per_s = 100;
    double m_injection = 0;
    bool m_leavingEnd = false; ///< a reset was asked for and the thread has not yet seen it
    QElapsedTimer m_measured;
    std::int64_t m_measuredSteps = 0;
    double m_stepsPerSecond = 0;
    JobRunner m_runner; // last: its thread ends before what it uses goes
};

} // namespace endospike
