#include "app/training/run_model.h"

#include "sim/base/not_a_number.h"
#include "widgets/form/parameter_form.h"
#include "widgets/look/numbers.h"
#include "widgets/look/text.h"
#include "widgets/look/theme.h"
#include "widgets/plot/xy_plot.h"

#include <QDateTime>
#include <QFileInfo>
#include <QPainter>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <numeric>

namespace endospike {

namespace {

const NetworkPlan* networkOf(const ListedRun& run)
{
    return run.record.plan.networks.empty() ? nullptr : &run.record.plan.networks.front();
}

bool standsLeft(int column)
{
    return column == RunModel::network || column == RunModel::seed || column == RunModel::state
        || column == RunModel::date || column == RunModel::title;
}

double elapsed_s(const RunRecord& record)
{
    double seconds = record.epochs.empty() ? 0 : record.epochs.back().elapsed_s;
    if (!record.batches.empty())
        seconds = std::max(seconds, record.batches.back().elapsed_s);
    return seconds;
}

/// Of the last whole epoch, so that it does not depend on when it was looked at; before the first, of the last second.
double samplesPerSecond(const RunRecord& record)
{
    return epochsDone(record) > 0 ? record.epochs.back().samples_per_s : recentSamplesPerSecond(record);
}

/// The folder that the runs of one queue share.
std::string workOf(const ListedRun& run) { return std::filesystem::path(run.record.folder).parent_path().string(); }

} // namespace

double recentSamplesPerSecond(const RunRecord& record)
{
    double samples = 0, seconds = 0;
    for (std::size_t i = record.batches.size(); i > 0 && seconds < 1; --i) {
        const BatchMetrics& now = record.batches[i - 1];
        const bool first = i == 1 || record.batches[i - 2].epoch != now.epoch;
        const double since = first ? 0 : now.elapsed_s - record.batches[i - 2].elapsed_s;
        samples += now.samples_per_s * std::max(since, 1e-3);
        seconds += std::max(since, 1e-3);
    }
    return seconds > 0 ? samples / seconds : notANumber;
}

QString stateText(const ListedRun& run)
{
    switch (run.state) {
    case RunState::waiting:
        return RunTable::tr("waiting");
    case RunState::running:
        return RunTable::tr("training");
    case RunState::paused:
        return RunTable::tr("paused");
    case RunState::stopped:
        return run.current ? RunTable::tr("stopped") : RunTable::tr("unfinished");
    case RunState::finished:
        return RunTable::tr("finished");
    case RunState::failed:
        break;
    }
    return RunTable::tr("failed");
}

QString durationText(double seconds)
{
    if (!std::isfinite(seconds) || seconds < 0)
        return QStringLiteral("–");
    if (seconds < 9.95)
        return RunTable::tr("%1 s").arg(seconds, 0, 'f', 1);
    const auto whole = static_cast<qint64>(std::llround(seconds));
    if (whole < 60)
        return RunTable::tr("%1 s").arg(whole);
    if (whole < 3600)
        return RunTable::tr("%1 min %2 s").arg(whole / 60).arg(whole % 60, 2, 10, QChar(u'0'));
    return RunTable::tr("%1 h %2 min").arg(whole / 3600).arg(whole % 3600 / 60, 2, 10, QChar(u'0'));
}

int epochsDone(const RunRecord& record) { return record.epochs.empty() ? 0 : record.epochs.back().epoch + 1; }

double shareDone(const RunRecord& record)
{
    double epochs = epochsDone(record);
    if (!record.batches.empty()) {
        const BatchMetrics& last = record.batches.back();
        epochs = std::max(epochs, last.epoch + (last.batch + 1.0) / std::max(1, last.batchesPerEpoch));
    }
    return std::clamp(epochs / std::max(1, record.plan.epochs()), 0.0, 1.0);
}

RunModel::RunModel(const std::vector<ListedRun>& runs, QObject* parent)
    : QAbstractTableModel(parent)
    , m_runs(runs)
{
}

/// Of earlier runs, those of the newest work are shown first, so that a page never begins empty. Empty while a queue
/// is there.
std::string RunModel::newestWork() const
{
    if (std::ranges::any_of(m_runs, &ListedRun::current))
        return {};
    std::string newest;
    for (const ListedRun& run : m_runs)
        newest = std::max(newest, workOf(run)); // folders are named after the time
    return newest;
}

void RunModel::runsReplaced()
{
    beginResetModel();
    std::map<std::string, bool> known;
    std::map<std::string, int> variants;
    for (const ListedRun& run : m_runs) {
        const std::string& folder = run.record.folder;
        known[folder] = true;
        if (const auto at = m_variants.find(folder); at != m_variants.end())
            variants.insert(*at);
        const QDateTime written = QFileInfo(qstring(metricsPath(folder))).lastModified();
        m_dates[folder] = written.isValid() ? written.toMSecsSinceEpoch() : QDateTime::currentMSecsSinceEpoch();
    }
    m_variants = std::move(variants);
    const std::string newest = m_known.empty() ? newestWork() : std::string();
    for (std::size_t i = 0; i < m_runs.size(); ++i)
        if (const ListedRun& run = m_runs[i];
            !m_known.contains(run.record.folder) && (run.current || (!newest.empty() && workOf(run) == newest)))
            setTicked(i, true);
    m_known = std::move(known);
    sortRows();
    endResetModel();
    emit ticksChanged();
}

void RunModel::runChanged(std::size_t run, bool newEpoch)
{
    if (newEpoch) {
        m_dates[m_runs[run].record.folder] = QDateTime::currentMSecsSinceEpoch();
        if (m_column >= 0)
            sort(m_column, m_direction);
    }
    const int row = rowOf(run);
    emit dataChanged(index(row, 0), index(row, columnCount_ - 1));
}

int RunModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_order.size());
}

int RunModel::columnCount(const QModelIndex& parent) const { return parent.isValid() ? 0 : columnCount_; }

int RunModel::rowOf(std::size_t run) const
{
    return static_cast<int>(std::ranges::find(m_order, run) - m_order.begin());
}

std::optional<std::size_t> RunModel::find(const std::string& folder) const
{
    for (std::size_t i = 0; i < m_runs.size(); ++i)
        if (m_runs[i].record.folder == folder)
            return i;
    return std::nullopt;
}

bool RunModel::isTicked(std::size_t run) const { return m_variants.contains(m_runs[run].record.folder); }

int RunModel::variant(std::size_t run) const
{
    const auto at = m_variants.find(m_runs[run].record.folder);
    return at == m_variants.end() ? 0 : at->second;
}

QColor RunModel::color(std::size_t run) const
{
    const NetworkPlan* plan = networkOf(m_runs[run]);
    return hueColor(plan ? plan->kind->hue : Hue::grey);
}

void RunModel::setTicked(std::size_t run, bool ticked)
{
    if (ticked == isTicked(run))
        return;
    if (!ticked) {
        m_variants.erase(m_runs[run].record.folder);
        return;
    }
    std::vector<int> taken;
    for (std::size_t i = 0; i < m_runs.size(); ++i)
        if (isTicked(i) && color(i) == color(run))
            taken.push_back(variant(i));
    int free = 0;
    while (std::ranges::find(taken, free) != taken.end())
        ++free;
    m_variants[m_runs[run].record.folder] = free;
}

void RunModel::tick(const std::vector<std::size_t>& runs, bool ticked)
{
    for (const std::size_t run : runs)
        setTicked(run, ticked);
    if (!m_order.empty())
        emit dataChanged(index(0, 0), index(rowCount() - 1, columnCount_ - 1));
    emit ticksChanged();
}

std::vector<std::size_t> RunModel::ticked() const
{
    std::vector<std::size_t> runs;
    std::ranges::copy_if(m_order, std::back_inserter(runs), [this](std::size_t run) { return isTicked(run); });
    return runs;
}

void RunModel::sort(int column, Qt::SortOrder order)
{
    m_column = column;
    m_direction = order;
    emit layoutAboutToBeChanged({}, VerticalSortHint);
    const QModelIndexList before = persistentIndexList();
    std::vector<std::size_t> runs;
    for (const QModelIndex& index : before)
        runs.push_back(runAt(index.row()));
    sortRows();
    QModelIndexList after;
    for (qsizetype i = 0; i < before.size(); ++i)
        after << index(rowOf(runs[static_cast<std::size_t>(i)]), before[i].column());
    changePersistentIndexList(before, after);
    emit layoutChanged({}, VerticalSortHint);
}

void RunModel::sortRows()
{
    m_order.resize(m_runs.size());
    std::iota(m_order.begin(), m_order.end(), std::size_t{0});
    std::ranges::stable_sort(m_order, [this](std::size_t a, std::size_t b) {
        if (m_runs[a].current != m_runs[b].current)
            return m_runs[a].current;
        if (m_column < 0)
            return false;
        const QVariant first = number(m_runs[a], m_column), second = number(m_runs[b], m_column);
        const bool falling = m_direction == Qt::DescendingOrder;
        if (m_column == network || m_column == title) {
            const int order = QString::localeAwareCompare(first.toString(), second.toString());
            return falling ? order > 0 : order < 0;
        }
        const double x = first.toDouble(), y = second.toDouble();
        if (std::isnan(x) || std::isnan(y))
            return !std::isnan(x) && std::isnan(y); // unknown ones last, either way
        return falling ? x > y : x < y;
    });
}

QVariant RunModel::number(const ListedRun& run, int column) const
{
    const RunRecord& record = run.record;
    const EpochMetrics* last = record.epochs.empty() ? nullptr : &record.epochs.back();
    switch (column) {
    case network:
        return qstring(record.id.network);
    case seed:
        return static_cast<double>(record.id.seed);
    case state:
        return static_cast<double>(run.state);
    case epochs:
        return static_cast<double>(epochsDone(record));
    case topLeft:
    case bottomRight:
        return last ? 100 * last->testAccuracy[static_cast<std::size_t>(column - topLeft)] : notANumber;
    case loss:
        return last ? last->testLoss : notANumber;
    case speed:
        return samplesPerSecond(record);
    case time:
        return elapsed_s(record) > 0 ? elapsed_s(record) : notANumber;
    case date:
        return static_cast<double>(m_dates.at(record.folder));
    default:
        return qstring(record.title);
    }
}

QVariant RunModel::text(const ListedRun& run, int column) const
{
    const QVariant value = number(run, column);
    switch (column) {
    case seed:
        return QString::number(run.record.id.seed);
    case state:
        return stateText(run);
    case epochs:
        return tr("%1 / %2").arg(epochsDone(run.record)).arg(run.record.plan.epochs());
    case topLeft:
    case bottomRight:
        return std::isnan(value.toDouble()) ? QStringLiteral("–") : tr("%1 %").arg(value.toDouble(), 0, 'f', 1);
    case loss:
        return std::isnan(value.toDouble()) ? QStringLiteral("–") : QString::number(value.toDouble(), 'f', 3);
    case speed:
        return groupedNumber(value.toDouble());
    case time:
        return durationText(value.toDouble());
    case date:
        return QDateTime::fromMSecsSinceEpoch(m_dates.at(run.record.folder))
            .toString(QStringLiteral("yyyy-MM-dd HH:mm"));
    case title:
        return run.state == RunState::failed && !run.failure.isEmpty() ? run.failure : value;
    default:
        return value;
    }
}

QVariant RunModel::toolTip(const ListedRun& run, int column) const
{
    if (run.state == RunState::failed && !run.failure.isEmpty() && (column == state || column == title))
        return run.failure;
    const NetworkPlan* plan = networkOf(run);
    if (!plan)
        return {};
    return tr("%1\nDiffers from the defaults: %2\nTraining: %3\n%4")
        .arg(qstring(run.record.id.label()), differencesText(plan->parameters),
            differencesText(run.record.plan.settings), qstring(run.record.folder));
}

QPixmap RunModel::swatch(std::size_t run) const
{
    const qreal ratio = 2;
    QPixmap pixmap(swatchSize * ratio);
    pixmap.setDevicePixelRatio(ratio);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setOpacity(isTicked(run) ? 1 : 0.3);
    QPen pen = curvePen(color(run), variant(run), currentTheme());
    pen.setWidthF(std::max(2.0, pen.widthF()));
    painter.setPen(pen);
    painter.drawLine(QPointF(0, 6), QPointF(swatchSize.width(), 6));
    return pixmap;
}

QVariant RunModel::data(const QModelIndex& index, int role) const
{
    const std::size_t at = runAt(index.row());
    const ListedRun& run = m_runs[at];
    const int column = index.column();
    const bool failed = run.state == RunState::failed && !run.failure.isEmpty();
    switch (role) {
    case Qt::DisplayRole:
        return text(run, column);
    case sortRole:
        return number(run, column);
    case Qt::ToolTipRole:
        return toolTip(run, column);
    case Qt::TextAlignmentRole:
        return standsLeft(column) ? QVariant(Qt::AlignLeft | Qt::AlignVCenter)
                                  : QVariant(Qt::AlignRight | Qt::AlignVCenter);
    case Qt::CheckStateRole:
        return column == network ? QVariant(isTicked(at) ? Qt::Checked : Qt::Unchecked) : QVariant();
    case Qt::DecorationRole:
        return column == network ? QVariant(swatch(at)) : QVariant();
    case Qt::ForegroundRole:
        if (failed && (column == state || column == title))
            return currentTheme().warning;
        if (column == network)
            return readableOn(color(at), currentTheme().window, 4.5);
        return run.current ? QVariant() : QVariant(currentTheme().mutedText);
    default:
        return {};
    }
}

bool RunModel::setData(const QModelIndex& index, const QVariant& value, int role)
{
    if (role != Qt::CheckStateRole || index.column() != network)
        return false;
    tick({runAt(index.row())}, value.toInt() == Qt::Checked);
    return true;
}

Qt::ItemFlags RunModel::flags(const QModelIndex& index) const
{
    const Qt::ItemFlags flags = Qt::ItemIsEnabled | Qt::ItemIsSelectable;
    return index.column() == network ? flags | Qt::ItemIsUserCheckable : flags;
}

QVariant RunModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    struct Head {
        QString name;
        QString meaning;
    };
    const Head heads[columnCount_] = {{tr("Network"), tr("A tick shows the run in the plots")}, {tr("Seed"), {}},
        {tr("State"), {}}, {tr("Epochs"), tr("Whole epochs of training, done and planned")},
        {tr("Top left"), tr("Right answers about the image at the top left, test set, after the last epoch")},
        {tr("Bottom right"), tr("Right answers about the image at the bottom right, test set, after the last epoch")},
        {tr("Test loss"), tr("Mean cross entropy of both answers together, test set, after the last epoch, in nats")},
        {tr("Samples/s"), tr("Trained samples each second, at the last report")},
        {tr("Time"), tr("Of training alone, over all sessions; tests between epochs are left out")},
        {tr("Last change"), {}}, {tr("Experiment"), tr("Its title; of a failed run what went wrong")}};
    if (role == Qt::DisplayRole)
        return heads[section].name;
    if (role == Qt::ToolTipRole && !heads[section].meaning.isEmpty())
        return heads[section].meaning;
    if (role == Qt::TextAlignmentRole)
        return standsLeft(section) ? QVariant(Qt::AlignLeft | Qt::AlignVCenter)
                                   : QVariant(Qt::AlignRight | Qt::AlignVCenter);
    return {};
}

} // namespace endospike
