// "Published against measured", control: how policies learned to balance in full-length trainings with this program,
// reward and length of the episodes over the steps, and how they played in the end.
#pragma once

#include "sim/results/control_curves.h"
#include "widgets/plot/curve_plot.h"
#include "widgets/plot/figure.h"

#include <QWidget>

class QComboBox;
class QLabel;
class QPushButton;
class QTableWidget;

namespace endospike {

class ControlCurvesView : public QWidget {
    Q_OBJECT

public:
    explicit ControlCurvesView(const QString& file, QWidget* parent = nullptr);

    /// Curves of this environment; without noise first.
    void setEnvironment(std::string_view environment);
    const QString& environment() const { return m_environment; }
    /// The chosen setting; nullptr if nothing was measured in this environment.
    const ControlSetting* shown() const;

    FigureRequest figure() const;
    const ControlCurves& curves() const { return m_curves; }
    QLabel* introLabel() const { return m_intro; }
    QComboBox* noiseCombo() const { return m_noise; }
    CurvePlot* rewardPlot() const { return m_reward; }
    CurvePlot* lengthPlot() const { return m_length; }
    QTableWidget* table() const { return m_table; }
    QPushButton* openButton() const { return m_open; }
    QPushButton* figureButton() const { return m_figure; }
    QPushButton* tableButton() const { return m_csv; }

signals:
    /// The experiment that was trained is to be opened.
    void experimentWanted(const endospike::Experiment& experiment);
    void figureWanted(const endospike::FigureRequest& request, const QString& name);
    void tableWanted(const QString& csv, const QString& name);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void build();
    void buildTable();
    QWidget* buildButtons();
    void read(const QString& file);
    void showSetting();
    void fillTable();
    std::vector<Curve> curvesOf(const ControlSetting& setting, CurveBand PolicyCurves::*band) const;
    QString name() const; ///< of what is exported

    ControlCurves m_curves;
    QString m_problem; ///< why nothing could be read
    QString m_environment;
    QLabel* m_intro;
    QWidget* m_body;
    QComboBox* m_noise;
    CurvePlot* m_reward;
    CurvePlot* m_length;
    QTableWidget* m_table;
    QPushButton* m_open;
    QPushButton* m_figure;
    QPushButton* m_csv;
};

} // namespace endospike
