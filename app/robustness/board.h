// What the robustness sweep shows: accuracy of both tasks against the amplitude of the noise, a table of networks and
// amplitudes, and what kind of noise it is.
#pragma once

#include "sim/robustness/settings.h"
#include "sim/robustness/sweep.h"
#include "widgets/plot/figure.h"

#include <QWidget>

#include <array>
#include <vector>

class QLabel;
class QTableWidget;

namespace endospike {

class CurvePlot;

class RobustnessBoard : public QWidget {
    Q_OBJECT

public:
    explicit RobustnessBoard(QWidget* parent = nullptr);

    /// `title` says which sweep it is: rich text.
    void setSweep(const Experiment& experiment, const std::vector<FieldResult>& fields, const QString& title);
    /// In place of the data while there is none.
    void setEmptyText(const QString& text);
    FigureRequest figure(const QString& caption) const;
    /// network, amplitude, seeds, task 1 and 2 (mean and standard deviation), loss.
    QString csv() const;

    CurvePlot* plot(int task) const { return m_plots[static_cast<std::size_t>(task)]; }
    QTableWidget* table() const { return m_table; }
    QLabel* titleLabel() const { return m_title; }
    QLabel* noiseLabel() const { return m_noise; }

    /// What the form of noise is, and what it shows.
    static QString meaningOf(robustness::Noise form);

private:
    void fillPlots();
    void fillTable();
    QString textOf(const SweepPoint* point, int task) const;
    QString tipOf(const std::string& network, double amplitude) const;
    const SweepPoint* find(const std::string& network, double amplitude) const;
    void paint();

    Experiment m_experiment;
    std::vector<FieldResult> m_fields;
    std::vector<SweepPoint> m_points;
    std::array<CurvePlot*, taskCount> m_plots;
    QLabel* m_title;
    QLabel* m_noise;
    QTableWidget* m_table;
};

} // namespace endospike
