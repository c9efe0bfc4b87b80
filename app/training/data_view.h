// The pairs that the networks learn from and are tested on: a gallery that scrolls through all of them.
#pragma once

#include "app/training/view.h"

class QComboBox;
class QLabel;
class QSpinBox;

namespace endospike {

class ImageGrid;
class ImageView;
class SegmentedControl;

class TrainingDataView : public TrainingView {
    Q_OBJECT

public:
    explicit TrainingDataView(QWidget* parent = nullptr);

    void setExperiment(const Experiment& experiment) override;
    void setData(std::shared_ptr<const TrainingData> pairs) override;
    bool needsNetwork() const override { return false; }
    FigureRequest figure(const QString& caption) const override;

    SegmentedControl* setControl() const { return m_set; }
    QComboBox* classCombo(int task) const { return m_class[static_cast<std::size_t>(task)]; }
    ImageGrid* grid() const { return m_grid; }
    ImageView* imageView() const { return m_large; }
    QLabel* countLabel() const { return m_countLabel; }
    /// Numbers of the pairs in the grid, in its order.
    const std::vector<int>& shown() const { return m_shown; }
    int pair() const { return m_pair; }

private:
    void build();
    QWidget* buildDetail();
    const PairedImages* set() const; ///< nullptr without data
    void fillClasses();
    void filter();
    void showPair(int pair);
    void jumpTo(int pair);

    std::shared_ptr<const TrainingData> m_data;
    std::uint64_t m_seed = 0;
    std::vector<int> m_shown;
    int m_pair = 0;
    SegmentedControl* m_set;
    std::array<QComboBox*, taskCount> m_class{};
    QLabel* m_countLabel;
    ImageGrid* m_grid;
    ImageView* m_large;
    QLabel* m_seedLabel;
};

} // namespace endospike
