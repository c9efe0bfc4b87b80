// The page to begin from, and where its cards lead.
#include "app/window/main_window.h"

#include "app/laboratory/page.h"
#include "app/training/page.h"
#include "app/window/welcome_page.h"
#include "sim/document/plan_laboratories.h"
#include "sim/equivalence/settings.h"
#include "sim/network/training_plan.h"
#include "widgets/experiment/transport_bar.h"

#include <QButtonGroup>
#include <QStackedWidget>
#include <QToolButton>

namespace endospike {

void MainWindow::addWelcome()
{
    m_welcome = new WelcomePage;
    m_stack->addWidget(m_welcome);
    QToolButton* button = addRailButton(tr("Start"), "home", tr("Where to begin (Alt+Home)"), 0);
    connect(button, &QToolButton::clicked, this, &MainWindow::showWelcome);
    addAction(m_pageMenu, button->text(), QKeySequence(Qt::ALT | Qt::Key_Home), [this] { showWelcome(); });

    connect(m_welcome, &WelcomePage::neuronWanted, this, [this] { showLaboratory(neuron::key); });
    connect(m_welcome, &WelcomePage::equivalenceWanted, this, [this] { showLaboratory(equivalence::key); });
    connect(m_welcome, &WelcomePage::trainingWanted, this, &MainWindow::startFirstTraining);
    connect(m_welcome, &WelcomePage::fileWanted, this, [this](const QString& path) {
        showPage(m_page);
        m_files->openPath(path);
    });
    connect(m_welcome, &WelcomePage::exampleWanted, this, [this](const QString& resource) {
        showPage(m_page);
        m_files->openExample(resource);
    });
}

void MainWindow::showWelcome()
{
    if (m_stack->currentWidget() == m_welcome)
        return;
    m_welcome->setRecentFiles(m_settings.recentFiles());
    std::vector<WelcomePage::Link> links;
    for (const Example& example : examples())
        links.push_back(
            {example.title, example.resource, QStringLiteral("<p>%1</p>").arg(example.notes.toHtmlEscaped())});
    m_welcome->setExamples(links);
    showAside(m_welcome, 0, tr("Endospike"));
}

void MainWindow::showAside(QWidget* widget, int railButton, const QString& title)
{
    if (m_stack->currentWidget() == m_page)
        m_page->suspend();
    m_stack->setCurrentWidget(widget);
    m_rail->button(railButton)->setChecked(true);
    m_transport->hide();
    m_undo.setActiveStack(nullptr);
    enableActions();
    setWindowTitle(title);
    setWindowModified(false);
}

void MainWindow::startFirstTraining()
{
    showLaboratory(training::key);
    m_files->guard([this] {
        if (m_document->experiment() != firstTraining())
            m_document->replace(firstTraining(), {});
        m_training->setRunning(true);
    });
}

} // namespace endospike
