// The waveform of a stimulus over a stretch of time: the summed current, noise included, axes with units.
#pragma once

#include "sim/neuron/stimulus.h"

#include <QWidget>

#include <vector>

namespace endospike {

class StimulusPreview : public QWidget {
    Q_OBJECT
public:
    explicit StimulusPreview(QWidget* parent = nullptr);

    void setStimulus(const Stimulus& stimulus);
    /// The stretch shown is 0..window_ms.
    void setWindow(double window_ms);
    double window_ms() const { return m_window_ms; }
    /// Range of the current axis, uA/cm^2.
    double minimum() const { return m_minimum; }
    double maximum() const { return m_maximum; }

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    struct Extent {
        double minimum;
        double maximum;
    };
    QRectF plotArea() const;
    void compute();
    void paintAxes(QPainter& painter, const QRectF& area) const;
    void paintCurve(QPainter& painter, const QRectF& area) const;

    Stimulus m_stimulus;
    double m_window_ms = 200;
    std::vector<Extent> m_columns; ///< one for each pixel
    double m_minimum = -1;
    double m_maximum = 1;
    double m_step = 1; ///< between current ticks
};

} // namespace endospike
