// What the hidden neurons of a policy do while it plays: above, a column for each decision, the darker the more spikes
// a neuron gave in it; below, the potential of one chosen neuron in its last decisions, against its threshold. A click
// on a row, or Up and Down, choose the neuron.
#pragma once

#include <QColor>
#include <QImage>
#include <QWidget>

#include <cstdint>
#include <deque>
#include <span>
#include <vector>

class QPainter;

namespace endospike {

struct Theme;

/// One decision: rows [steps][neurons]. Without spikes (relu) `potentials` are outputs, shown against their largest.
struct SpikeColumn {
    int steps = 0;
    int neurons = 0;
    std::span<const std::uint8_t> spikes;
    std::span<const float> potentials;
    double threshold = 0; ///< NaN: none to draw
};

class SpikeColumns : public QWidget {
    Q_OBJECT
public:
    explicit SpikeColumns(QWidget* parent = nullptr);

    void setColor(const QColor& color); ///< of the model
    void setDecision_s(double decision_s); ///< simulated time between two decisions, for the axis
    /// How the potential is called and measured: "V", "mV".
    void setPotential(const QString& name, const QString& unit);
    void append(const SpikeColumn& column); ///< another number of neurons clears first
    void clear();

    int neurons() const { return m_neurons; }
    int columns() const { return static_cast<int>(m_columns.size()); }
    int chosenNeuron() const { return m_chosen; }
    void chooseNeuron(int neuron); ///< within the neurons; emits if it changes
    /// Share of the steps of a decision (0: the oldest shown) in which a neuron spiked.
    double activity(int column, int neuron) const;
    /// Mean over the neurons of the spikes of the last decision.
    double lastMeanSpikes() const;

    static constexpr int shownColumns = 100;
    static constexpr int shownTraces = 8; ///< decisions whose potential is drawn

    QRectF rasterArea(QSize size) const;
    void draw(QPainter& painter, QSize size, bool figure) const;
    void drawFigure(QPainter& painter, QSize size) const { draw(painter, size, true); }
    QSize sizeHint() const override { return {420, 260}; }
    QSize minimumSizeHint() const override { return {200, 140}; }

signals:
    void neuronChosen(int neuron);

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;

private:
    struct Trace {
        int steps = 0;
        std::vector<float> potentials; ///< [steps][neurons]
        std::vector<std::uint8_t> spikes; ///< the same, or empty
    };
    QRectF traceArea(QSize size, const Theme& look) const;
    double leftMargin(const Theme& look) const;
    void drawRaster(QPainter& painter, QSize size, const Theme& look) const;
    void drawTrace(QPainter& painter, QSize size, const Theme& look) const;
    QImage rasterImage(const Theme& look) const;

    QColor m_color{Qt::gray};
    double m_decision_s = 0;
    QString m_potentialName, m_potentialUnit;
    int m_neurons = 0;
    int m_chosen = 0;
    double m_threshold = 0;
    float m_largest = 0; ///< of the outputs of neurons without spikes
    std::deque<std::vector<float>> m_columns; ///< activity of each neuron, 0..1 (relu: its output)
    std::deque<Trace> m_traces;
    bool m_spiking = true;
};

} // namespace endospike
