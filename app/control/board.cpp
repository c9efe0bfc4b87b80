#include "app/control/board.h"

#include "widgets/look/numbers.h"
#include "widgets/look/plot_parts.h"
#include "widgets/look/reading_table.h"
#include "widgets/look/text.h"
#include "widgets/look/theme.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QSplitter>
#include <QTableWidget>

#include <algorithm>
#include <cmath>
#include <limits>

namespace endospike {

namespace {

constexpr double none = std::numeric_limits<double>::quiet_NaN();
constexpr qsizetype mostPoints = 400; ///< of a curve; there are no more pixels than that for it

/// The seeds of one policy, in the order of the runs.
std::vector<std::vector<const ControlRun*>> byPolicy(const std::vector<ControlRun>& runs)
{
    std::vector<std::vector<const ControlRun*>> groups;
    for (const ControlRun& run : runs) {
        const auto group = std::ranges::find_if(
            groups, [&](const auto& others) { return others.front()->id.network == run.id.network; });
        if (group == groups.end())
            groups.push_back({&run});
        else
            group->push_back(&run);
    }
    return groups;
}

double rewardAt(const ControlRun& run, std::int64_t step)
{
    const auto report = std::ranges::lower_bound(run.progress, step, {}, &ControlProgress::step);
    return report == run.progress.end() ? none : report->reward;
}

/// Mean and, from two seeds on, standard deviation of what the runs are at the steps that the farthest one reported.
template <class Value>
Curve curveOf(const std::vector<const ControlRun*>& runs, const Value& valueAt)
{
    Curve curve;
    curve.name = qstring(runs.front()->id.network);
    curve.color = hueColor(runs.front()->kind->hue);
    const ControlRun& farthest =
        **std::ranges::max_element(runs, {}, [](const ControlRun* run) { return run->step(); });
    const qsizetype reports = std::ssize(farthest.progress);
    const qsizetype stride = std::max<qsizetype>(1, (reports + mostPoints - 1) / mostPoints);
    for (qsizetype i = (reports - 1) % stride; i < reports; i += stride) {
        const std::int64_t step = farthest.progress[static_cast<std::size_t>(i)].step;
        double sum = 0, squares = 0;
        int seeds = 0;
        for (const ControlRun* run : runs)
            if (const double value = run->step() >= step ? valueAt(*run, step) : none; !std::isnan(value)) {
                sum += value;
                squares += value * value;
                ++seeds;
            }
        const double mean = seeds > 0 ? sum / seeds : none;
        curve.x.append(static_cast<double>(step));
        curve.y.append(mean);
        curve.spread.append(seeds > 1 ? std::sqrt(std::max(0.0, (squares - seeds * mean * mean) / (seeds - 1))) : none);
    }
    if (runs.size() < 2)
        curve.spread.clear();
    return curve;
}

} // namespace

ControlBoard::ControlBoard(QWidget* parent)
    : QWidget(parent)
    , m_reward(new CurvePlot)
    , m_length(new CurvePlot)
    , m_table(new QTableWidget(0, 7))
{
    m_reward->setTitle(tr("Reward, mean over 1000 steps"), tr("per step"));
    m_length->setTitle(tr("Length of an episode, mean over 1000 steps"), tr("steps"));
    m_length->setLeastY(0, 1000);
    m_length->setPossibleY(0, 1000);
    for (CurvePlot* plot : {m_reward, m_length}) {
        plot->setXAxis(tr("Environment steps"), {});
        plot->xAxis->setTicker(QSharedPointer<QCPAxisTicker>(new CountTicker));
    }
    auto* plots = new QSplitter(Qt::Vertical);
    plots->addWidget(m_reward);
    plots->addWidget(m_length);
    plots->setChildrenCollapsible(false);
    buildTable();
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 8, 8);
    column->setSpacing(8);
    column->addWidget(plots, 1);
    column->addWidget(m_table);
    connect(&themeNotifier(), &ThemeNotifier::themeChanged, this, &ControlBoard::fillTable);
    fillTable();
}

void ControlBoard::buildTable()
{
    m_table->setHorizontalHeaderLabels({tr("Policy"), tr("Seed"), tr("Steps"), tr("Reward per step"),
        tr("Last episode"), tr("Held at"), tr("Steps/s")});
    const QString meanings[] = {{}, {}, tr("Environment steps done"), tr("Mean over the last 1000 steps"),
        tr("Its length in steps"), tr("Steps of training when an episode was first held to its end"),
        tr("Environment steps, with one update each, in a second")};
    for (int column = 0; column < m_table->columnCount(); ++column) {
        m_table->horizontalHeaderItem(column)->setToolTip(meanings[column]);
        m_table->horizontalHeaderItem(column)->setTextAlignment(
            (column == 0 ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter);
    }
    m_table->setAccessibleName(tr("Trainings"));
    makeReadingTable(*m_table);
    m_table->horizontalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
    m_table->horizontalHeader()->setSectionResizeMode(0, QHeaderView::Stretch);
}

double ControlBoard::lengthAt(const ControlRun& run, std::int64_t step)
{
    const auto end = std::ranges::upper_bound(run.episodes, step, {}, &EpisodeMetrics::step);
    if (end == run.episodes.begin())
        return none;
    double sum = 0;
    int episodes = 0;
    for (auto episode = end; episode != run.episodes.begin(); ++episodes) {
        --episode;
        if (episodes > 0 && episode->step <= step - static_cast<std::int64_t>(controlRewardWindow))
            break;
        sum += episode->length;
    }
    return sum / episodes;
}

void ControlBoard::setEmptyText(const QString& text)
{
    m_reward->setEmptyText(text);
    m_length->setEmptyText({});
}

void ControlBoard::setRuns(const std::vector<ControlRun>& runs)
{
    m_runs = runs;
    std::vector<Curve> rewards, lengths;
    for (const auto& group : byPolicy(m_runs)) {
        rewards.push_back(curveOf(group, rewardAt));
        lengths.push_back(curveOf(group, lengthAt));
        const auto same = [&](const Curve& curve) { return curve.color == rewards.back().color; };
        rewards.back().variant = lengths.back().variant =
            static_cast<int>(std::count_if(rewards.begin(), rewards.end() - 1, same));
    }
    m_reward->setCurves(std::move(rewards));
    m_length->setCurves(std::move(lengths));
    fillTable();
}

void ControlBoard::fillTable()
{
    m_table->setRowCount(static_cast<int>(m_runs.size()));
    m_table->setVisible(!m_runs.empty());
    for (int row = 0; row < m_table->rowCount(); ++row) {
        const ControlRun& run = m_runs[static_cast<std::size_t>(row)];
        QStringList texts{qstring(run.id.network), QString::number(run.id.seed)};
        if (run.progress.empty()) {
            texts << tr("waiting");
        } else {
            const ControlProgress& last = run.progress.back();
            const auto held = std::ranges::find(run.episodes, false, &EpisodeMetrics::terminated);
            texts << groupedCount(last.step) << fixedNumber(last.reward, 2)
                  << (run.episodes.empty() ? QStringLiteral("–") : groupedCount(run.episodes.back().length))
                  << (held == run.episodes.end() ? QStringLiteral("–") : groupedCount(held->step))
                  << fixedNumber(last.steps_per_s, 0);
        }
        texts.resize(m_table->columnCount());
        setRow(*m_table, row, texts, hueColor(run.kind->hue));
    }
    fitRows(*m_table, 1, 8);
}

FigureRequest ControlBoard::figure(const QString& caption) const { return {{m_reward, m_length}, caption}; }

} // namespace endospike
