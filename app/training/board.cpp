#include "app/training/board.h"

#include "app/training/reading.h"
#include "app/training/run_model.h"
#include "sim/network/operation_count.h"
#include "widgets/form/segmented_control.h"
#include "widgets/look/text.h"
#include "widgets/plot/learning_plot.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QPushButton>
#include <QSplitter>
#include <QStackedWidget>
#include <QTimer>

#include <algorithm>
#include <cmath>

namespace endospike {

namespace {

constexpr int refresh_ms = 80; ///< the curves grow as often as this

bool isFinite(const EpochMetrics& epoch)
{
    return std::isfinite(epoch.testLoss) && std::isfinite(epoch.testAccuracy[0])
        && std::isfinite(epoch.testAccuracy[1]);
}

bool isFinite(const BatchMetrics& batch)
{
    return std::isfinite(batch.loss) && std::isfinite(batch.accuracy[0]) && std::isfinite(batch.accuracy[1]);
}

bool isBusy(RunState state)
{
    return state == RunState::running || state == RunState::paused || state == RunState::waiting;
}

} // namespace

TrainingBoard::TrainingBoard(QWidget* parent)
    : QWidget(parent)
    , m_model(new RunModel(m_runs, this))
    , m_pages(new QStackedWidget)
    , m_plots(new QStackedWidget)
    , m_view(new SegmentedControl({tr("Learning"), tr("Race by time"), tr("Operations"), tr("Parameters")}))
    , m_tasks(new SegmentedControl({tr("Both tasks"), tr("Top left"), tr("Bottom right")}))
    , m_loss(new LearningPlot)
    , m_accuracy(new LearningPlot)
    , m_race(new LearningPlot)
    , m_reading(new TrainingReading)
    , m_table(new RunTable(*m_model))
    , m_later(new QTimer(this))
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    auto* board = new QWidget;
    auto* rows = new QVBoxLayout(board);
    rows->setContentsMargins(0, 0, 8, 8);
    rows->setSpacing(4);
    rows->addWidget(buildStrip());
    auto* split = new QSplitter(Qt::Vertical);
    split->addWidget(buildPlots());
    split->addWidget(buildList());
    split->setSizes({520, 480});
    split->setStretchFactor(0, 1);
    split->setStretchFactor(1, 1);
    split->setChildrenCollapsible(false);
    rows->addWidget(split, 1);
    m_pages->addWidget(buildEmpty());
    m_pages->addWidget(board);
    column->addWidget(m_pages);
    m_later->setSingleShot(true);
    m_later->setInterval(refresh_ms);
    connect(m_later, &QTimer::timeout, this, &TrainingBoard::catchUp);
    connect(m_model, &RunModel::ticksChanged, this, &TrainingBoard::showTicks);
    connect(m_table, &RunTable::runChosen, this, &TrainingBoard::choseInTable);
    connect(m_table, &RunTable::lookWanted, this, [this] { act(look); });
    connect(m_view, &SegmentedControl::chosen, this, [this] { showView(view()); });
    connect(m_tasks, &SegmentedControl::chosen, this, &TrainingBoard::showTicks);
    showTicks();
    showView(learning);
}

QWidget* TrainingBoard::buildEmpty()
{
    auto* page = new QWidget;
    auto* column = new QVBoxLayout(page);
    auto* text = new QLabel(tr("<p><b>Nothing has been trained yet.</b></p><p>Choose networks, epochs and seeds in the "
                               "panel at the left, then start. Here you will see loss and accuracy of both tasks as "
                               "they learn, and compare every run that was kept.</p>"));
    text->setWordWrap(true);
    text->setAlignment(Qt::AlignHCenter);
    text->setMaximumWidth(460);
    m_start = new QPushButton(tr("Start training"));
    connect(m_start, &QPushButton::clicked, this, &TrainingBoard::startWanted);
    column->addStretch(2);
    column->addWidget(text, 0, Qt::AlignHCenter);
    column->addWidget(m_start, 0, Qt::AlignHCenter);
    column->addStretch(3);
    return page;
}

QWidget* TrainingBoard::buildStrip()
{
    auto* strip = new QWidget;
    auto* row = new QHBoxLayout(strip);
    row->setContentsMargins(8, 8, 0, 4);
    row->setSpacing(16);
    m_view->setAccessibleName(tr("What the plots show"));
    m_view->button(byOperations)
        ->setToolTip(tr("Test accuracy against additions and multiplications of the training so far, by the published "
                        "counting"));
    m_view->button(byTime)->setToolTip(tr("Test accuracy against the time that training took"));
    m_view->button(byParameters)->setToolTip(tr("Test accuracy against the number of trained parameters"));
    m_tasks->setAccessibleName(tr("Whose accuracy"));
    m_tasks->button(bothTasks)->setToolTip(tr("The mean accuracy of both tasks"));
    m_view->setCurrent(learning);
    m_tasks->setCurrent(bothTasks);
    row->addWidget(m_view);
    row->addWidget(m_tasks);
    row->addStretch(1);
    return strip;
}

QWidget* TrainingBoard::buildPlots()
{
    const QString empty = tr("Tick runs in the table to see them here.");
    for (LearningPlot* plot : {m_loss, m_accuracy, m_race}) {
        plot->setMinimumHeight(150);
        plot->setEmptyText(empty);
        connect(plot, &LearningPlot::curveClicked, this, &TrainingBoard::curveClicked);
    }
    for (LearningPlot* plot : {m_loss, m_accuracy}) {
        plot->setXAxis(tr("Epoch"), {});
        plot->setKey(tr("training"), tr("test"));
        plot->setTrimmed(true);
    }
    m_loss->setTitle(tr("Loss"), tr("nats"));
    m_race->setNamesAtEnds(true);
    auto* beside = new QSplitter(Qt::Horizontal);
    beside->addWidget(m_loss);
    beside->addWidget(m_accuracy);
    beside->setSizes({500, 500});
    beside->setChildrenCollapsible(false);
    m_plots->addWidget(beside);
    m_plots->addWidget(m_race);
    return m_plots;
}

QWidget* TrainingBoard::buildList()
{
    auto* list = new QWidget;
    auto* column = new QVBoxLayout(list);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(4);
    column->addWidget(m_reading);
    column->addWidget(m_table, 1);
    column->addWidget(buildActions());
    m_table->setContextMenuPolicy(Qt::CustomContextMenu);
    connect(m_table, &QWidget::customContextMenuRequested, this, &TrainingBoard::showMenu);
    return list;
}

QWidget* TrainingBoard::buildActions()
{
    const std::array<std::pair<QString, QString>, actionCount> words{{
        {tr("Look inside"), tr("Test set, neurons and response curves of the chosen run")},
        {tr("Continue"), tr("Goes on from the checkpoint of the chosen run, to the bit as if it had not stopped")},
        {tr("Open experiment"), tr("The document of the chosen run in place of the present one (can be undone)")},
        {tr("Remove"), tr("Takes the chosen run and its folder off the list")},
        {tr("Export CSV…"), tr("The figures of every ticked run")},
        {tr("Export TensorBoard…"), tr("The figures of every ticked run as scalar events")},
    }};
    auto* strip = new QWidget;
    auto* row = new QHBoxLayout(strip);
    row->setContentsMargins(8, 4, 0, 0);
    row->setSpacing(8);
    for (int i = 0; i < actionCount; ++i) {
        const auto action = static_cast<Action>(i);
        m_buttons[action] = new QPushButton(words[action].first);
        m_buttons[action]->setToolTip(words[action].second);
        connect(m_buttons[action], &QPushButton::clicked, this, [this, action] { act(action); });
        if (action == csv)
            row->addStretch(1);
        row->addWidget(m_buttons[action]);
    }
    return strip;
}

void TrainingBoard::act(Action action)
{
    if (!m_buttons[action]->isEnabled())
        return;
    const QString folder = qstring(chosen());
    switch (action) {
    case look:
        emit lookWanted(folder);
        break;
    case goOn:
        emit continueWanted(folder);
        break;
    case open:
        emit openWanted(folder);
        break;
    case remove:
        emit removeWanted(folder);
        break;
    case csv:
        emit exportWanted(ticked(), RunExport::csv);
        break;
    case tensorBoard:
        emit exportWanted(ticked(), RunExport::tensorBoard);
        break;
    case actionCount:
        break;
    }
}

void TrainingBoard::showMenu(const QPoint& at)
{
    QMenu menu(this);
    for (int i = 0; i < csv; ++i) {
        const auto action = static_cast<Action>(i);
        QAction* entry = menu.addAction(m_buttons[action]->text(), this, [this, action] { act(action); });
        entry->setEnabled(m_buttons[action]->isEnabled());
    }
    menu.addSeparator();
    std::vector<std::size_t> all(m_runs.size());
    for (std::size_t i = 0; i < all.size(); ++i)
        all[i] = i;
    menu.addAction(tr("Tick all"), this, [this, all] { m_model->tick(all, true); });
    menu.addAction(tr("Tick none"), this, [this, all] { m_model->tick(all, false); });
    if (const auto run = m_table->chosen())
        menu.addAction(tr("Tick only this run"), this, [this, all, run] {
            const QSignalBlocker quiet(m_model);
            m_model->tick(all, false);
            m_model->blockSignals(false);
            m_model->tick({*run}, true);
        });
    menu.exec(m_table->viewport()->mapToGlobal(at));
}

double TrainingBoard::epochsAt(const BatchMetrics& batch)
{
    return batch.epoch + (batch.batch + 1.0) / std::max(1, batch.batchesPerEpoch);
}

std::string TrainingBoard::chosen() const
{
    const auto run = m_table->chosen();
    return run ? m_runs[*run].record.folder : std::string();
}

void TrainingBoard::choose(const std::string& folder)
{
    m_table->choose(m_model->find(folder));
    showChosen();
}

void TrainingBoard::tick(const std::string& folder)
{
    if (const auto run = m_model->find(folder))
        m_model->tick({*run}, true);
}

std::vector<std::string> TrainingBoard::ticked() const
{
    std::vector<std::string> folders;
    for (const std::size_t run : m_model->ticked())
        folders.push_back(m_runs[run].record.folder);
    return folders;
}

TrainingBoard::View TrainingBoard::view() const { return m_view->currentAs<View>(); }

void TrainingBoard::showView(View view)
{
    m_view->setCurrent(view);
    m_plots->setCurrentIndex(view == learning ? 0 : 1);
    showTicks();
}

void TrainingBoard::setRuns(std::vector<ListedRun> runs)
{
    const std::string before = chosen();
    m_later->stop();
    m_runs = std::move(runs);
    m_changed.assign(m_runs.size(), false);
    m_shown.clear(); // what they point at is gone
    m_model->runsReplaced();
    m_table->choose(m_model->find(before));
    m_pages->setCurrentIndex(m_runs.empty() ? 0 : 1);
    showChosen();
}

void TrainingBoard::addBatches(const std::string& folder, const std::vector<BatchMetrics>& batches)
{
    const auto run = m_model->find(folder);
    if (!run || batches.empty())
        return;
    std::vector<BatchMetrics>& all = m_runs[*run].record.batches;
    all.insert(all.end(), batches.begin(), batches.end());
    m_changed[*run] = true;
    later();
}

void TrainingBoard::addEpoch(const std::string& folder, const EpochMetrics& epoch)
{
    const auto run = m_model->find(folder);
    if (!run)
        return;
    RunRecord& record = m_runs[*run].record;
    record.epochs.push_back(epoch);
    record.hasCheckpoint = record.hasCheckpoint || epoch.epoch >= 0; // written after every epoch
    m_model->runChanged(*run, true);
    later();
}

void TrainingBoard::setRunState(const std::string& folder, RunState state, const QString& failure)
{
    const auto run = m_model->find(folder);
    if (!run)
        return;
    m_runs[*run].state = state;
    m_runs[*run].failure = failure;
    m_model->runChanged(*run, false);
    showChosen();
}

void TrainingBoard::later()
{
    if (isVisible() && !m_later->isActive())
        m_later->start();
}

void TrainingBoard::showEvent(QShowEvent* event)
{
    QWidget::showEvent(event);
    catchUp();
}

void TrainingBoard::catchUp()
{
    for (std::size_t run = 0; run < m_changed.size(); ++run)
        if (m_changed[run]) {
            m_changed[run] = false;
            m_model->runChanged(run, false);
        }
    if (view() == learning)
        for (std::size_t curve = 0; curve < m_shown.size(); ++curve)
            extend(curve);
    else if (std::ranges::any_of(
                 m_shown, [this](const Shown& shown) { return m_runs[shown.run].record.epochs.size() > shown.epochs; }))
        showRace();
    showChosen();
}

void TrainingBoard::extend(std::size_t curve)
{
    Shown& shown = m_shown[curve];
    const RunRecord& record = m_runs[shown.run].record;
    if (shown.batches == record.batches.size() && shown.epochs == record.epochs.size())
        return;
    QVector<QPointF> lossSamples, accuracySamples, lossMarks, accuracyMarks;
    for (std::size_t i = shown.batches; i < record.batches.size(); ++i)
        if (const BatchMetrics& batch = record.batches[i]; isFinite(batch)) {
            lossSamples.append({epochsAt(batch), batch.loss});
            accuracySamples.append({epochsAt(batch), accuracyOf(batch.accuracy)});
        }
    for (std::size_t i = shown.epochs; i < record.epochs.size(); ++i)
        if (const EpochMetrics& epoch = record.epochs[i]; isFinite(epoch)) {
            lossMarks.append({epoch.epoch + 1.0, epoch.testLoss});
            accuracyMarks.append({epoch.epoch + 1.0, accuracyOf(epoch.testAccuracy)});
        }
    shown.batches = record.batches.size();
    shown.epochs = record.epochs.size();
    m_loss->extend(curve, lossSamples, lossMarks);
    m_accuracy->extend(curve, accuracySamples, accuracyMarks);
}

double TrainingBoard::accuracyOf(const std::array<double, taskCount>& accuracy) const
{
    switch (m_tasks->currentAs<Tasks>()) {
    case topLeft:
        return 100 * accuracy[0];
    case bottomRight:
        return 100 * accuracy[1];
    case bothTasks:
        break;
    }
    return 50 * (accuracy[0] + accuracy[1]);
}

QString TrainingBoard::nameOf(std::size_t run) const
{
    const RunId& id = m_runs[run].record.id;
    const std::vector<std::size_t> ticked = m_model->ticked();
    const auto same =
        std::ranges::count_if(ticked, [&](std::size_t other) { return m_runs[other].record.id.network == id.network; });
    return same > 1 ? qstring(id.label()) : qstring(id.network);
}

LearningCurve TrainingBoard::curveOf(std::size_t run) const
{
    return {nameOf(run), m_model->color(run), m_model->variant(run), {}, {}};
}

void TrainingBoard::showTicks()
{
    const QString whose[] = {
        tr("Accuracy, mean of both tasks"), tr("Accuracy, top left"), tr("Accuracy, bottom right")};
    m_accuracy->setTitle(whose[m_tasks->current()], QStringLiteral("%"));
    m_race->setTitle(tr("Test accuracy: %1").arg(m_tasks->button(m_tasks->current())->text()), QStringLiteral("%"));
    std::vector<LearningCurve> curves;
    m_shown.clear();
    for (const std::size_t run : m_model->ticked()) {
        curves.push_back(curveOf(run));
        m_shown.push_back({run, 0, 0});
    }
    m_loss->setCurves(curves);
    m_accuracy->setCurves(std::move(curves));
    for (std::size_t curve = 0; curve < m_shown.size(); ++curve)
        extend(curve);
    if (view() != learning)
        showRace();
    showChosen();
}

void TrainingBoard::showRace()
{
    std::vector<LearningCurve> curves;
    double soonest = 0, latest = 0;
    for (Shown& shown : m_shown) {
        LearningCurve curve = curveOf(shown.run);
        const RunRecord& record = m_runs[shown.run].record;
        shown.epochs = record.epochs.size();
        for (const EpochMetrics& epoch : record.epochs)
            if (isFinite(epoch))
                curve.marks.append(
                    {view() == byTime ? epoch.elapsed_s : epoch.operations, accuracyOf(epoch.testAccuracy)});
        if (view() == byParameters && !curve.marks.isEmpty() && !record.plan.networks.empty())
            curve.marks = {{parameterCount(record.plan.networks.front()), curve.marks.back().y()}};
        if (!curve.marks.isEmpty() && curve.marks.back().x() > 0) {
            const double end = curve.marks.back().x();
            soonest = soonest > 0 ? std::min(soonest, end) : end;
            latest = std::max(latest, end);
        }
        curves.push_back(std::move(curve));
    }
    // A race over seconds and hours has no room on a linear axis.
    const bool logarithmic = view() != byTime || latest > 8 * soonest;
    if (m_race->isLogarithmicX() != logarithmic)
        m_race->setLogarithmicX(logarithmic);
    const std::array<std::pair<QString, QString>, 4> axes{
        {{}, {tr("Time of training"), tr("s")}, {tr("Operations"), {}}, {tr("Trained parameters"), {}}}};
    m_race->setXAxis(axes[view()].first, axes[view()].second);
    m_race->setCurves(std::move(curves));
}

std::optional<std::size_t> TrainingBoard::running() const
{
    for (const RunState state : {RunState::running, RunState::paused})
        for (std::size_t i = 0; i < m_runs.size(); ++i)
            if (m_runs[i].state == state)
                return i;
    return std::nullopt;
}

void TrainingBoard::choseInTable()
{
    showChosen();
    if (const auto run = m_table->chosen())
        emit runChosen(qstring(m_runs[*run].record.folder));
}

void TrainingBoard::curveClicked(int curve)
{
    m_table->choose(m_shown[static_cast<std::size_t>(curve)].run);
    choseInTable();
}

void TrainingBoard::showChosen()
{
    const auto run = m_table->chosen();
    int emphasised = -1;
    for (std::size_t curve = 0; curve < m_shown.size(); ++curve)
        if (run && m_shown[curve].run == *run)
            emphasised = static_cast<int>(curve);
    for (LearningPlot* plot : {m_loss, m_accuracy, m_race})
        plot->emphasise(emphasised);
    if (const auto read = running() ? running() : run)
        m_reading->show(m_runs[*read]);
    else
        m_reading->clear();
    const RunRecord* record = run ? &m_runs[*run].record : nullptr;
    const RunState state = run ? m_runs[*run].state : RunState::waiting;
    m_buttons[look]->setEnabled(record && record->hasCheckpoint);
    m_buttons[goOn]->setEnabled(record && record->hasCheckpoint && !record->finished() && !isBusy(state));
    m_buttons[open]->setEnabled(record);
    m_buttons[remove]->setEnabled(record && state != RunState::running && state != RunState::paused);
    for (const Action action : {csv, tensorBoard})
        m_buttons[action]->setEnabled(!m_shown.empty());
}

FigureRequest TrainingBoard::figure(const QString& caption) const
{
    FigureRequest request{{}, caption};
    const std::vector<LearningPlot*> plots =
        view() == learning ? std::vector<LearningPlot*>{m_loss, m_accuracy} : std::vector<LearningPlot*>{m_race};
    for (LearningPlot* plot : plots)
        request.pictures.emplace_back(plot);
    request.pictures.push_back(curveNames(plots.front()->curves(), plots.front()->width()));
    return request;
}

} // namespace endospike
