#include "app/control/setup.h"

#include "sim/control/plan_json.h"
#include "widgets/form/parameter_form.h"
#include "widgets/form/quiet_combo.h"
#include "widgets/form/section.h"
#include "widgets/look/text.h"
#include "widgets/look/theme.h"

#include <QCheckBox>
#include <QLabel>
#include <QPainter>
#include <QVBoxLayout>

#include <algorithm>

namespace endospike {

namespace {

QIcon colorIcon(const QColor& color)
{
    QPixmap pixmap(24, 24);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    painter.setPen(QPen(readableOn(color, currentTheme().window), 4));
    painter.drawLine(2, 12, 22, 12);
    return pixmap;
}

/// In the order of policyKinds(), so that ticking a box twice changes nothing.
void insertInOrder(ControlPlan& plan, const PolicyKind& kind)
{
    PolicyPlan policy(kind);
    policy.parameters = publishedParameters(kind, *plan.environment);
    const auto after = std::ranges::find_if(plan.policies, [&](const PolicyPlan& other) { return other.kind > &kind; });
    plan.policies.insert(after, std::move(policy));
}

} // namespace

ControlSetup::ControlSetup(QWidget* parent)
    : ExperimentSetup(parent)
    , m_environment(new QuietCombo)
    , m_environmentNote(new QLabel)
    , m_disturbances(new ParameterForm)
    , m_training(new ParameterForm)
    , m_environmentForm(new ParameterForm)
{
    m_environmentNote->setWordWrap(true);
    addSection(tr("Disturbances while watching"), m_disturbances);
    addSection(tr("Environment"), buildEnvironment(), false);
    addSection(tr("Policies to train"), buildPolicies(), false);
    addSection(tr("Training"), m_training);
    addSection(tr("Reward and friction"), m_environmentForm)->setExpanded(false);
    connectForms();
    connect(&themeNotifier(), &ThemeNotifier::themeChanged, this, [this] {
        showPolicies();
        showEnvironment();
    });
}

void ControlSetup::connectForms()
{
    connect(m_disturbances, &ParameterForm::valueEdited, this, [this](int row, double value, bool) {
        ParameterValues values = m_disturbances->values();
        values.set(static_cast<std::size_t>(row), value);
        m_disturbances->setValues(values);
        emit disturbancesEdited(values);
    });
    connectForm(m_training, QStringLiteral("control"),
        [](Experiment& experiment) -> ParameterValues& { return experiment.control.settings; });
    connectForm(m_environmentForm, QStringLiteral("environment"),
        [](Experiment& experiment) -> ParameterValues& { return experiment.control.environmentParameters; });
}

QWidget* ControlSetup::buildEnvironment()
{
    auto* box = new QWidget;
    auto* column = new QVBoxLayout(box);
    column->setContentsMargins(0, 0, 0, 8);
    column->setSpacing(4);
    m_environment->setAccessibleName(tr("Environment"));
    for (const EnvironmentKind& kind : environmentKinds()) {
        const bool available = environmentAvailable(kind);
        const QString name = qstring(kind.name);
        m_environment->addItem(available ? name : tr("%1 (needs MuJoCo)").arg(name), qstring(kind.key));
        m_environment->setItemData(m_environment->count() - 1, qstring(kind.summary), Qt::ToolTipRole);
    }
    column->addWidget(m_environment);
    column->addWidget(m_environmentNote);
    connect(m_environment, &QComboBox::activated, this, &ControlSetup::chooseEnvironment);
    return box;
}

QWidget* ControlSetup::buildPolicies()
{
    auto* box = new QWidget;
    auto* column = new QVBoxLayout(box);
    column->setContentsMargins(0, 0, 0, 8);
    column->setSpacing(4);
    for (const PolicyKind& kind : policyKinds()) {
        auto* check = new QCheckBox;
        check->setToolTip(qstring(kind.summary));
        check->setAccessibleName(qstring(kind.name));
        m_policies.push_back({&kind, check});
        column->addWidget(check);
        connect(check, &QCheckBox::clicked, this, [this, &kind](bool wanted) { setPolicy(kind, wanted); });
    }
    return box;
}

QCheckBox* ControlSetup::policyBox(std::string_view kind) const
{
    const auto at = std::ranges::find(m_policies, kind, [](const Choice& choice) { return choice.kind->key; });
    return at == m_policies.end() ? nullptr : at->box;
}

void ControlSetup::chooseEnvironment(int index)
{
    const EnvironmentKind& kind = environmentKinds()[static_cast<std::size_t>(index)];
    emit changeWanted(tr("Environment"), {}, false, [&kind](Experiment& experiment) {
        if (experiment.control.environment != &kind)
            changeEnvironment(experiment.control, kind);
    });
}

/// All policies of the kind, or one with its published parameters.
void ControlSetup::setPolicy(const PolicyKind& kind, bool wanted)
{
    emit changeWanted(qstring(kind.name), {}, false, [&kind, wanted](Experiment& experiment) {
        if (wanted)
            insertInOrder(experiment.control, kind);
        else
            std::erase_if(experiment.control.policies, [&](const PolicyPlan& policy) { return policy.kind == &kind; });
    });
}

void ControlSetup::showPolicies()
{
    const ControlPlan& plan = m_experiment.control;
    for (const Choice& choice : m_policies) {
        int count = 0;
        bool own = false;
        for (const PolicyPlan& policy : plan.policies)
            if (policy.kind == choice.kind) {
                ++count;
                own = own || policy.parameters != publishedParameters(*policy.kind, *plan.environment);
            }
        QString text = qstring(choice.kind->name);
        if (count > 1)
            text = tr("%1, %2 times").arg(text).arg(count);
        else if (own)
            text = tr("%1, own parameters").arg(text);
        choice.box->setText(text);
        choice.box->setIcon(colorIcon(hueColor(choice.kind->hue)));
        choice.box->setChecked(count > 0);
    }
}

void ControlSetup::showEnvironment()
{
    const EnvironmentKind& kind = *m_experiment.control.environment;
    m_environment->setCurrentIndex(static_cast<int>(&kind - environmentKinds().data()));
    m_environment->setToolTip(qstring(kind.summary));
    const bool available = environmentAvailable(kind);
    m_environmentNote->setVisible(!available);
    m_environmentNote->setText(tr("MuJoCo was not there when this program was built: install libmujoco-dev and build "
                                  "again. The cart and pole needs nothing."));
    m_environmentNote->setStyleSheet(QStringLiteral("color: %1").arg(currentTheme().warning.name()));
}

void ControlSetup::setExperiment(const Experiment& experiment)
{
    m_experiment = experiment;
    showNotes(experiment);
    m_training->setValues(experiment.control.settings);
    m_environmentForm->setValues(experiment.control.environmentParameters);
    m_training->setRowEnabled(control::target_entropy, experiment.control.settings[control::automatic_temperature] != 0,
        tr("Only with automatic temperature."));
    showEnvironment();
    showPolicies();
}

void ControlSetup::setDisturbances(const ParameterValues& values) { m_disturbances->setValues(values); }

} // namespace endospike
