#include "app/training/setup.h"

#include "app/training/network_list.h"
#include "widgets/form/parameter_form.h"
#include "widgets/form/section.h"
#include "widgets/look/text.h"
#include "widgets/look/theme.h"
#include "widgets/look/tool_icons.h"

#include <QDir>
#include <QFile>
#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QPushButton>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

namespace endospike {

namespace {

/// A path in one line, its middle left out where it is long.
class PathLabel : public QLabel {
public:
    using QLabel::QLabel;
    QSize minimumSizeHint() const override { return {0, QLabel::minimumSizeHint().height()}; }
    QSize sizeHint() const override { return {0, QLabel::sizeHint().height()}; }

protected:
    void paintEvent(QPaintEvent*) override
    {
        QPainter painter(this);
        painter.setPen(palette().color(isEnabled() ? QPalette::Active : QPalette::Disabled, QPalette::WindowText));
        painter.drawText(
            rect(), Qt::AlignLeft | Qt::AlignVCenter, fontMetrics().elidedText(text(), Qt::ElideMiddle, width()));
    }
};

std::vector<NetworkPlan>::iterator networkOf(Experiment& experiment, const std::string& name)
{
    std::vector<NetworkPlan>& networks = experiment.training.networks;
    return std::ranges::find(networks, name, &NetworkPlan::name);
}

} // namespace

TrainingSetup::TrainingSetup(QWidget* parent)
    : ExperimentSetup(parent)
    , m_networks(new TrainingNetworkList)
    , m_network(new ParameterForm)
    , m_training(new ParameterForm)
{
    addSection(tr("Networks"), m_networks, false)->setHeaderWidget(m_networks->headerActions());
    addSection(tr("Images and training"), buildTraining()); // before the many parameters of a network
    m_networkSection = addSection({}, buildNetwork());
    connectForms();
    fitToolIcons(*this);
    connect(&themeNotifier(), &ThemeNotifier::themeChanged, this, [this] { fitToolIcons(*this); });
}

QWidget* TrainingSetup::buildNetwork()
{
    auto* box = new QWidget;
    auto* column = new QVBoxLayout(box);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(8);
    m_published = new QPushButton(tr("Published values"));
    m_published->setToolTip(tr("All parameters as in He et al. 2024"));
    m_ownBest = new QPushButton(tr("Own best"));
    m_ownBest->setToolTip(
        tr("The values with which this network did best on validation pairs, as far as they were searched"));
    auto* buttons = new QHBoxLayout;
    buttons->setSpacing(8);
    buttons->addWidget(m_published, 1);
    buttons->addWidget(m_ownBest, 1);
    column->addLayout(buttons);
    column->addWidget(m_network);
    return box;
}

QWidget* TrainingSetup::buildTraining()
{
    auto* box = new QWidget;
    auto* column = new QVBoxLayout(box);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(8);
    m_images = buildFolder(Folder::images, tr("Folder of the images"), tr("Back to the usual place"));
    m_digits = buildFolder(Folder::digits, tr("Folder of the digits"), tr("No folder"));
    column->addWidget(m_training);
    column->addWidget(m_images.box);
    column->addWidget(m_digits.box);
    return box;
}

TrainingSetup::FolderRow TrainingSetup::buildFolder(Folder folder, const QString& title, const QString& usual)
{
    FolderRow row;
    row.box = new QWidget;
    auto* column = new QVBoxLayout(row.box);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(2);
    column->addWidget(new QLabel(title));
    auto* line = new QHBoxLayout;
    line->setSpacing(4);
    row.path = new PathLabel;
    row.usual = new QToolButton;
    row.usual->setAutoRaise(true);
    row.usual->setIcon(themedIcon("restore"));
    row.usual->setToolTip(usual);
    row.usual->setAccessibleName(usual);
    row.choose = new QPushButton(tr("Choose…"));
    row.choose->setAccessibleName(tr("%1: choose").arg(title));
    line->addWidget(row.path, 1);
    line->addWidget(row.usual);
    line->addWidget(row.choose);
    column->addLayout(line);
    connect(row.choose, &QPushButton::clicked, this, [this, folder] { emit folderWanted(folder); });
    connect(row.usual, &QToolButton::clicked, this,
        [this, folder, title] { emit changeWanted(title, {}, false, folderChange(folder, {})); });
    return row;
}

TrainingSetup::Change TrainingSetup::folderChange(Folder folder, const std::string& path)
{
    return [folder, path](Experiment& experiment) {
        TrainingPlan& plan = experiment.training;
        (folder == Folder::images ? plan.dataFolder : plan.digitsFolder) = path;
        if (folder == Folder::digits)
            plan.settings.set(training::source, path.empty() ? training::fashion : training::fashionAndDigits);
    };
}

void TrainingSetup::connectForms()
{
    connect(m_networks, &TrainingNetworkList::currentChanged, this, &TrainingSetup::showNetwork);
    connect(m_networks, &TrainingNetworkList::refused, this, &TrainingSetup::refused);
    connect(m_networks, &TrainingNetworkList::networksWanted, this,
        [this](const QString& what, const std::vector<NetworkPlan>& networks) {
            emit changeWanted(
                what, {}, false, [networks](Experiment& experiment) { experiment.training.networks = networks; });
        });
    connect(m_network, &ParameterForm::valueEdited, this, [this](int row, double value, bool continuing) {
        if (m_networks->current() < 0)
            return;
        const NetworkPlan& network = m_networks->network(m_networks->current());
        const auto index = static_cast<std::size_t>(row);
        emit changeWanted(
            tr("%1 of %2").arg(qstring(network.kind->parameters[index].label), QString::fromStdString(network.name)),
            QStringLiteral("network.%1.%2").arg(QString::fromStdString(network.name)).arg(row), continuing,
            [name = network.name, index, value](Experiment& experiment) {
                if (const auto at = networkOf(experiment, name); at != experiment.training.networks.end())
                    at->parameters.set(index, value);
            });
    });
    connectForm(m_training, QStringLiteral("training"),
        [](Experiment& experiment) -> ParameterValues& { return experiment.training.settings; });
    connect(m_published, &QPushButton::clicked, this, [this] {
        setNetworkParameters(
            tr("Published values"), [](const NetworkKind& kind) { return ParameterValues(kind.parameters); });
    });
    connect(m_ownBest, &QPushButton::clicked, this,
        [this] { setNetworkParameters(tr("Own best values"), &ownBestParameters); });
}

void TrainingSetup::setNetworkParameters(
    const QString& what, const std::function<ParameterValues(const NetworkKind&)>& values)
{
    const NetworkPlan network = m_networks->network(m_networks->current());
    emit changeWanted(tr("%1 of %2").arg(what, QString::fromStdString(network.name)), {}, false,
        [name = network.name, after = values(*network.kind)](Experiment& experiment) {
            if (const auto at = networkOf(experiment, name); at != experiment.training.networks.end())
                at->parameters = after;
        });
}

void TrainingSetup::setExperiment(const Experiment& experiment)
{
    m_experiment = experiment;
    const TrainingPlan& plan = experiment.training;
    showNotes(experiment);
    m_networks->setNetworks(plan.networks);
    m_training->setValues(plan.settings);
    showRelevance();
    const bool fromEnvironment = !qEnvironmentVariableIsEmpty("ENDOSPIKE_DATA");
    showFolder(m_images, plan.dataFolder,
        fromEnvironment ? qEnvironmentVariable("ENDOSPIKE_DATA") : tr("as the package installs it"));
    showFolder(m_digits, plan.digitsFolder, tr("none"));
}

void TrainingSetup::forgetUnticked() { m_networks->forgetUnticked(); }

/// A network that is not trained keeps its values until it is.
void TrainingSetup::showNetwork()
{
    const int row = m_networks->current();
    m_networkSection->setVisible(row >= 0);
    if (row < 0)
        return;
    const NetworkPlan& network = m_networks->network(row);
    const bool ticked = m_networks->isTicked(row);
    m_networkSection->setTitle(tr("Parameters of %1").arg(QString::fromStdString(network.name)));
    m_network->setValues(network.parameters);
    m_network->setEnabled(ticked);
    m_network->setToolTip(ticked ? QString() : tr("Tick the network to change it"));
    m_published->setText(network.kind->published ? tr("Published values") : tr("Default values"));
    m_published->setEnabled(ticked && network.parameters != ParameterValues(network.kind->parameters));
    m_ownBest->setEnabled(ticked && network.parameters != ownBestParameters(*network.kind));
}

void TrainingSetup::showRelevance()
{
    const ParameterValues& settings = m_experiment.training.settings;
    const bool noisy = settings[training::noise_amplitude] > 0;
    for (const training::Row row : {training::noise, training::noise_seed})
        m_training->setRowEnabled(row, noisy, tr("Without amplitude there is no noise."));
}

void TrainingSetup::showFolder(const FolderRow& row, const std::string& path, const QString& otherwise)
{
    const QString text =
        path.empty() ? otherwise : QDir::toNativeSeparators(QFile::decodeName(QByteArray::fromStdString(path)));
    row.path->setText(text);
    row.path->setToolTip(text);
    row.path->setEnabled(!path.empty());
    row.usual->setVisible(!path.empty());
}

} // namespace endospike
