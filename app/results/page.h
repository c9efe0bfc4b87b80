// "Published against measured": every claim of the paper, what was measured about it with this program, and whether it
// holds.
#pragma once

#include "app/laboratory/front.h"
#include "sim/results/claims.h"

#include <array>

class QLabel;
class QListWidget;
class QPushButton;
class QScrollArea;
class QTableWidget;

namespace endospike {

class ControlCurvesView;
class PublishedView;

class ResultsPage : public Front, public FigureSource, public TableSource {
    Q_OBJECT

public:
    /// `folder` holds claims.json, training_fashion.json, training_fashion_convolutional.json and control_curves.json,
    /// or some, or none.
    explicit ResultsPage(const QString& folder = QStringLiteral(":/results"), QWidget* parent = nullptr);

    PageParts parts() override { return {.figure = this, .table = this}; }

    Verdict verdictOf(const PaperClaim& claim) const;

    void choose(std::string_view claim);
    /// The plots of the claim that is shown; none where its values are a table. They caption themselves.
    FigureRequest figure(const QString& caption = {}) const override;
    /// The values behind the claim that is shown; empty if it was not measured.
    QString csv() const override;
    QListWidget* list() const { return m_list; }
    QLabel* summary() const { return m_summary; }
    QLabel* statement() const { return m_statement; }
    QLabel* findings() const { return m_findings; }
    QLabel* making() const { return m_making; }
    QTableWidget* table() const { return m_table; }
    QPushButton* openButton() const { return m_open; }
    PublishedView* trainings(NetworkForm form) const { return m_trainings[static_cast<std::size_t>(form)]; }
    ControlCurvesView* controlCurves() const { return m_control; }

signals:
    /// The experiment that made a result is to be opened.
    void experimentWanted(const endospike::Experiment& experiment);
    void figureWanted(const endospike::FigureRequest& request, const QString& name);
    void tableWanted(const QString& csv, const QString& name);

private:
    void read(const QString& folder);
    QWidget* buildList();
    QWidget* buildDetail();
    const PaperClaim& current() const;
    void fillList();
    void showClaim();
    void showMeasurement(const PaperClaim& claim, const Measurement& measurement);
    void fillTable(const Measurement& measurement);
    void style();

    Measurements m_measurements;
    QString m_problem;
    QLabel* m_summary;
    QListWidget* m_list;
    QLabel* m_title;
    QLabel* m_statement;
    QLabel* m_findings;
    QTableWidget* m_table;
    QLabel* m_making;
    QPushButton* m_open;
    QScrollArea* m_scroll = nullptr;
    std::array<PublishedView*, 2> m_trainings{}; ///< of each form
    ControlCurvesView* m_control;
};

} // namespace endospike
