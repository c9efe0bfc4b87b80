// The figures of one training as it goes on: speed, time left, memory, and how busy its layers are.
#pragma once

#include "app/training/listed_run.h"

#include <QWidget>

#include <array>

class QLabel;

namespace endospike {

class TrainingReading : public QWidget {
    Q_OBJECT

public:
    enum Figure { run, progress, speed, timeLeft, memory, learningRate, figureCount };

    explicit TrainingReading(QWidget* parent = nullptr);

    void show(const ListedRun& run);
    void clear();
    QString text(Figure figure) const;
    /// One line for each hidden layer, without mark-up.
    QString layersText() const;

private:
    void paint();

    std::array<QLabel*, figureCount> m_captions{};
    std::array<QLabel*, figureCount> m_values{};
    QLabel* m_layers;
};

/// "Hidden: 0.137 spikes per step, 12 dead, 3 saturated of 512"
QString activityText(const LayerActivity& layer, const NetworkPlan& plan);

/// Of training that is still to come, at the speed so far; NaN before the first report.
double secondsLeft(const RunRecord& record);

} // namespace endospike
