// Which view is in front, what it looks into, and the runs on the disk.
#include "app/training/page.h"

#include "app/document/document.h"
#include "app/laboratory/settings.h"
#include "app/training/board.h"
#include "app/training/export.h"
#include "app/training/notice.h"
#include "sim/base/errors.h"
#include "sim/base/whole_file.h"
#include "sim/document/laboratory.h"
#include "sim/network/training_plan.h"
#include "widgets/form/segmented_control.h"

#include <QDateTime>
#include <QFile>
#include <QStackedWidget>

#include <algorithm>
#include <utility>

namespace endospike {

TrainingView* TrainingPage::trainingView(View view) const
{
    return view == View::train ? nullptr : m_views[static_cast<std::size_t>(view) - 1];
}

void TrainingPage::showView(View view)
{
    m_choice->setCurrent(view);
    arrange();
    emit stateChanged();
}

TrainingPage::View TrainingPage::view() const { return m_choice->currentAs<View>(); }

void TrainingPage::arrange()
{
    TrainingView* const wanted = trainingView(view());
    if (!wanted) {
        enter(nullptr);
        m_stack->setCurrentIndex(0);
    } else if (showMissing(*wanted)) {
        enter(nullptr);
        m_stack->setCurrentWidget(m_placeholder);
    } else {
        m_stack->setCurrentWidget(wanted);
        enter(isVisible() ? wanted : nullptr);
    }
}

/// Prepares the placeholder; false if the view has all it needs.
bool TrainingPage::showMissing(const TrainingView& view)
{
    if (const TrainingDataSource& source = sourceFor(view); view.needsData() && !source.data()) {
        if (source.problem().isEmpty())
            m_placeholder->show(tr("Reading the images…"), {});
        else
            m_placeholder->show(source.problem(),
                {{tr("Try again"), [this] { (m_source.problem().isEmpty() ? m_lookSource : m_source).retry(); }},
                    {tr("Choose a folder…"), [this] { askForFolder(TrainingSetup::Folder::images); }}});
        return true;
    }
    if (!view.needsNetwork() || m_network)
        return false;
    if (m_session.phase() == TrainingSession::Phase::working)
        m_placeholder->show(tr("The first network is being set up; it appears here in a moment."), {});
    else
        m_placeholder->show(tr("There is no network to look into yet. Train one, or choose an earlier run in the list "
                               "of the first view."),
            {{tr("Start training"), [this] { setRunning(true); }},
                {tr("Show the runs"), [this] { showView(View::train); }}});
    return true;
}

void TrainingPage::enter(TrainingView* view)
{
    if (view == m_entered)
        return;
    if (m_entered)
        m_entered->leave();
    m_entered = view;
    if (view)
        view->enter();
}

void TrainingPage::showEvent(QShowEvent* event)
{
    Page::showEvent(event);
    arrange();
}

void TrainingPage::hideEvent(QHideEvent* event)
{
    Page::hideEvent(event);
    enter(nullptr);
}

void TrainingPage::watch(const std::string& folder)
{
    const ListedRun* const run = m_session.run(folder);
    if (!run)
        return;
    m_watched = folder;
    wantLookedAt();
    if (run->record.hasCheckpoint)
        m_archive.open(folder);
    else if (!m_session.isTraining(folder))
        lookInto(folder, run->record.id, {}, nullptr);
}

void TrainingPage::lookInto(
    const std::string& folder, const RunId& id, const EpochMetrics& metrics, std::shared_ptr<const Network> network)
{
    if (folder != m_watched)
        return;
    m_id = id;
    m_metrics = metrics;
    m_network = std::move(network);
    for (TrainingView* view : m_views)
        view->setSnapshot(m_id, m_metrics, m_network);
    arrange();
}

void TrainingPage::runStateChanged(const std::string& folder)
{
    const ListedRun* const run = m_session.run(folder);
    m_board->setRunState(folder, run->state, run->failure);
    if (run->state == RunState::running && m_follows) {
        m_archive.forgetOpening();
        m_watched = folder; // its network comes with its first test
        wantLookedAt();
        m_board->choose(folder);
        arrange();
    }
}

void TrainingPage::earlierListed(std::vector<RunRecord> records, const QStringList& problems)
{
    const auto open = std::ranges::find_if(records, &RunRecord::hasCheckpoint);
    const std::string newest = open == records.end() ? std::string() : open->folder;
    m_session.addEarlier(std::move(records));
    if (m_watched.empty() && !newest.empty())
        watch(newest);
    m_board->choose(m_watched);
    if (!problems.isEmpty())
        emit refused(problems.size() == 1
                ? tr("An earlier run cannot be read: %1").arg(problems.front())
                : tr("%1 earlier runs cannot be read; the first: %2").arg(problems.size()).arg(problems.front()));
}

void TrainingPage::adopted(const RunRecord& record)
{
    m_session.addEarlier({record});
    m_follows = m_session.isTraining(record.folder);
    watch(record.folder);
    m_board->tick(record.folder); // beside those that it is to be compared with
    m_board->choose(record.folder);
    showView(View::testSet);
}

void TrainingPage::openExperiment(const std::string& folder)
{
    const ListedRun* const run = m_session.run(folder);
    if (!run)
        return;
    Experiment experiment(*findLaboratory(training::key));
    experiment.title = run->record.title;
    experiment.training = run->record.plan;
    emit experimentWanted(experiment);
}

/// Aside, not away: it can be taken back until the program ends.
void TrainingPage::removeRun(const std::string& folder)
{
    const ListedRun* const listed = m_session.run(folder);
    if (!listed)
        return;
    if (m_session.isTraining(folder))
        return emit refused(tr("This run is being trained; pause it first."));
    const RunRecord record = listed->record;
    const bool onDisk = QFile::exists(QFile::decodeName(QByteArray::fromStdString(folder)));
    try {
        const std::string aside = onDisk ? m_archive.moveAside(folder) : std::string();
        m_session.forget(folder);
        if (folder == m_watched) {
            m_archive.forgetOpening();
            lookInto(folder, {}, {}, nullptr);
            m_watched.clear();
        }
        if (onDisk)
            emit undoable(
                tr("“%1” was removed.").arg(QString::fromStdString(record.id.label())), [this, aside, folder, record] {
                    try {
                        m_archive.putBack(aside, folder);
                        m_session.addEarlier({record});
                    } catch (const FileError& error) {
                        emit refused(QString::fromUtf8(error.what()));
                    }
                });
    } catch (const FileError& error) {
        emit refused(QString::fromUtf8(error.what()));
    }
}

/// Every epoch of these trainings: one CSV table, or a folder for TensorBoard.
void TrainingPage::exportRuns(const std::vector<std::string>& folders, RunExport format)
{
    std::vector<RunRecord> records;
    for (const std::string& folder : folders)
        if (const ListedRun* const run = m_session.run(folder); run && !run->record.epochs.empty())
            records.push_back(run->record);
    if (records.empty())
        return emit refused(tr("There is nothing to export: tick runs that have been trained."));
    if (format == RunExport::csv)
        return emit exportWanted({tr("Export the runs"), tr("runs"), {tr("CSV table (*.csv)")}, "csv",
            [records](const QString& path, const JobContext&) {
                writeWholeFile(QFile::encodeName(path).toStdString(), runsAsCsv(records));
            }});
    emit exportWanted({tr("Export the runs for TensorBoard: choose a folder"), {}, {}, {},
        [records](const QString& path, const JobContext& context) {
            const double now_s = static_cast<double>(QDateTime::currentMSecsSinceEpoch()) / 1000;
            writeRunsForTensorBoard(QFile::encodeName(path).toStdString(), records, now_s, context);
        }});
}

QWidget* TrainingPage::home() const { return m_choice->button(view()); }

FigureRequest TrainingPage::figure(const QString& caption) const
{
    const TrainingView* now = trainingView(view());
    return now ? now->figure(caption) : m_board->figure(caption);
}

void TrainingPage::saveLayout(Settings& settings) const { settings.set("training/view", m_choice->current()); }

void TrainingPage::restoreLayout(const Settings& settings)
{
    m_choice->setCurrent(static_cast<int>(settings.number("training/view", 0)));
    showView(view());
}

} // namespace endospike
