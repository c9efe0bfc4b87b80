// An HH cell and its microstructure, live and side by side: both voltages, their difference, the picture of the four
// units, and the numbers on which the agreement depends.
#pragma once

#include "app/equivalence/view.h"
#include "app/jobs/live_session.h"
#include "sim/equivalence/run.h"
#include "widgets/picture/microstructure_view.h"

#include <memory>

class QTableWidget;

namespace endospike {

class LogTracePlot;
class PlotStack;
class StimulusEditor;
class TracePlot;

class EquivalenceExact : public EquivalenceView {
    Q_OBJECT

public:
    explicit EquivalenceExact(QWidget* parent = nullptr);

    void setExperiment(const Experiment& experiment) override;
    /// Computes the table "Where does it break?".
    void run() override;
    void tick();
    FigureRequest figure(const QString& caption) const override;

    LiveSession& session() { return m_session; }
    const LiveSession& session() const { return m_session; }
    PlotStack* plots() const { return m_plots; }
    MicrostructureView* picture() const { return m_picture; }
    StimulusEditor* stimulusEditor() const { return m_stimulus; }
    ParameterForm* numbersForm() const { return m_numbers; }
    ParameterForm* orderForm() const { return m_order; }
    QTableWidget* breaksTable() const { return m_breaks; }
    QLabel* maximumLabel() const { return m_maximum; }
    QLabel* reasonLabel() const { return m_reason; }

protected:
    void finished() override;

private:
    void buildColumn();
    QWidget* buildBreaks();
    QWidget* buildTop();
    ParameterForm* cellForm(int from, int to);
    void applyBreak(int row);
    void showPart(MicrostructureView::Part part);
    void setUnitCurves();
    void updatePicture();
    void updateVerdict();
    QString reason() const;
    double latest(int cellId, const char* channel) const;
    const Cell* cellOf(const NeuronModel& model) const;

    LiveSession m_session;
    PlotStack* m_plots;
    LogTracePlot* m_difference;
    TracePlot* m_units;
    MicrostructureView* m_picture;
    StimulusEditor* m_stimulus = nullptr;
    ParameterForm* m_numbers = nullptr;
    ParameterForm* m_order = nullptr;
    std::vector<ParameterForm*> m_cellForms;
    QTableWidget* m_breaks = nullptr;
    QLabel* m_maximum = nullptr;
    QLabel* m_details = nullptr;
    QLabel* m_reason = nullptr;
    std::optional<MicrostructureView::Part> m_part; ///< whose potential alone is plotted
    int m_ticks = 0;
    std::uint64_t m_generation = 0;
    std::shared_ptr<std::vector<BreakRow>> m_rows;
};

/// "2.1·10⁻¹¹ mV": a difference as a person reads it.
QString differenceText(double value_mv);

} // namespace endospike
