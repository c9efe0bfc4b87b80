#include "app/cost/setup.h"

#include "widgets/form/parameter_form.h"
#include "widgets/form/section.h"
#include "widgets/look/text.h"
#include "widgets/look/theme.h"

#include <QComboBox>
#include <QLabel>
#include <QVBoxLayout>

#include <algorithm>

namespace endospike {

namespace {

/// Rows of a kind's table that do not change what a forward pass costs.
std::vector<int> rowsWithoutCost(const NetworkKind& kind)
{
    const bool inTime = kind.unit == HiddenUnit::hhVoltageDependent;
    std::vector<int> rows;
    for (std::size_t row = 0; row < kind.parameters.size(); ++row) {
        const std::string_view key = kind.parameters[row].key;
        if (key != "hidden" && key != "steps" && !(inTime && (key == "window_ms" || key == "dt_ms")))
            rows.push_back(static_cast<int>(row));
    }
    return rows;
}

} // namespace

CostSetup::CostSetup(QWidget* parent)
    : ExperimentSetup(parent)
    , m_networks(new NetworkChecks(true, &publishedParameters))
    , m_choice(new QComboBox)
    , m_form(new ParameterForm)
    , m_formNote(new QLabel(tr("Only what changes the cost is shown; the counts answer at once.")))
{
    m_formNote->setWordWrap(true);
    auto* body = new QWidget;
    auto* rows = new QVBoxLayout(body);
    rows->setContentsMargins(0, 0, 0, 0);
    rows->setSpacing(8);
    m_choice->setAccessibleName(tr("Network whose parameters are shown"));
    m_choice->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
    rows->addWidget(m_choice);
    rows->addWidget(m_form);
    rows->addWidget(m_formNote);
    addSection(tr("Networks"), m_networks, false);
    m_formSection = addSection(tr("Parameters"), body);
    connect(m_networks, &NetworkChecks::changeWanted, this,
        [this](const QString& what, const Change& change) { emit changeWanted(what, {}, false, change); });
    connect(m_choice, &QComboBox::activated, this, [this](int network) {
        showParameters();
        emit chosen(network);
    });
    connect(m_form, &ParameterForm::valueEdited, this, &CostSetup::edit);
    paintNote();
    connect(&themeNotifier(), &ThemeNotifier::themeChanged, this, &CostSetup::paintNote);
}

void CostSetup::edit(int row, double value, bool continuing)
{
    const auto network = static_cast<std::size_t>(m_choice->currentIndex());
    if (network >= m_plans.size())
        return;
    const auto index = static_cast<std::size_t>(row);
    emit changeWanted(qstring(m_plans[network].parameters.table()[index].label),
        QStringLiteral("training.%1.%2").arg(network).arg(row), continuing,
        [network, index, value](
            Experiment& experiment) { experiment.training.networks.at(network).parameters.set(index, value); });
}

void CostSetup::setExperiment(const Experiment& experiment)
{
    showNotes(experiment);
    m_plans = experiment.training.networks;
    m_networks->setNetworks(m_plans);
    const QString before = m_choice->currentText();
    m_choice->clear();
    for (const NetworkPlan& plan : m_plans)
        m_choice->addItem(QString::fromStdString(plan.name));
    m_choice->setCurrentIndex(std::max(0, m_choice->findText(before)));
    m_formSection->setVisible(!m_plans.empty());
    showParameters();
}

void CostSetup::choose(int network)
{
    if (network < 0 || network >= m_choice->count())
        return;
    m_choice->setCurrentIndex(network);
    showParameters();
}

void CostSetup::showParameters()
{
    const int network = m_choice->currentIndex();
    if (network < 0)
        return;
    const NetworkPlan& plan = m_plans[static_cast<std::size_t>(network)];
    if (m_form->values().table().data() != plan.parameters.table().data())
        m_form->setHiddenRows(rowsWithoutCost(*plan.kind));
    m_form->setValues(plan.parameters);
}

void CostSetup::paintNote()
{
    m_formNote->setStyleSheet(QStringLiteral("color: %1").arg(currentTheme().mutedText.name()));
}

} // namespace endospike
