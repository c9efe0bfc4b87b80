#include "app/cost_page.h"

#include "app/cost_setup.h"
#include "app/document.h"
#include "app/settings.h"
#include "sim/errors.h"
#include "widgets/segmented_control.h"

#include <QHBoxLayout>

#include <algorithm>
#include <mutex>

namespace endospike {

/// What the working thread leaves for the window.
struct CostPage::Mail {
    std::mutex mutex;
    std::vector<NetworkCost> networks;
    std::vector<CellCost> cells;
};

CostPage::CostPage(Document& document, QWidget* parent)
    : Page(parent)
    , m_document(document)
    , m_setup(new CostSetup)
    , m_board(new CostBoard)
    , m_mail(std::make_shared<Mail>())
{
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(0);
    row->addWidget(m_setup);
    row->addWidget(m_board, 1);
    connect(m_setup, &CostSetup::changeWanted, this,
        [this](const QString& what, const QString& place, bool continuing, const CostSetup::Change& change) {
            Experiment after = m_document.experiment();
            try {
                change(after);
            } catch (const DocumentError& error) {
                emit refused(QString::fromUtf8(error.what()));
                return showExperiment();
            }
            m_document.edit(std::move(after), what, place);
            if (!continuing)
                m_document.endEdit();
        });
    connect(m_board, &CostBoard::networkChosen, m_setup, &CostSetup::choose);
    connect(&m_document, &Document::edited, this, &CostPage::showExperiment);
    connect(&m_document, &Document::replaced, this, &CostPage::showExperiment);
    connect(&m_runner, &JobRunner::progressed, this, [this](double fraction, const QString& sentence) {
        m_fraction = fraction;
        m_sentence = sentence;
        emit stateChanged();
    });
    connect(&m_runner, &JobRunner::finished, this, [this] {
        m_finished = true;
        ended(tr("Measured."), {});
    });
    connect(&m_runner, &JobRunner::cancelled, this, [this] { ended(tr("Stopped."), {}); });
    connect(&m_runner, &JobRunner::failed, this, [this](const QString& sentence) { ended({}, sentence); });
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
        const auto known = std::ranges::find(m_measuredCells, model.key, &CellCost::model);
        cells.push_back(known == m_measuredCells.end() ? countedCost(model) : *known);
    }
    m_board->setCells(std::move(cells));
}

void CostPage::stop() { m_runner.cancelAndWait(); }

void CostPage::tick() { takeMail(); }

void CostPage::takeMail()
{
    std::vector<NetworkCost> networks;
    std::vector<CellCost> cells;
    {
        const std::scoped_lock lock(m_mail->mutex);
        networks.swap(m_mail->networks);
        cells.swap(m_mail->cells);
    }
    for (NetworkCost& cost : networks)
        if (const auto plan = std::ranges::find(m_begun, cost.name, &NetworkPlan::name); plan != m_begun.end())
            m_measured.push_back({*plan, std::move(cost)});
    for (CellCost& cost : cells)
        m_measuredCells.push_back(std::move(cost));
    if (!networks.empty())
        showNetworks();
    if (!cells.empty())
        showCells();
}

void CostPage::setRunning(bool running)
{
    if (!running)
        return m_runner.cancel();
    if (!m_runner.isRunning())
        begin();
}

void CostPage::begin()
{
    m_begun = m_document.experiment().training.networks;
    m_measured.clear(); // what follows was measured under the same circumstances
    m_measuredCells.clear();
    m_finished = false;
    m_failure.clear();
    m_fraction = 0;
    m_sentence.clear();
    m_mail = std::make_shared<Mail>();
    showNetworks();
    showCells();
    m_runner.start([plans = m_begun, mail = m_mail](const JobContext& context) {
        const CostSink sink{[&](const NetworkCost& cost) {
                                const std::scoped_lock lock(mail->mutex);
                                mail->networks.push_back(cost);
                            },
            [&](const CellCost& cost) {
                const std::scoped_lock lock(mail->mutex);
                mail->cells.push_back(cost);
            }};
        costTable(plans, {}, context, sink);
    });
    emit stateChanged();
}

void CostPage::ended(const QString& sentence, const QString& failure)
{
    takeMail();
    m_sentence = sentence;
    m_failure = failure;
    if (m_finished)
        m_fraction = 1;
    emit stateChanged();
}

TransportState CostPage::state() const
{
    return m_runner.isRunning() ? TransportState::running
        : !m_failure.isEmpty()  ? TransportState::stopped
        : m_finished            ? TransportState::finished
                                : TransportState::paused;
}

QWidget* CostPage::home() const { return m_board->subjectControl()->button(m_board->subjectControl()->current()); }

QWidget* CostPage::setupPanel() const { return m_setup; }

FigureRequest CostPage::figure(const QString& caption) const
{
    const QString title = QString::fromStdString(m_document.experiment().title);
    Q_UNUSED(caption); // cells, stimulus and time step mean nothing here
    return m_board->figure(title.isEmpty() ? name() : title);
}

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
