#include "app/window/transport_control.h"

#include "app/window/message_bar.h"
#include "app/window/workbench.h"
#include "widgets/experiment/transport_bar.h"
#include "widgets/look/text.h"

#include <algorithm>

namespace endospike {

TransportControl::TransportControl(TransportBar& bar, Workbench& workbench, MessageBar& messages, QObject* parent)
    : QObject(parent)
    , m_bar(bar)
    , m_workbench(workbench)
    , m_messages(messages)
{
    connectBar();
    connect(&workbench, &Workbench::frontChanged, this, &TransportControl::showFront);
    connect(&workbench, &Workbench::stateChanged, this, &TransportControl::showState);
    connect(&workbench, &Workbench::documentChanged, this, &TransportControl::showDuration);
}

void TransportControl::connectBar()
{
    // The bar is hidden where there is nothing to run.
    const auto transport = [this] { return m_workbench.parts().transport; };
    connect(&m_bar, &TransportBar::runRequested, this, [transport](bool run) { transport()->setRunning(run); });
    connect(&m_bar, &TransportBar::resetRequested, this, [transport] { transport()->reset(); });
    connect(&m_bar, &TransportBar::stepRequested, this, [this] { m_workbench.parts().live->singleStep(); });
    connect(&m_bar, &TransportBar::speedEdited, this, [this](double ms_per_s, bool) { setSpeed(ms_per_s); });
    connect(&m_bar, &TransportBar::durationEdited, this,
        [this](double value, bool continuing) { editSimulation(simulation::duration_ms, value, continuing); });
    connect(&m_bar, &TransportBar::endlessEdited, this,
        [this](bool endless) { editSimulation(simulation::endless, endless ? 1 : 0, false); });
}

void TransportControl::showFront()
{
    m_bar.setVisible(m_workbench.parts().transport);
    showDuration();
    showState();
}

void TransportControl::showState()
{
    constexpr const char* key = "stopped";
    const PageParts parts = m_workbench.bench().page().parts();
    if (!parts.transport)
        return m_messages.dismiss(QLatin1String(key));
    if (parts.job) {
        m_bar.setMode(parts.job->pausable() ? TransportBar::Mode::pausableJob : TransportBar::Mode::job);
        m_bar.setProgress(parts.job->fraction(), parts.job->sentence());
    } else {
        m_bar.setMode(TransportBar::Mode::live);
    }
    if (parts.live)
        m_bar.setSpeed(parts.live->speed());
    const TransportState state = parts.transport->state();
    const QString reason = parts.transport->stopReason();
    m_bar.setState(state, reason);
    if (state == TransportState::stopped)
        m_messages.show(QLatin1String(key), MessageBar::Kind::problem, tr("The run was stopped: %1").arg(reason),
            {{tr("Start again"), [this] { m_workbench.bench().page().parts().transport->reset(); }}});
    else
        m_messages.dismiss(QLatin1String(key));
}

void TransportControl::showDuration()
{
    const Experiment& experiment = m_workbench.bench().document().experiment();
    m_bar.setDuration(experiment.neuron.duration_ms(), experiment.neuron.endless());
}

void TransportControl::showReading()
{
    if (const LiveTransport* live = m_workbench.parts().live)
        m_bar.setReading(live->reading());
}

void TransportControl::changeSpeed(double factor)
{
    constexpr double slowest = 1;
    constexpr double usual = 100;
    constexpr double fastest = 100000;
    const double present = m_workbench.parts().live->speed();
    // From "as fast as possible" the way back leads to the usual speed.
    setSpeed(factor == 0 ? 0 : present <= 0 ? usual : std::clamp(present * factor, slowest, fastest));
}

void TransportControl::setSpeed(double ms_per_s)
{
    m_workbench.parts().live->setSpeed(ms_per_s);
    m_bar.setSpeed(ms_per_s);
}

void TransportControl::editSimulation(int row, double value, bool continuing)
{
    const Parameter& parameter = simulationTable()[static_cast<std::size_t>(row)];
    if (!refusal(parameter, value).empty())
        return; // the bar's own bounds are the table's
    Document& document = m_workbench.bench().document();
    Experiment after = document.experiment();
    after.neuron.simulation.set(static_cast<std::size_t>(row), value);
    document.edit(std::move(after), qstring(parameter.label), QStringLiteral("simulation.%1").arg(row));
    if (!continuing)
        document.endEdit();
}

} // namespace endospike
