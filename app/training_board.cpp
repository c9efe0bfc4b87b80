#include "app/training_board.h"

#include <algorithm>

namespace endospike {

TrainingBoard::TrainingBoard(QWidget* parent)
    : QWidget(parent)
{
}

void TrainingBoard::setRuns(std::vector<ListedRun> runs) { m_runs = std::move(runs); }
void TrainingBoard::addBatches(const std::string&, const std::vector<BatchMetrics>&) { }
void TrainingBoard::addEpoch(const std::string&, const EpochMetrics&) { }
void TrainingBoard::setRunState(const std::string&, RunState, const QString&) { }
std::string TrainingBoard::chosen() const { return {}; }
void TrainingBoard::choose(const std::string&) { }
std::vector<std::string> TrainingBoard::ticked() const { return {}; }
FigureRequest TrainingBoard::figure(const QString& caption) const { return {{}, caption, {}}; }

} // namespace endospike
