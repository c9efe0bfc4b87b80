// What a network makes of every test canvas: right or wrong in both tasks, how sure it was, and what it takes for what.
#pragma once

#include "app/jobs/newest_job.h"
#include "app/training/view.h"
#include "widgets/picture/confusion_matrix.h"

#include <atomic>

class QComboBox;
class QLabel;
class QProgressBar;
class QToolButton;

namespace endospike {

class ImageGrid;
class ImageView;
class ProbabilityBars;
struct GridPicture;

class TrainingTestView : public TrainingView {
    Q_OBJECT

public:
    enum Filter { all, wrongFirst, wrongSecond, wrongBoth, rightBoth };

    explicit TrainingTestView(QWidget* parent = nullptr);

    void setData(std::shared_ptr<const TrainingData> pairs) override;
    void setSnapshot(const RunId& run, const EpochMetrics& metrics, std::shared_ptr<const Network> network) override;
    void choosePair(int pair) override { showPair(pair); }
    void enter() override;
    void leave() override;
    void stop() override { m_job.stop(); }
    FigureRequest figure(const QString& caption) const override;

    ImageGrid* grid() const { return m_grid; }
    QComboBox* filterCombo() const { return m_filter; }
    QToolButton* cellChip() const { return m_chip; }
    ConfusionMatrix* matrix(int task) const { return m_matrix[static_cast<std::size_t>(task)]; }
    ProbabilityBars* bars(int task) const { return m_bars[static_cast<std::size_t>(task)]; }
    ImageView* imageView() const { return m_large; }
    QLabel* statusLabel() const { return m_status; }
    const std::vector<int>& shown() const { return m_shown; }
    /// Pairs whose prediction is there.
    int predicted() const { return static_cast<int>(m_answers.size()); }

private:
    /// Of one network over the test set; filled by the job batch by batch.
    struct Predictions {
        std::shared_ptr<const TrainingData> data;
        std::shared_ptr<const Network> network;
        QString name;
        std::vector<float> probabilities; ///< [pairs][2][10]
        std::atomic<int> done = 0; ///< pairs at the front of probabilities that do not change any more
    };
    using Answers = std::array<std::uint8_t, taskCount>;

    void build();
    QLayout* buildLeft();
    QLayout* buildRight();
    void predictNow();
    void showPredictions(const std::shared_ptr<Predictions>& predictions);
    void countMatrices();
    void chooseCell(int task, std::optional<ConfusionMatrix::Cell> cell);
    void filter();
    bool passes(int pair) const;
    bool isRight(int pair, int task) const;
    void showPair(int pair);
    GridPicture pictureOf(int item) const;
    void clear();

    std::shared_ptr<const TrainingData> m_data;
    std::shared_ptr<const Network> m_network;
    RunId m_run;
    int m_epoch = -1;
    bool m_inFront = false;
    std::shared_ptr<Predictions> m_coming;
    std::shared_ptr<Predictions> m_shownPredictions;
    std::vector<Answers> m_answers;
    std::array<QStringList, taskCount> m_names;
    struct ChosenCell {
        int task;
        ConfusionMatrix::Cell cell;
    };
    std::optional<ChosenCell> m_cell;
    std::vector<int> m_shown;
    int m_pair = 0;
    QLabel* m_status;
    QProgressBar* m_progress;
    QComboBox* m_filter;
    QToolButton* m_chip;
    QLabel* m_countLabel;
    ImageGrid* m_grid;
    ImageView* m_large;
    std::array<ProbabilityBars*, taskCount> m_bars{};
    std::array<ConfusionMatrix*, taskCount> m_matrix{};
    NewestJob m_job; // last: its thread ends before what it uses goes
};

} // namespace endospike
