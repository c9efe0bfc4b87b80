#include "app/training_page.h"

#include "app/document.h"
#include "app/settings.h"
#include "app/training_views.h"
#include "sim/errors.h"
#include "widgets/segmented_control.h"

#include <QHBoxLayout>
#include <QStackedWidget>
#include <QVBoxLayout>

#include <algorithm>

namespace endospike {

TrainingPage::TrainingPage(Document& document, const QString& runsFolder, QWidget* parent)
    : Page(parent)
    , m_document(document)
    , m_setup(new QWidget)
    , m_stack(new QStackedWidget)
{
    Q_UNUSED(runsFolder);
    const std::vector<TrainingViewEntry> entries = makeTrainingViews();
    QStringList labels{tr("Train")};
    for (const TrainingViewEntry& entry : entries)
        labels << entry.label;
    m_choice = new SegmentedControl(labels);
    m_choice->setAccessibleName(tr("View of the laboratory"));

    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    auto* strip = new QHBoxLayout;
    strip->setContentsMargins(16, 8, 8, 4);
    strip->addWidget(m_choice);
    strip->addStretch(1);
    column->addLayout(strip);
    column->addWidget(m_stack, 1);

    m_stack->addWidget(m_setup);
    for (const TrainingViewEntry& entry : entries)
        addView(entry.view);
    connect(m_choice, &SegmentedControl::chosen, this, &TrainingPage::showView);
    connect(&m_document, &Document::edited, this, &TrainingPage::showExperiment);
    connect(&m_document, &Document::replaced, this, &TrainingPage::showExperiment);
    showExperiment();
}

void TrainingPage::addView(TrainingView* view)
{
    m_views.push_back(view);
    m_stack->addWidget(view);
    connect(view, &TrainingView::refused, this, &Page::refused);
    connect(view, &TrainingView::changeWanted, this,
        [this](const QString& what, const QString& place, bool continuing, const TrainingView::Change& change) {
            Experiment after = m_document.experiment();
            try {
                change(after);
            } catch (const DocumentError& error) {
                emit refused(QString::fromUtf8(error.what()));
                showExperiment();
                return;
            }
            m_document.edit(std::move(after), what, place);
            if (!continuing)
                m_document.endEdit();
        });
}

void TrainingPage::showExperiment()
{
    for (TrainingView* view : m_views)
        view->setExperiment(m_document.experiment());
}

TrainingView* TrainingPage::trainingView(int view) const
{
    return view < 1 || view > static_cast<int>(m_views.size()) ? nullptr : m_views[static_cast<std::size_t>(view - 1)];
}

void TrainingPage::showView(int view)
{
    if (TrainingView* before = trainingView(this->view()); before && isVisible())
        before->leave();
    m_choice->setCurrent(view);
    m_stack->setCurrentIndex(view);
    if (TrainingView* now = trainingView(view); now && isVisible())
        now->enter();
    emit stateChanged();
}

int TrainingPage::view() const { return m_stack->currentIndex(); }

void TrainingPage::showEvent(QShowEvent* event)
{
    Page::showEvent(event);
    if (TrainingView* now = trainingView(view()))
        now->enter();
}

void TrainingPage::hideEvent(QHideEvent* event)
{
    Page::hideEvent(event);
    if (TrainingView* now = trainingView(view()))
        now->leave();
}

void TrainingPage::stop()
{
    for (TrainingView* view : m_views)
        view->stop();
}

QWidget* TrainingPage::home() const { return m_choice->button(view()); }

FigureRequest TrainingPage::figure(const QString& caption) const
{
    const TrainingView* now = trainingView(view());
    return now ? now->figure(caption) : FigureRequest{{}, caption};
}

void TrainingPage::saveLayout(Settings& settings) const { settings.set("training/view", view()); }

void TrainingPage::restoreLayout(const Settings& settings)
{
    showView(std::clamp(static_cast<int>(settings.number("training/view", 0)), 0, m_choice->count() - 1));
}

} // namespace endospike
