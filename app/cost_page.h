// The cost laboratory: what networks and single cells cost, counted at once and measured when asked.
#pragma once

#include "app/cost_board.h"
#include "app/job_runner.h"
#include "app/page.h"

#include <memory>
#include <vector>

namespace endospike {

class CostSetup;
class Document;

class CostPage : public Page {
    Q_OBJECT

public:
    explicit CostPage(Document& document, QWidget* parent = nullptr);
    ~CostPage() override;

    Laboratory laboratory() const override { return Laboratory::cost; }
    QString name() const override { return tr("Cost"); }
    std::string_view icon() const override { return "clock"; }

    void start(bool) override { }
    void stop() override;
    void tick() override;

    /// Measures every network of the document and every cell, from the beginning.
    void setRunning(bool running) override;
    void suspend() override { } // it goes on while another laboratory is looked at
    void resume() override { }
    void singleStep() override { }
    void reset() override { }
    void setSpeed(double) override { }
    double speed() const override { return 0; }
    void setInjecting(bool) override { }
    TransportState state() const override;
    QString stopReason() const override { return m_failure; }
    TransportReading reading() const override { return {}; }
    TransportBar::Mode transportMode() const override { return TransportBar::Mode::job; }
    JobReading job() const override { return {m_fraction, m_sentence}; }

    QWidget* home() const override;
    QWidget* setupPanel() const override;
    QString table() const override { return m_board->csv(); }
    FigureRequest figure(const QString& caption) const override;
    void showWholeRun() override { }

    void saveLayout(Settings& settings) const override;
    void restoreLayout(const Settings& settings) override;

    CostSetup& setup() const { return *m_setup; }
    CostBoard& board() const { return *m_board; }

private:
    struct Mail;
    void showExperiment();
    void showNetworks();
    void showCells();
    void begin();
    void takeMail();
    void ended(const QString& sentence, const QString& failure);

    Document& m_document;
    CostSetup* m_setup;
    CostBoard* m_board;
    std::vector<CostRow> m_measured; ///< stays valid for every network with the same plan
    std::vector<CellCost> m_measuredCells;
    std::vector<NetworkPlan> m_begun; ///< what is being measured, in its order
    std::shared_ptr<Mail> m_mail;
    double m_fraction = 0;
    QString m_sentence;
    QString m_failure;
    bool m_finished = false;
    JobRunner m_runner; // last: its thread ends before what it uses goes
};

} // namespace endospike
