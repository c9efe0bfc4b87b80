// The table of trainings: which are shown, what they reached. The present queue stands first, earlier runs after it,
// each part sorted by the column that the person clicked.
#pragma once

#include "app/training/listed_run.h"

#include <QAbstractTableModel>
#include <QSize>
#include <QTableView>

#include <map>
#include <optional>
#include <vector>

namespace endospike {

inline constexpr QSize swatchSize(28, 12); ///< of the line that stands for a run

class RunModel : public QAbstractTableModel {
    Q_OBJECT

public:
    enum Column { network, seed, state, epochs, topLeft, bottomRight, loss, speed, time, date, title, columnCount_ };
    /// As a number, for sorting.
    static constexpr int sortRole = Qt::UserRole;

    /// `runs` belongs to someone else, who tells of every change.
    explicit RunModel(const std::vector<ListedRun>& runs, QObject* parent = nullptr);

    /// The list is another one. New runs of the present queue are ticked; what was ticked stays.
    void runsReplaced();
    void runChanged(std::size_t run, bool newEpoch);

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    bool setData(const QModelIndex& index, const QVariant& value, int role) override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    Qt::ItemFlags flags(const QModelIndex& index) const override;
    void sort(int column, Qt::SortOrder order) override;

    std::size_t runAt(int row) const { return m_order[static_cast<std::size_t>(row)]; }
    int rowOf(std::size_t run) const;
    bool isCurrent(int row) const { return m_runs[runAt(row)].current; }
    std::optional<std::size_t> find(const std::string& folder) const;
    bool isTicked(std::size_t run) const;
    void tick(const std::vector<std::size_t>& runs, bool ticked);
    /// Ticked ones in the order of the rows.
    std::vector<std::size_t> ticked() const;
    /// Tells ticked runs of one colour apart; the same for as long as a run stays ticked.
    int variant(std::size_t run) const;
    QColor color(std::size_t run) const;

signals:
    void ticksChanged();

private:
    std::string newestWork() const;
    void setTicked(std::size_t run, bool ticked);
    void sortRows();
    QVariant text(const ListedRun& run, int column) const;
    QVariant number(const ListedRun& run, int column) const;
    QVariant toolTip(const ListedRun& run, int column) const;
    QPixmap swatch(std::size_t run) const;

    const std::vector<ListedRun>& m_runs;
    std::vector<std::size_t> m_order;
    std::map<std::string, int> m_variants; ///< of the ticked runs, by folder
    std::map<std::string, bool> m_known; ///< folders that were listed before
    std::map<std::string, qint64> m_dates; ///< ms since 1970
    int m_column = -1;
    Qt::SortOrder m_direction = Qt::AscendingOrder;
};

/// The view of it: tick, choose, sort.
class RunTable : public QTableView {
    Q_OBJECT

public:
    explicit RunTable(RunModel& model, QWidget* parent = nullptr);

    RunModel& runs() const { return m_model; }
    std::optional<std::size_t> chosen() const;
    void choose(std::optional<std::size_t> run); ///< does not emit
    QRect tickRect(int row) const; ///< in the viewport
    QSize sizeHint() const override;

signals:
    void runChosen(); ///< by the user, or because the chosen one went
    void lookWanted();

protected:
    void changeEvent(QEvent* event) override;

private:
    void fitColumns();

    RunModel& m_model;
    bool m_quiet = false;
};

/// Of an earlier run it is known that it did not end, not why.
QString stateText(const ListedRun& run);
/// "1 h 05 min", "2 min 03 s", "12 s"; a dash for what is not a number.
QString durationText(double seconds);
/// Over the reports of about the last second; NaN before the first.
double recentSamplesPerSecond(const RunRecord& record);
/// Of the whole training, 0..1, from the newest report.
double shareDone(const RunRecord& record);
int epochsDone(const RunRecord& record);
} // namespace endospike
