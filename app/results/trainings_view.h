// "Published against measured": what full-length trainings with this program reached, and which of the paper's
// orderings they bear out, as published and with each network at its own best.
#pragma once

#include "sim/results/published_results.h"
#include "widgets/plot/figure.h"

#include <QWidget>

#include <array>
#include <vector>

class QLabel;
class QPushButton;
class QTableWidget;

namespace endospike {

class DotPlot;

class PublishedView : public QWidget {
    Q_OBJECT

public:
    explicit PublishedView(const QString& file, NetworkForm form, QWidget* parent = nullptr);

    FigureRequest figure(const QString& caption) const;

    bool hasResults() const { return !m_results.settings.empty(); }
    const PublishedResults& results() const { return m_results; }
    QLabel* introLabel() const { return m_intro; }
    QLabel* claimsLabel() const { return m_claims; }
    QTableWidget* table() const { return m_table; }
    DotPlot* dots(ResultSetting setting) const { return m_dots[static_cast<std::size_t>(setting)]; }
    QPushButton* openButton(ResultSetting setting) const { return m_open[static_cast<std::size_t>(setting)]; }

signals:
    /// The experiment that made a result is to be opened.
    void experimentWanted(const endospike::Experiment& experiment);

private:
    void build();
    QWidget* buildSetting(ResultSetting setting);
    void read(const QString& file);
    void showResults();
    void showDots(const MeasuredSetting& setting, double low, double high);
    void fillTable();
    void fillRow(int row, const MeasuredSetting& setting, const NetworkPlan& plan);

    /// Of the form that is shown.
    std::vector<NetworkPlan> networksOf(const MeasuredSetting& setting) const;

    NetworkForm m_form;
    PublishedResults m_results;
    QLabel* m_intro;
    QWidget* m_body;
    QLabel* m_claims;
    QTableWidget* m_table;
    std::array<QWidget*, 2> m_settingBox{};
    std::array<DotPlot*, 2> m_dots{};
    std::array<QPushButton*, 2> m_open{};
};

/// The verdicts on every ordering that was measured, as rich text.
QString claimsText(const PublishedResults& results, NetworkForm form);

} // namespace endospike
