// Two circuits of HH cells and of microstructures on the same input: XOR, and a fully connected layer on an image.
#pragma once

#include "app/equivalence/view.h"
#include "sim/equivalence/run.h"

#include <array>
#include <memory>
#include <optional>

class QGridLayout;

namespace endospike {

class CurvePlot;
class ImageView;
class SpikeComparison;

class EquivalenceCircuits : public EquivalenceView {
    Q_OBJECT

public:
    explicit EquivalenceCircuits(QWidget* parent = nullptr);

    void setExperiment(const Experiment& experiment) override;
    /// Both circuits, XOR first.
    void run() override;
    void enter() override;
    FigureRequest figure(const QString& caption) const override;

    /// The truth table's text: row 0..3 of the input pairs, column 0..6 (two inputs, exclusive or, the wiring's answer,
    /// HH, tv-LIF2HH, difference).
    QString truth(int row, int column) const;
    CurvePlot* outputPlot(int row) const { return m_outputs[static_cast<std::size_t>(row)]; }
    SpikeComparison* raster() const { return m_raster; }
    CurvePlot* hammingPlot() const { return m_hamming; }
    ImageView* imageView() const { return m_image; }
    QLabel* xorLabel() const { return m_xorText; }
    QLabel* layerLabel() const { return m_layerText; }
    /// Shown in place of the layer while its data set is missing.
    QWidget* missingPanel() const { return m_missing; }
    QPushButton* retryButton() const { return m_retry; }

protected:
    void finished() override;
    void cancelled() override;
    void failed(const QString& sentence) override;

private:
    enum class Phase { xorCircuit, layer };
    struct LayerJob {
        FullyConnectedResult result;
        ImageOfLayer image;
        ImageLayerCache cache;
        std::string missing; ///< why the data cannot be read
    };
    void buildXor();
    void buildLayer();
    QWidget* buildMissing();
    void runXorPart();
    void runLayerPart();
    void showXor();
    void showLayer();
    QString xorSentence() const;
    QString layerSentence() const;

    Phase m_phase = Phase::xorCircuit;
    bool m_xorStale = true;
    bool m_layerStale = true;
    std::shared_ptr<XorResult> m_xor;
    std::shared_ptr<LayerJob> m_layer;
    std::array<std::array<QLabel*, 7>, 4> m_truth{};
    std::array<CurvePlot*, 4> m_outputs{};
    QWidget* m_layerBox = nullptr;
    QWidget* m_missing = nullptr;
    QLabel* m_missingText = nullptr;
    QPushButton* m_retry = nullptr;
    ImageView* m_image = nullptr;
    QLabel* m_xorText = nullptr;
    QLabel* m_layerText = nullptr;
    SpikeComparison* m_raster = nullptr;
    CurvePlot* m_hamming = nullptr;
};

} // namespace endospike
