#include "app/training/page.h"

#include "app/document/document.h"
#include "app/laboratory/settings.h"
#include "app/training/board.h"
#include "app/training/data_view.h"
#include "app/training/microscope.h"
#include "app/training/network_list.h"
#include "app/training/notice.h"
#include "app/training/test_view.h"
#include "widgets/form/segmented_control.h"

#include <QDir>
#include <QFile>
#include <QHBoxLayout>
#include <QStackedWidget>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>

namespace endospike {

namespace {

std::string encoded(const QString& path) { return QFile::encodeName(path).toStdString(); }

} // namespace

TrainingPage::TrainingPage(Document& document, const QString& runsFolder, QWidget* parent)
    : Page(parent)
    , m_document(document)
    , m_runsFolder(runsFolder)
    , m_folder(m_runsFolder.of(QStringLiteral("training")))
    , m_setup(new TrainingSetup)
    , m_board(new TrainingBoard)
    , m_dataNotice(new TrainingNotice(true))
    , m_placeholder(new TrainingNotice(false))
    , m_choice(new SegmentedControl({tr("Train"), tr("Data"), tr("Test set"), tr("Neuron")}))
    , m_stack(new QStackedWidget)
    , m_views{new TrainingDataView, new TrainingTestView, new TrainingMicroscope}
    , m_archive(m_folder)
    , m_session(m_source, m_folder)
{
    m_choice->setAccessibleName(tr("View of the laboratory"));

    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    auto* strip = new QHBoxLayout;
    strip->setContentsMargins(16, 8, 8, 4);
    strip->addWidget(m_choice);
    strip->addStretch(1);
    column->addLayout(strip);
    column->addWidget(m_stack, 1);

    m_stack->addWidget(buildTrain());
    for (TrainingView* view : m_views) {
        m_stack->addWidget(view);
        connectView(view);
    }
    m_stack->addWidget(m_placeholder);
    connect(m_choice, &SegmentedControl::chosen, this, [this](int view) { showView(static_cast<View>(view)); });
    connect(&m_document, &Document::edited, this, &TrainingPage::showExperiment);
    connect(&m_document, &Document::replaced, this, [this] {
        m_setup->forgetUnticked();
        showExperiment();
    });
    connectSetup();
    connectSession();
    connectBoard();
    constexpr auto exports = PageAction::Menu::exports;
    addMenuAction(exports, tr("&Trained runs (CSV)…"), {}, [this] { exportRuns(m_board->ticked(), RunExport::csv); });
    addMenuAction(exports, tr("Trained runs for Tensor&Board…"), {},
        [this] { exportRuns(m_board->ticked(), RunExport::tensorBoard); });
    showExperiment();
}

TrainingPage::~TrainingPage()
{
    blockSignals(true); // whoever listens is going too
    m_session.blockSignals(true);
    m_archive.blockSignals(true);
    m_source.blockSignals(true);
    m_lookSource.blockSignals(true);
    stop();
}

QWidget* TrainingPage::buildTrain()
{
    auto* train = new QWidget;
    auto* row = new QHBoxLayout(train);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(0);
    row->addWidget(m_setup);
    auto* column = new QVBoxLayout;
    column->setSpacing(0);
    column->addWidget(m_dataNotice);
    column->addWidget(m_board, 1);
    m_board->setMinimumWidth(560); // its strips may be cut before the window refuses to get narrower
    row->addLayout(column, 1);
    m_dataNotice->hide();
    return train;
}

void TrainingPage::connectView(TrainingView* view)
{
    connect(view, &TrainingView::refused, this, &Page::refused);
    connect(view, &TrainingView::changeWanted, this, &TrainingPage::edit);
    connect(view, &TrainingView::pairChosen, this, [this, view](int pair) {
        for (TrainingView* other : m_views)
            if (other != view)
                other->choosePair(pair);
    });
}

void TrainingPage::connectSetup()
{
    connect(m_setup, &TrainingSetup::changeWanted, this, &TrainingPage::edit);
    connect(m_setup, &TrainingSetup::refused, this, &Page::refused);
    connect(m_setup, &TrainingSetup::folderWanted, this, &TrainingPage::askForFolder);
}

void TrainingPage::connectSession()
{
    for (TrainingDataSource* source : {&m_source, &m_lookSource})
        connect(source, &TrainingDataSource::changed, this, &TrainingPage::dataChanged);
    connect(&m_session, &TrainingSession::stateChanged, this, [this] {
        if (m_stack->currentWidget() == m_placeholder)
            arrange(); // what it advises may have been done
        emit stateChanged();
    });
    connect(&m_session, &TrainingSession::runsChanged, this, [this] { m_board->setRuns(m_session.runs()); });
    connect(&m_session, &TrainingSession::runStateChanged, this, &TrainingPage::runStateChanged);
    connect(&m_session, &TrainingSession::batchesArrived, this,
        [this](const std::string& folder, const std::vector<BatchMetrics>& batches) {
            m_board->addBatches(folder, batches);
        });
    connect(&m_session, &TrainingSession::epochArrived, this,
        [this](const std::string& folder, const EpochMetrics& metrics) { m_board->addEpoch(folder, metrics); });
    connect(&m_session, &TrainingSession::snapshotArrived, this,
        [this](const std::string& folder, const EpochMetrics& metrics, const TrainingSession::Snapshot& network) {
            if (folder != m_watched)
                return;
            m_archive.forgetOpening(); // this is newer
            lookInto(folder, m_session.run(folder)->record.id, metrics, network);
        });
    connect(&m_session, &TrainingSession::runFailed, this, [this](const QString& sentence) {
        // Where nothing else is trained, the page's state says it.
        if (std::ranges::any_of(
                m_session.runs(), [](const ListedRun& run) { return run.current && run.state != RunState::failed; }))
            emit refused(sentence);
    });
    connect(&m_archive, &TrainingArchive::listed, this, &TrainingPage::earlierListed);
    connect(&m_archive, &TrainingArchive::opened, this, &TrainingPage::lookInto);
    connect(&m_archive, &TrainingArchive::adopted, this, &TrainingPage::adopted);
    connect(&m_archive, &TrainingArchive::failed, this, &Page::refused);
}

void TrainingPage::connectBoard()
{
    connect(m_board, &TrainingBoard::runChosen, this, [this](const QString& folder) {
        m_follows = m_session.isTraining(encoded(folder));
        watch(encoded(folder));
    });
    connect(m_board, &TrainingBoard::lookWanted, this, [this](const QString& folder) {
        m_follows = m_session.isTraining(encoded(folder));
        watch(encoded(folder));
        showView(View::testSet);
    });
    connect(m_board, &TrainingBoard::startWanted, this, [this] { setRunning(true); });
    connect(m_board, &TrainingBoard::exportWanted, this, &TrainingPage::exportRuns);
    connect(
        m_board, &TrainingBoard::openWanted, this, [this](const QString& folder) { openExperiment(encoded(folder)); });
    connect(m_board, &TrainingBoard::continueWanted, this,
        [this](const QString& folder) { m_session.continueRun(encoded(folder)); });
    connect(m_board, &TrainingBoard::removeWanted, this, [this](const QString& folder) { removeRun(encoded(folder)); });
}

void TrainingPage::edit(const QString& what, const QString& place, bool continuing, const TrainingView::Change& change)
{
    Page::edit(m_document, what, place, continuing, change);
}

void TrainingPage::askForFolder(TrainingSetup::Folder folder)
{
    const bool images = folder == TrainingSetup::Folder::images;
    const TrainingPlan& plan = m_document.experiment().training;
    FileQuestion question;
    question.title = images ? tr("Folder with the four Fashion-MNIST files") : tr("Folder with the four MNIST files");
    question.start = QFile::decodeName(QByteArray::fromStdString(images ? plan.dataFolder : plan.digitsFolder));
    question.folder = true;
    emit fileWanted(question, [this, folder, images](const QString& path) {
        edit(images ? tr("Folder of the images") : tr("Folder of the digits"), {}, false,
            TrainingSetup::folderChange(folder, encoded(path)));
    });
}

void TrainingPage::showExperiment()
{
    const Experiment& experiment = m_document.experiment();
    m_setup->setExperiment(experiment);
    for (TrainingView* view : m_views)
        view->setExperiment(experiment);
    if (m_listed) { // nothing is read before the page is seen
        m_source.want(experiment.training);
        wantLookedAt();
    }
}

void TrainingPage::start()
{
    if (std::exchange(m_listed, true))
        return;
    m_source.want(m_document.experiment().training);
    m_archive.list();
}

void TrainingPage::stop()
{
    for (TrainingView* view : m_views)
        view->stop();
    m_session.stop();
    m_archive.stop();
    m_source.stop();
    m_lookSource.stop();
}

void TrainingPage::setRunning(bool running)
{
    if (!running)
        return m_session.pause();
    if (m_session.phase() == TrainingSession::Phase::working)
        return;
    const TrainingPlan& plan = m_document.experiment().training;
    if (plan.networks.empty())
        return emit refused(tr("There is no network to train: add one, or tick one, on the left."));
    m_source.want(plan);
    if (!m_source.problem().isEmpty())
        m_source.retry(); // the person may have mended it
    if (m_session.phase() == TrainingSession::Phase::paused && (!m_session.begun() || *m_session.begun() == plan))
        return m_session.goOn();
    m_follows = true;
    m_session.begin(plan, m_document.experiment().title);
}

void TrainingPage::reset()
{
    const bool again = state() == TransportState::stopped;
    m_session.giveUp();
    if (again)
        setRunning(true);
}

TransportState TrainingPage::state() const
{
    switch (m_session.phase()) {
    case TrainingSession::Phase::working:
        return TransportState::running;
    case TrainingSession::Phase::ended:
        return m_session.allFailed() ? TransportState::stopped : TransportState::finished;
    case TrainingSession::Phase::idle:
    case TrainingSession::Phase::paused:
        break;
    }
    return TransportState::paused;
}

/// Why the images are missing stands on the page already, with what helps.
QString TrainingPage::stopReason() const
{
    return m_source.problem().isEmpty() ? m_session.failure() : tr("the images cannot be read");
}

const TrainingDataSource& TrainingPage::sourceFor(const TrainingView& view) const
{
    return view.needsNetwork() && m_looksElsewhere ? m_lookSource : m_source;
}

void TrainingPage::wantLookedAt()
{
    const ListedRun* const run = m_session.run(m_watched);
    TrainingPlan plan = m_document.experiment().training;
    const TrainingDataKey wanted(plan);
    if (run) {
        // The images of a run from another machine lie where this one has them.
        const TrainingPlan here = std::exchange(plan, run->record.plan);
        if (!QDir(QString::fromStdString(plan.dataFolder)).exists())
            plan.dataFolder = here.dataFolder;
        if (!QDir(QString::fromStdString(plan.digitsFolder)).exists())
            plan.digitsFolder = here.digitsFolder;
    }
    m_looksElsewhere = TrainingDataKey(plan) != wanted;
    if (m_looksElsewhere)
        m_lookSource.want(plan);
    dataChanged();
}

void TrainingPage::dataChanged()
{
    for (TrainingView* view : m_views)
        view->setData(sourceFor(*view).data());
    // A queue that could not begin without images is over once they are there.
    if (!m_source.isReading() && m_source.problem().isEmpty() && m_session.waitedInVain())
        m_session.giveUp();
    showData();
    arrange();
}

/// Above the runs: why the images are missing, and what helps.
void TrainingPage::showData()
{
    if (m_source.problem().isEmpty())
        return m_dataNotice->hide();
    m_dataNotice->show(m_source.problem(),
        {{tr("Try again"), [this] { m_source.retry(); }},
            {tr("Choose a folder…"), [this] { askForFolder(TrainingSetup::Folder::images); }}});
}

} // namespace endospike
