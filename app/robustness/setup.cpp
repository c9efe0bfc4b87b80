#include "app/robustness/setup.h"

#include "app/jobs/work_folder.h"
#include "app/laboratory/network_checks.h"
#include "sim/robustness/sweep.h"
#include "widgets/form/parameter_form.h"
#include "widgets/form/quiet_combo.h"
#include "widgets/look/theme.h"

#include <QDir>
#include <QFile>
#include <QLabel>
#include <QVBoxLayout>

#include <algorithm>
#include <set>

namespace endospike {

namespace {

QString decoded(const std::string& path) { return QFile::decodeName(QByteArray::fromStdString(path)); }

/// The folder of one work of the window, or the folder itself: where a person would say that the networks lie.
QString workOf(const QString& runFolder, const QStringList& roots)
{
    for (const QString& root : roots) {
        const QString relative = QDir(root).relativeFilePath(runFolder);
        if (!relative.startsWith(QLatin1String("..")) && relative.contains(u'/'))
            return QDir(root).filePath(relative.section(u'/', 0, 0));
    }
    return QFileInfo(runFolder).path();
}

/// "Training, 25 Nov 2026 22:13:05" for a folder that the window made.
QString nameOfWork(const QString& work)
{
    const QDateTime made = timeOfWork(work);
    const QString parent = QFileInfo(QFileInfo(work).path()).fileName();
    if (!made.isValid())
        return work;
    const QString when = made.toString(QStringLiteral("d MMM yyyy, HH:mm:ss"));
    return parent == QLatin1String("robustness") ? RobustnessSetup::tr("Sweep of %1").arg(when)
                                                 : RobustnessSetup::tr("Training of %1").arg(when);
}

} // namespace

RobustnessSetup::RobustnessSetup(QWidget* parent)
    : ExperimentSetup(parent)
    , m_networks(new NetworkChecks(true, &ownBestParameters))
    , m_noise(new ParameterForm)
    , m_reuse(new QuietCombo)
    , m_reuseText(new QLabel)
    , m_training(new ParameterForm)
{
    addSection(tr("Networks"), m_networks, false);
    addSection(tr("Noise"), m_noise);
    addSection(tr("Trained networks"), buildReuse());
    addSection(tr("Training"), m_training);
    // Digits need a folder, which a document names; the noise of trainings is the sweep's own.
    m_training->setHiddenRows({training::source, training::noise_amplitude, training::noise, training::noise_seed});
    connectForm(m_noise, QStringLiteral("robustness"),
        [](Experiment& experiment) -> ParameterValues& { return experiment.own; });
    connectForm(m_training, QStringLiteral("training"),
        [](Experiment& experiment) -> ParameterValues& { return experiment.training.settings; });
    connect(m_networks, &NetworkChecks::changeWanted, this,
        [this](const QString& what, const Change& change) { emit changeWanted(what, {}, false, change); });
    fillReuse();
    connect(&themeNotifier(), &ThemeNotifier::themeChanged, this, &RobustnessSetup::showReuse);
}

QWidget* RobustnessSetup::buildReuse()
{
    auto* box = new QWidget;
    auto* column = new QVBoxLayout(box);
    column->setContentsMargins(0, 0, 0, 8);
    column->setSpacing(8);
    m_reuse->setAccessibleName(tr("Trained networks that are used again"));
    m_reuse->setToolTip(tr("A network that was trained earlier is used again where everything that trains it is the "
                           "same: data, parameters, epochs and seed."));
    m_reuseText->setWordWrap(true);
    column->addWidget(m_reuse);
    column->addWidget(m_reuseText);
    connect(m_reuse, &QComboBox::activated, this, [this](int index) {
        m_wanted = m_reuse->itemData(index).toString();
        if (index == m_reuse->count() - 1)
            return askForFolder();
        showReuse();
    });
    return box;
}

QCheckBox* RobustnessSetup::networkBox(std::string_view kind) const { return m_networks->box(kind); }

void RobustnessSetup::setExperiment(const Experiment& experiment)
{
    m_experiment = experiment;
    showNotes(experiment);
    m_noise->setValues(experiment.own);
    m_training->setValues(experiment.training.settings);
    m_networks->setNetworks(experiment.training.networks);
    showReuse();
}

void RobustnessSetup::setTrained(std::shared_ptr<const RunList> trained, const QStringList& roots)
{
    m_trained = std::move(trained);
    m_roots = roots;
    fillReuse();
    showReuse();
}

void RobustnessSetup::fillReuse()
{
    const int before = m_reuse->currentIndex();
    m_reuse->clear();
    m_reuse->addItem(tr("Use all earlier networks that fit"));
    m_reuse->addItem(tr("Train every network anew"));
    QStringList works;
    if (m_trained)
        for (const RunRecord& run : m_trained->runs)
            if (const QString work = workOf(decoded(run.folder), m_roots); !works.contains(work))
                works << work;
    std::ranges::sort(works, [](const QString& a, const QString& b) {
        return QFileInfo(a).fileName() > QFileInfo(b).fileName(); // the newest first
    });
    for (const QString& work : works)
        m_reuse->addItem(nameOfWork(work), work);
    m_reuse->addItem(tr("Another folder…"));
    const int wanted = m_wanted.isEmpty() ? -1 : m_reuse->findData(m_wanted);
    m_reuse->setCurrentIndex(wanted >= 0 ? wanted : before == none ? none : allEarlier);
}

QStringList RobustnessSetup::reuse() const
{
    if (!m_wanted.isEmpty())
        return {m_wanted};
    return m_reuse->currentIndex() == none ? QStringList() : m_roots;
}

int RobustnessSetup::fitting() const
{
    if (!m_trained || m_experiment.training.networks.empty() || reuse().isEmpty())
        return 0;
    const std::vector<SweepUnit> units = sweepUnits(m_experiment);
    return static_cast<int>(std::ranges::count_if(units, [&](const SweepUnit& unit) {
        return std::ranges::any_of(m_trained->runs, [&](const RunRecord& run) {
            return run.finished() && (m_wanted.isEmpty() || decoded(run.folder).startsWith(m_wanted))
                && trainsTheSame(run.plan, unit.plan);
        });
    }));
}

void RobustnessSetup::showReuse()
{
    m_reuseText->setStyleSheet(QStringLiteral("color: %1").arg(currentTheme().mutedText.name()));
    if (m_experiment.training.networks.empty())
        return m_reuseText->setText({});
    const auto trainings = static_cast<int>(sweepUnits(m_experiment).size());
    if (m_reuse->currentIndex() == none)
        m_reuseText->setText(tr("Trainings in all: %1.").arg(trainings));
    else if (!m_trained)
        m_reuseText->setText(tr("Looking for trained networks…"));
    else
        m_reuseText->setText(tr("%1 of %2 trainings are there already.").arg(fitting()).arg(trainings));
}

void RobustnessSetup::askForFolder()
{
    m_reuse->setCurrentIndex(allEarlier);
    FileQuestion question;
    question.title = tr("A folder of trained networks");
    question.folder = true;
    emit fileWanted(question, [this](const QString& folder) { emit folderChosen(folder); });
}

} // namespace endospike
