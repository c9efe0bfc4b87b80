// The page of results among the laboratories, and where its buttons lead.
#include "app/window/main_window.h"

#include "app/laboratory/page.h"
#include "app/results/page.h"
#include "sim/document/laboratory.h"

#include <QStackedWidget>
#include <QToolButton>

namespace endospike {

void MainWindow::addResults()
{
    m_results = new ResultsPage;
    m_stack->addWidget(m_results);
    const auto number = static_cast<int>(m_benches.size()) + 1;
    const QKeySequence key(Qt::CTRL | static_cast<Qt::Key>(Qt::Key_0 + number));
    QToolButton* button =
        addRailButton(tr("Results"), "table", tr("Published against measured (Ctrl+%1)").arg(number), number);
    connect(button, &QToolButton::clicked, this, &MainWindow::showResults);
    addAction(m_pageMenu, tr("Results"), key, [this] { showResults(); });
    connect(m_results, &ResultsPage::experimentWanted, this, &MainWindow::openMeasured);
    connect(m_results, &ResultsPage::figureWanted, this, [this](const FigureRequest& request, const QString& name) {
        m_exports->exportPicture(name, [request] { return request; });
    });
    connect(m_results, &ResultsPage::tableWanted, this,
        [this](const QString& csv, const QString& name) { m_exports->exportCsv(name, csv); });
}

void MainWindow::showResults()
{
    if (m_stack->currentWidget() != m_results)
        showAside(m_results, static_cast<int>(m_benches.size()) + 1, tr("Results - Endospike"));
}

void MainWindow::exportFigure()
{
    if (m_stack->currentWidget() == m_results)
        m_exports->exportPicture(tr("results"), [this] { return m_results->figure(); });
    else
        m_exports->exportFigure();
}

void MainWindow::exportVisible()
{
    if (m_stack->currentWidget() != m_results)
        m_exports->exportVisible();
    else if (const QString csv = m_results->csv(); !csv.isEmpty())
        m_exports->exportCsv(tr("results"), csv);
}

void MainWindow::copyFigure()
{
    if (m_stack->currentWidget() == m_results)
        m_exports->copyPicture(m_results->figure());
    else
        m_exports->copyFigure();
}

void MainWindow::openMeasured(const Experiment& experiment)
{
    showLaboratory(experiment.laboratory->key);
    m_files->guard([this, experiment] { m_document->replace(experiment, {}, true); });
}

} // namespace endospike
