#include "app/training/session.h"

#include "app/jobs/work_folder.h"
#include "sim/base/errors.h"
#include "sim/network/network.h"
#include "sim/network/trainer.h"
#include "sim/network/workers.h"

#include <QDir>
#include <QFile>

#include <algorithm>
#include <utility>

namespace endospike {

namespace {

TrainingOptions optionsFor(const RunRecord& record) { return {processorCount(), record.folder, true, record.title}; }

/// Where the new figures begin before the old ones end, the old ones go: a run went back to its checkpoint.
template <class Metrics, class Earlier>
bool rewind(std::vector<Metrics>& old, const Metrics& first, Earlier earlier)
{
    const auto overtaken = std::ranges::find_if(old, [&](const Metrics& one) { return !earlier(one, first); });
    const bool some = overtaken != old.end();
    old.erase(overtaken, old.end());
    return some;
}

bool earlierBatch(const BatchMetrics& a, const BatchMetrics& b)
{
    return std::pair(a.epoch, a.batch) < std::pair(b.epoch, b.batch);
}

bool earlierEpoch(const EpochMetrics& a, const EpochMetrics& b) { return a.epoch < b.epoch; }

} // namespace

struct TrainingSession::Mail {
    std::vector<BatchMetrics> batches;
    std::vector<EpochMetrics> epochs;
    Snapshot network; ///< after the last of these epochs
};

TrainingSession::TrainingSession(TrainingDataSource& source, const QString& folder, QObject* parent)
    : QObject(parent)
    , m_source(source)
    , m_folder(folder)
    , m_mail(std::make_shared<Mailbox<Mail>>())
{
    connect(&m_source, &TrainingDataSource::changed, this, &TrainingSession::sourceChanged);
    connect(&m_runner, &JobRunner::progressed, this, [this](double fraction, const QString& sentence) {
        m_fraction = std::max(0.0, fraction);
        m_sentence = sentence;
        emit stateChanged();
    });
    connect(&m_runner, &JobRunner::finished, this, [this] { ended(RunState::finished, {}); });
    connect(&m_runner, &JobRunner::cancelled, this, [this] {
        takeMail();
        const ListedRun* const run = find(m_active);
        const bool whole = run && run->record.finished(); // the wish came too late
        ended(whole ? RunState::finished : m_intent == Intent::pause ? RunState::paused : RunState::stopped, {});
    });
    connect(&m_runner, &JobRunner::failed, this, [this](const QString& why) { ended(RunState::failed, why); });
}

TrainingSession::~TrainingSession() { blockSignals(true); }

void TrainingSession::begin(const TrainingPlan& plan, const std::string& title)
{
    m_intent = Intent::giveUp;
    m_runner.cancelAndWait();
    m_waitsForData = false;
    m_phase = Phase::idle;
    abandonWaiting();
    const QDir work(newWork(m_folder));
    for (ListedRun& run : m_runs)
        run.current = false;
    std::vector<ListedRun> runs;
    for (const RunId& id : runsOf(plan)) {
        ListedRun run;
        run.record.folder = QFile::encodeName(work.filePath(QFile::decodeName(id.folderName().c_str()))).toStdString();
        run.record.id = id;
        run.record.plan = planOf(plan, id);
        run.record.title = title.empty() ? id.label() : title;
        run.current = true;
        m_waiting.push_back(run.record.folder);
        runs.push_back(std::move(run));
    }
    m_runs.insert(m_runs.begin(), std::make_move_iterator(runs.begin()), std::make_move_iterator(runs.end()));
    m_begun = plan;
    m_ended = 0;
    m_failure.clear();
    emit runsChanged();
    goOn();
}

void TrainingSession::goOn()
{
    if (m_phase == Phase::working || m_waiting.empty())
        return;
    m_fraction = 0;
    m_sentence = tr("Reading the images");
    m_waitsForData = true;
    setPhase(Phase::working);
    sourceChanged();
}

void TrainingSession::sourceChanged()
{
    if (!m_waitsForData || m_source.isReading())
        return;
    m_waitsForData = false;
    m_lackedData = !m_source.problem().isEmpty();
    if (!m_lackedData)
        return startNext();
    // Nothing was begun, so there is nothing to keep. A run from the disk stays what it was.
    m_failure = m_source.problem();
    abandonWaiting();
    m_sentence.clear();
    setPhase(Phase::ended);
}

void TrainingSession::pause()
{
    if (m_phase != Phase::working)
        return;
    m_intent = Intent::pause;
    if (m_runner.isRunning())
        return m_runner.cancel();
    m_waitsForData = false;
    setPhase(Phase::paused);
}

void TrainingSession::giveUp()
{
    m_intent = Intent::giveUp;
    m_failure.clear();
    if (m_runner.isRunning())
        return m_runner.cancel();
    m_waitsForData = false;
    abandonWaiting();
    m_sentence.clear();
    m_fraction = 0;
    setPhase(Phase::idle);
}

/// What never began leaves the list; the others can be continued from it.
void TrainingSession::abandonWaiting()
{
    const auto waiting = std::exchange(m_waiting, {});
    bool gone = false;
    for (const std::string& folder : waiting) {
        const ListedRun* listed = find(folder);
        if (!listed)
            continue;
        if (!listed->record.epochs.empty() || listed->record.hasCheckpoint) {
            setState(folder, RunState::stopped);
            continue;
        }
        std::erase_if(m_runs, [&](const ListedRun& run) { return run.record.folder == folder; });
        gone = true;
    }
    if (gone)
        emit runsChanged();
}

void TrainingSession::continueRun(const std::string& folder)
{
    ListedRun* const listed = find(folder);
    if (!listed || folder == m_active || (m_phase == Phase::working && listed->state == RunState::waiting))
        return;
    std::erase(m_waiting, folder);
    if (m_phase == Phase::idle || m_phase == Phase::ended) {
        m_begun.reset();
        m_ended = 0;
        m_failure.clear();
    }
    if (m_phase == Phase::working)
        m_waiting.push_back(folder);
    else
        m_waiting.push_front(folder);
    setState(folder, RunState::waiting);
    goOn();
}

void TrainingSession::startNext()
{
    while (!m_waiting.empty()) {
        m_active = m_waiting.front();
        m_waiting.pop_front();
        if (ListedRun* const run = find(m_active))
            return train(*run);
    }
    m_active.clear();
    m_fraction = 0;
    m_sentence = m_failure.isEmpty() ? tr("Done.") : QString();
    setPhase(Phase::ended);
}

void TrainingSession::train(ListedRun& run)
{
    m_fraction = 0;
    m_sentence = QString::fromStdString(run.record.id.label());
    m_intent = Intent::pause;
    m_mail = std::make_shared<Mailbox<Mail>>();
    const RunRecord& record = run.record;
    m_runner.start([plan = record.plan, id = record.id, data = m_source.dataFor(record.plan),
                       options = optionsFor(record), box = m_mail](const JobContext& context) {
        JobRunner::yieldToOthers();
        // An earlier run may have had other pairs than the document asks for now.
        const auto pairs =
            data ? data : std::make_shared<const TrainingData>(pairImages(readTrainingImages(plan), plan));
        RunSinks sinks;
        sinks.batch = [&](const BatchMetrics& metrics) {
            box->put([&](Mail& mail) { mail.batches.push_back(metrics); });
        };
        sinks.epoch = [&](const EpochMetrics& metrics, std::shared_ptr<const Network> network) {
            box->put([&](Mail& mail) {
                mail.epochs.push_back(metrics);
                mail.network = std::move(network);
            });
        };
        trainNetwork(plan, id, *pairs, options, sinks, context);
    });
    setState(m_active, RunState::running);
    setPhase(Phase::working);
}

void TrainingSession::ended(RunState state, const QString& failure)
{
    takeMail();
    const std::string folder = std::exchange(m_active, {});
    const bool asked = state == RunState::paused || state == RunState::stopped;
    if (ListedRun* const run = find(folder))
        run->record.hasCheckpoint = run->record.hasCheckpoint || !run->record.epochs.empty();
    setState(folder, state, failure);
    if (!failure.isEmpty()) {
        m_failure = failure;
        emit runFailed(failure);
    }
    if (!asked)
        ++m_ended;
    if (m_intent == Intent::giveUp) {
        abandonWaiting();
        m_sentence = tr("Stopped.");
        m_fraction = 0;
        return setPhase(Phase::idle);
    }
    if (state != RunState::paused)
        return m_stopping ? setPhase(m_waiting.empty() ? Phase::ended : Phase::paused) : startNext();
    m_waiting.push_front(folder);
    m_sentence = tr("Paused; Run goes on. %1").arg(m_sentence);
    setPhase(Phase::paused);
}

void TrainingSession::stop()
{
    m_stopping = true;
    pause();
    m_runner.cancelAndWait();
    m_stopping = false;
    try {
        for (const std::string& folder : m_waiting)
            if (const ListedRun* const waiting = find(folder); waiting && !waiting->record.hasCheckpoint)
                RunFolder::begin(folder, waiting->record.plan, waiting->record.title);
    } catch (const FileError&) { // the disk is full: what was trained is there
    }
}

void TrainingSession::tick() { takeMail(); }

void TrainingSession::takeMail()
{
    const auto [batches, epochs, network] = m_mail->take();
    ListedRun* const run = find(m_active);
    if (!run || (batches.empty() && epochs.empty()))
        return;
    RunRecord& record = run->record;
    bool again = !batches.empty() && rewind(record.batches, batches.front(), earlierBatch);
    again = (!epochs.empty() && rewind(record.epochs, epochs.front(), earlierEpoch)) || again;
    record.batches.insert(record.batches.end(), batches.begin(), batches.end());
    record.epochs.insert(record.epochs.end(), epochs.begin(), epochs.end());
    record.hasCheckpoint = record.hasCheckpoint || !epochs.empty();
    const std::string folder = m_active; // a receiver may change the list
    if (again)
        emit runsChanged();
    else if (!batches.empty())
        emit batchesArrived(folder, batches);
    for (const EpochMetrics& metrics : epochs)
        if (!again)
            emit epochArrived(folder, metrics);
    if (network)
        emit snapshotArrived(folder, epochs.back(), network);
}

void TrainingSession::addEarlier(std::vector<RunRecord> records)
{
    std::erase_if(records, [this](const RunRecord& record) { return find(record.folder) != nullptr; });
    auto at = std::ranges::find(m_runs, false, &ListedRun::current);
    for (RunRecord& record : records) {
        const RunState state = record.finished() ? RunState::finished : RunState::stopped;
        at = std::next(m_runs.insert(at, {std::move(record), state, {}, false}));
    }
    emit runsChanged();
}

bool TrainingSession::forget(const std::string& folder)
{
    if (folder == m_active)
        return false;
    std::erase(m_waiting, folder);
    const auto gone = std::erase_if(m_runs, [&](const ListedRun& run) { return run.record.folder == folder; });
    if (gone > 0)
        emit runsChanged();
    if (m_phase == Phase::paused && m_waiting.empty())
        setPhase(Phase::ended);
    return gone > 0;
}

ListedRun* TrainingSession::find(const std::string& folder)
{
    const auto at = std::ranges::find_if(m_runs, [&](const ListedRun& run) { return run.record.folder == folder; });
    return at == m_runs.end() ? nullptr : &*at;
}

const ListedRun* TrainingSession::run(const std::string& folder) const
{
    return const_cast<TrainingSession*>(this)->find(folder);
}

void TrainingSession::setState(const std::string& folder, RunState state, const QString& failure)
{
    if (ListedRun* const run = find(folder)) {
        run->state = state;
        run->failure = failure;
        emit runStateChanged(folder);
    }
}

void TrainingSession::setPhase(Phase phase)
{
    m_phase = phase;
    emit stateChanged();
}

double TrainingSession::fraction() const
{
    if (m_phase == Phase::ended || m_phase == Phase::idle)
        return m_phase == Phase::ended && m_failure.isEmpty() ? 1 : 0;
    const auto ended = static_cast<double>(m_ended);
    const auto all = ended + static_cast<double>(m_waiting.size()) + (m_active.empty() ? 0 : 1);
    return all > 0 ? std::min(1.0, (ended + m_fraction) / all) : 0;
}

QString TrainingSession::sentence() const
{
    const std::size_t all = m_ended + m_waiting.size() + 1;
    if (m_phase != Phase::working || m_active.empty() || all < 2)
        return m_sentence;
    return tr("Run %1 of %2. %3").arg(m_ended + 1).arg(all).arg(m_sentence);
}

bool TrainingSession::allFailed() const
{
    return m_phase == Phase::ended && !m_failure.isEmpty() && std::ranges::all_of(m_runs, [](const ListedRun& run) {
        return !run.current || run.state == RunState::failed;
    });
}

} // namespace endospike
