// The cost laboratory: what networks and single cells cost, counted at once and measured when asked.
#pragma once

#include "app/cost/board.h"
#include "app/laboratory/job_page.h"
#include "sim/base/mailbox.h"
#include "sim/cost/laboratory.h"

#include <memory>
#include <vector>

namespace endospike {

class CostSetup;

class CostPage : public JobPage, public TableSource {
    Q_OBJECT

public:
    explicit CostPage(Document& document, QWidget* parent = nullptr);
    ~CostPage() override;

    PageParts parts() override { return {.transport = this, .job = this, .figure = this, .table = this}; }
    void start() override { }

    QWidget* home() const override;
    QWidget* setupPanel() const override;
    QString csv() const override { return m_board->csv(); }
    FigureRequest figure(const QString& caption) const override;

    void saveLayout(Settings& settings) const override;
    void restoreLayout(const Settings& settings) override;

    CostSetup& setup() const { return *m_setup; }
    CostBoard& board() const { return *m_board; }

private:
    struct Mail;
    void showExperiment() override;
    void showNetworks();
    void showCells();
    /// Measures every network of the document and every cell, from the beginning.
    void begin() override;
    void takeMail() override;

    CostSetup* m_setup;
    CostBoard* m_board;
    std::vector<CostRow> m_measured; ///< stays valid for every network with the same plan
    std::vector<CellCost> m_measuredCells;
    std::vector<NetworkPlan> m_begun; ///< what is being measured, in its order
    std::shared_ptr<Mailbox<Mail>> m_mail;
};

} // namespace endospike
