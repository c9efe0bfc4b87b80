#include "app/cost/page.h"

#include "app/cost/setup.h"
#include "app/document/document.h"
#include "app/laboratory/settings.h"
#include "widgets/form/segmented_control.h"

#include <QAbstractButton>
#include <QHBoxLayout>
#include <QWidget>

#include <algorithm>

namespace endospike {

struct CostPage::Mail {
    std::vector<NetworkCost> networks;
    std::vector<CellCost> cells;
};

CostPage::CostPage(Document& document, QWidget* parent)
    : JobPage(document, tr("Measured."), tr("Stopped."), parent)
    , m_setup(new CostSetup)
    , m_board(new CostBoard)
    , m_mail(std::make_shared<Mailbox<Mail>>())
{
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(0);
    row->addWidget(m_setup);
    row->addWidget(m_board, 1);
    m_board->setMinimumWidth(560); // its strips may be cut before the window refuses to get narrower
    connect(m_setup, &CostSetup::changeWanted, this, &CostPage::change);
    connect(m_board, &CostBoard::networkChosen, m_setup, &CostSetup::choose);
    showExperiment();
    showCells();
}

CostPage::~CostPage()
{
    blockSignals(true); // whoever listens is going too
    stop();
}

void CostPage::showExperiment()
{
    m_setup->setExperiment(m_document.experiment());
    showNetworks();
}

void CostPage::showNetworks()
{
    std::vector<CostRow> rows;
    for (const NetworkPlan& plan : m_document.experiment().training.networks) {
        // Names do not matter to time.
        const auto known = std::ranges::find_if(m_measured,
            [&](const CostRow& row) { return row.plan.kind == plan.kind && row.plan.parameters == plan.parameters; });
        rows.push_back({plan, known == m_measured.end() ? countedCost(plan) : known->cost});
        rows.back().cost.name = plan.name;
    }
    m_board->setNetworks(std::move(rows));
}

void CostPage::showCells()
{
    std::vector<CellCost> cells;
    for (const NeuronModel& model : neuronModels()) {
        const auto known = std::ranges::find(m_measuredCells, &model, &CellCost::model);
        cells.push_back(known == m_measuredCells.end() ? countedCost(model) : *known);
    }
    m_board->setCells(std::move(cells));
}

void CostPage::takeMail()
{
    Mail mail = m_mail->take();
    for (NetworkCost& cost : mail.networks)
        if (const auto plan = std::ranges::find(m_begun, cost.name, &NetworkPlan::name); plan != m_begun.end())
            m_measured.push_back({*plan, std::move(cost)});
    for (CellCost& cost : mail.cells)
        m_measuredCells.push_back(std::move(cost));
    if (!mail.networks.empty())
        showNetworks();
    if (!mail.cells.empty())
        showCells();
}

void CostPage::begin()
{
    m_begun = m_document.experiment().training.networks;
    m_measured.clear(); // what follows was measured under the same circumstances
    m_measuredCells.clear();
    m_mail = std::make_shared<Mailbox<Mail>>();
    showNetworks();
    showCells();
    launch({}, [plans = m_begun, box = m_mail](const JobContext& context) {
        CostSink sink;
        sink.network = [&](const NetworkCost& cost) { box->put([&](Mail& mail) { mail.networks.push_back(cost); }); };
        sink.cell = [&](const CellCost& cost) { box->put([&](Mail& mail) { mail.cells.push_back(cost); }); };
        costTable(plans, {}, context, sink);
    });
}

QWidget* CostPage::home() const { return m_board->subjectControl()->button(m_board->subjectControl()->current()); }

QWidget* CostPage::setupPanel() const { return m_setup; }

FigureRequest CostPage::figure(const QString& caption) const { return m_board->figure(caption); }

void CostPage::saveLayout(Settings& settings) const
{
    settings.set("cost/subject", m_board->subjectControl()->current());
    settings.set("cost/quantity", m_board->quantityControl()->current());
}

void CostPage::restoreLayout(const Settings& settings)
{
    m_board->choose(static_cast<int>(settings.number("cost/subject", CostBoard::networks)),
        static_cast<int>(settings.number("cost/quantity", CostBoard::operations)));
}

} // namespace endospike
