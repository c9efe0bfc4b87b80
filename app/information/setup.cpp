#include "app/information/setup.h"

#include "app/laboratory/network_checks.h"
#include "widgets/form/parameter_form.h"

namespace endospike {

InformationSetup::InformationSetup(QWidget* parent)
    : ExperimentSetup(parent)
    , m_networks(new NetworkChecks(false, &publishedParameters))
    , m_bottleneck(new ParameterForm)
    , m_training(new ParameterForm)
{
    addSection(tr("Networks"), m_networks, false);
    addSection(tr("Bottleneck"), m_bottleneck);
    addSection(tr("Training"), m_training);
    m_training->setHiddenRows({training::source}); // digits need a folder, which a document names
    connectForm(m_bottleneck, QStringLiteral("information"),
        [](Experiment& experiment) -> ParameterValues& { return experiment.own; });
    connectForm(m_training, QStringLiteral("training"),
        [](Experiment& experiment) -> ParameterValues& { return experiment.training.settings; });
    connect(m_networks, &NetworkChecks::changeWanted, this,
        [this](const QString& what, const Change& change) { emit changeWanted(what, {}, false, change); });
}

QCheckBox* InformationSetup::networkBox(std::string_view kind) const { return m_networks->box(kind); }

void InformationSetup::setExperiment(const Experiment& experiment)
{
    showNotes(experiment);
    m_bottleneck->setValues(experiment.own);
    m_training->setValues(experiment.training.settings);
    m_networks->setNetworks(experiment.training.networks);
}

} // namespace endospike
