#include "app/jobs/live_session.h"

namespace endospike {

LiveSession::LiveSession(QObject* parent)
    : QObject(parent)
{
    connect(&m_runner, &JobRunner::failed, this, &LiveSession::fail);
}

void LiveSession::start(const NeuronPlan& plan, bool running)
{
    stop();
    m_plan = plan;
    m_history.clear();
    m_failure.clear();
    m_leavingEnd = false;
    m_stepsPerSecond = 0;
    m_measuredSteps = 0;
    m_measured.start();

    const auto run = std::make_shared<Run>();
    run->control.paused = !running;
    run->control.speed_ms_per_s = m_speed_ms_per_s;
    run->control.injection_ua_per_cm2 = m_injection;
    m_run = run;
    m_runner.start(
        [run, plan](const JobContext& context) { runLive(plan, run->control, run->status, run->traces, context); });
    setState(running ? LiveState::running : LiveState::paused);
}

void LiveSession::stop()
{
    m_runner.cancelAndWait();
    m_run.reset();
}

void LiveSession::showRecording(const NeuronPlan& plan, const std::function<void(const BlockSink&)>& produce)
{
    stop();
    m_plan = plan;
    m_history.clear();
    produce([this](const TraceBlock& block) { m_history.append(block); });
    setState(LiveState::atEnd);
}

void LiveSession::edit(const NeuronPlan& plan)
{
    m_plan = plan;
    if (m_run)
        m_run->control.edit.put(plan);
}

void LiveSession::setRunning(bool running)
{
    if (running && (m_state == LiveState::failed || m_state == LiveState::atEnd || !m_run)) {
        start(m_plan, true);
        return;
    }
    if (!m_run || m_state == LiveState::failed || m_state == LiveState::atEnd)
        return;
    m_run->control.paused = !running;
    setState(running ? LiveState::running : LiveState::paused);
}

void LiveSession::singleStep()
{
    if (!m_run || m_state == LiveState::failed || m_state == LiveState::atEnd)
        return;
    setRunning(false);
    ++m_run->control.singleSteps;
}

void LiveSession::reset()
{
    if (!m_run || m_state == LiveState::failed) {
        start(m_plan, true);
        return;
    }
    ++m_run->control.resets;
    if (m_state == LiveState::atEnd) {
        m_leavingEnd = true;
        setState(m_run->control.paused ? LiveState::paused : LiveState::running);
    }
}

void LiveSession::setSpeed(double ms_per_s)
{
    m_speed_ms_per_s = ms_per_s;
    if (m_run)
        m_run->control.speed_ms_per_s = ms_per_s;
}

void LiveSession::setInjection(double current_ua_per_cm2)
{
    m_injection = current_ua_per_cm2;
    if (m_run)
        m_run->control.injection_ua_per_cm2 = current_ua_per_cm2;
}

void LiveSession::drain()
{
    if (!m_run)
        return;
    for (const TraceBlock& block : m_run->traces.drain()) {
        m_history.append(block);
        if (block.restarted)
            m_leavingEnd = false;
    }
    measure();
    if (m_state == LiveState::failed || m_leavingEnd)
        return;
    const bool atEnd = m_run->status.atEnd;
    if (atEnd && m_state != LiveState::atEnd)
        setState(LiveState::atEnd);
    else if (!atEnd && m_state == LiveState::atEnd) // a longer duration was set
        setState(m_run->control.paused ? LiveState::paused : LiveState::running);
}

double LiveSession::time_ms() const { return m_run ? m_run->status.time_ms.load() : m_history.last_ms(); }

double LiveSession::achieved_ms_per_s() const
{
    return m_run && m_state == LiveState::running ? m_run->status.achieved_ms_per_s.load() : 0;
}

std::uint64_t LiveSession::lostSamples() const { return m_run ? m_run->traces.lostSamples() : 0; }

void LiveSession::setState(LiveState state)
{
    if (state == m_state)
        return;
    m_state = state;
    emit stateChanged();
}

void LiveSession::fail(const QString& sentence)
{
    drain(); // what came before the error is worth seeing
    m_failure = sentence;
    setState(LiveState::failed);
}

void LiveSession::measure()
{
    if (m_measured.elapsed() < 500)
        return;
    const std::int64_t steps = m_run->status.steps;
    m_stepsPerSecond = m_state == LiveState::running
        ? static_cast<double>(steps - m_measuredSteps) / static_cast<double>(m_measured.elapsed()) * 1e3
        : 0;
    m_measuredSteps = steps;
    m_measured.restart();
}

} // namespace endospike
