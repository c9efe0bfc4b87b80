#include "app/information/page.h"

#include "app/document/document.h"
#include "app/information/board.h"
#include "app/information/setup.h"
#include "app/laboratory/settings.h"
#include "sim/base/errors.h"
#include "sim/information/log.h"
#include "sim/network/workers.h"
#include "widgets/form/segmented_control.h"

#include <QAbstractButton>
#include <QFile>
#include <QHBoxLayout>
#include <QWidget>

#include <algorithm>

namespace endospike {

namespace {

std::string path(const QString& name) { return QFile::encodeName(name).toStdString(); }

std::vector<InformationRun> waitingRuns(const TrainingPlan& plan)
{
    std::vector<InformationRun> runs;
    for (const RunId& id : runsOf(plan))
        runs.push_back({id, planOf(plan, id).networks.front().kind, true, {}});
    return runs;
}

bool sameWork(const Experiment& a, const Experiment& b) { return a.training == b.training && a.own == b.own; }

} // namespace

InformationPage::InformationPage(Document& document, const QString& runsFolder, QWidget* parent)
    : JobPage(document, tr("Done."), tr("Stopped; Run goes on."), parent)
    , m_setup(new InformationSetup)
    , m_board(new InformationBoard)
    , m_runsFolder(runsFolder)
    , m_folder(m_runsFolder.of(QStringLiteral("information")))
    , m_mail(std::make_shared<Mailbox<Mail>>())
{
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(0);
    row->addWidget(m_setup);
    row->addWidget(m_board, 1);
    m_board->setMinimumWidth(560); // its strips may be cut before the window refuses to get narrower
    m_board->setEmptyText(tr("Press Run: each network is trained, and its path is drawn epoch by epoch."));

    connect(m_setup, &InformationSetup::changeWanted, this, &InformationPage::change);
    showExperiment();
}

InformationPage::~InformationPage()
{
    blockSignals(true); // whoever listens is going too
    stop();
}

void InformationPage::showExperiment() { m_setup->setExperiment(m_document.experiment()); }

void InformationPage::start()
{
    if (std::exchange(m_looked, true) || !m_runs.empty())
        return;
    const QStringList works = worksIn(m_folder);
    if (works.isEmpty())
        return;
    try {
        for (InformationRecord& record : readInformationFolders(path(works.front())))
            m_runs.push_back(std::move(record.run));
    } catch (const FileError& error) {
        emit refused(QString::fromUtf8(error.what()));
    }
    m_board->setRuns(m_runs);
}

void InformationPage::takeMail()
{
    const Mail epochs = m_mail->take();
    for (const auto& [id, epoch] : epochs)
        if (const auto run = std::ranges::find(m_runs, id, &InformationRun::id); run != m_runs.end())
            run->epochs.push_back(epoch);
    if (!epochs.empty())
        m_board->setRuns(m_runs);
}

void InformationPage::begin()
{
    const Experiment& experiment = m_document.experiment();
    if (experiment.training.networks.empty())
        return emit refused(tr("There is no network to train: tick one on the left."));
    const bool resumes = m_begun && !m_finished && sameWork(*m_begun, experiment);
    if (!resumes)
        m_work = newWork(m_folder);
    m_begun = experiment;
    m_runs = waitingRuns(experiment.training);
    m_mail = std::make_shared<Mailbox<Mail>>();
    m_board->setRuns(m_runs);
    const TrainingOptions options{processorCount(), path(m_work), resumes};
    launch(tr("Reading the images"), [experiment, options, box = m_mail](const JobContext& context) {
        JobRunner::yieldToOthers();
        const InformationSink sink = [&](const RunId& id, const InformationEpoch& epoch) {
            box->put([&](Mail& epochs) { epochs.emplace_back(id, epoch); });
        };
        runInformation(experiment, options, sink, context);
    });
}

void InformationPage::afterEnd(const QString& failure)
{
    if (!failure.isEmpty() && std::ranges::all_of(m_runs, [](const auto& run) { return run.epochs.empty(); }))
        m_board->setEmptyText(failure);
}

QWidget* InformationPage::home() const { return m_board->answerControl()->button(m_board->answerControl()->current()); }

QWidget* InformationPage::setupPanel() const { return m_setup; }

FigureRequest InformationPage::figure(const QString& caption) const
{
    return m_board->figure(tr("%1. Estimator: %2").arg(caption, QString::fromUtf8(informationEstimator)));
}

void InformationPage::saveLayout(Settings& settings) const
{
    settings.set("information/answer", m_board->answerControl()->current());
    settings.set("information/set", m_board->setControl()->current());
}

void InformationPage::restoreLayout(const Settings& settings)
{
    m_board->choose(static_cast<int>(settings.number("information/answer", InformationBoard::both)),
        static_cast<int>(settings.number("information/set", 0)));
}

} // namespace endospike
