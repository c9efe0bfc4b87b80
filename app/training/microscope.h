// One hidden neuron on one test canvas, after every epoch: its weights, current, potential, gates and spikes; and what
// its answer to any current is, beside the currents that it gets.
#pragma once

#include "app/jobs/newest_job.h"
#include "app/training/snapshot_history.h"
#include "app/training/view.h"
#include "sim/base/mailbox.h"
#include "sim/network/neuron_response.h"

#include <map>

class QComboBox;
class QLabel;
class QSlider;
class QSpinBox;
class QToolButton;

namespace endospike {

class AnnotatedPlot;
class CurvePlot;
class ImageGrid;
class ImageView;
class PictureStrip;
class SegmentedControl;
class WeightPicture;

class TrainingMicroscope : public TrainingView {
    Q_OBJECT

public:
    enum Order { byNumber, byWeight, byOutput };

    explicit TrainingMicroscope(QWidget* parent = nullptr);

    void setData(std::shared_ptr<const TrainingData> pairs) override;
    void setSnapshot(const RunId& run, const EpochMetrics& metrics, std::shared_ptr<const Network> network) override;
    void choosePair(int pair) override;
    void enter() override;
    void leave() override;
    void stop() override;
    FigureRequest figure(const QString& caption) const override;

    int layer() const { return m_layer; }
    int neuron() const;
    void setNeuron(int neuron);
    int epoch() const; ///< of the snapshot that is shown; -2 without one

    ImageGrid* neuronGrid() const { return m_grid; }
    QSpinBox* channelSpin() const { return m_channel; }
    QComboBox* orderCombo() const { return m_order; }
    SegmentedControl* layerControl() const { return m_layerChoice; }
    ImageView* imageView() const { return m_image; }
    WeightPicture* weightPicture() const { return m_weights; }
    std::array<AnnotatedPlot*, 3> tracePlots() const { return m_traces; }
    AnnotatedPlot* responsePlot() const { return m_response; }
    CurvePlot* slopePlot() const { return m_slope; }
    QSlider* epochSlider() const { return m_epochSlider; }
    QToolButton* followButton() const { return m_follow; }
    QLabel* sentenceLabel() const { return m_sentence; }

private:
    struct Look {
        NeuronRecord record;
        WeightPictures weights;
    };
    using Looks = std::map<int, Look>; ///< by epoch; of one run, layer, neuron and canvas
    struct Ranking {
        std::vector<double> values; ///< for each channel
        std::vector<int> order; ///< channels
    };

    void build();
    QWidget* buildChoice();
    QLayout* buildMiddle();
    QLayout* buildResponse();
    QLayout* buildEpochs();
    const Snapshot* snapshot() const;
    HiddenLayer hidden() const;
    void networkChanged();
    void selectionChanged();
    void epochChanged();
    void computeLooks();
    void computeRanking();
    void computeResponse();
    void takeLooks();
    void showLook();
    void showTraces(const NeuronRecord& record);
    void showWeights(const WeightPictures& weights);
    void showStrip();
    void showResponse();
    void showRanking();
    void showEpoch();
    void showImage();
    QString neuronName() const;
    QColor colorHere() const;

    std::shared_ptr<const TrainingData> m_data;
    SnapshotHistory m_history;
    RunId m_run;
    int m_layer = 0;
    int m_pair = 0;
    std::vector<int> m_shape; ///< of the network whose controls are shown
    bool m_inFront = false;
    bool m_takesFirst = false; ///< of the ranking that is being computed
    std::shared_ptr<Mailbox<Looks>> m_mail;
    Looks m_looks; ///< that have reached the window
    std::shared_ptr<NeuronResponse> m_responseNow;
    std::shared_ptr<Ranking> m_ranking;

    SegmentedControl* m_layerChoice = nullptr;
    QSpinBox* m_channel;
    QSpinBox* m_row;
    QSpinBox* m_column;
    QLabel* m_place;
    QComboBox* m_order;
    ImageGrid* m_grid;
    ImageView* m_image;
    WeightPicture* m_weights;
    QLabel* m_sentence;
    std::array<AnnotatedPlot*, 3> m_traces{};
    SegmentedControl* m_range;
    AnnotatedPlot* m_response;
    CurvePlot* m_slope;
    QLabel* m_responseText;
    QSlider* m_epochSlider;
    QLabel* m_epochLabel;
    QToolButton* m_follow;
    PictureStrip* m_strip;
    // Last: their threads end before what they use goes.
    NewestJob m_looksJob;
    NewestJob m_rankingJob;
    NewestJob m_responseJob;
};

} // namespace endospike
