#include "app/equivalence/view.h"

#include "sim/equivalence/settings.h"
#include "widgets/experiment/stimulus_editor.h"
#include "widgets/form/parameter_form.h"
#include "widgets/form/section.h"
#include "widgets/look/text.h"
#include "widgets/look/theme.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QProgressBar>
#include <QPushButton>
#include <QScrollArea>

namespace endospike {

namespace {
constexpr double previewWindow_ms = 80;
}

EquivalenceView::EquivalenceView(QWidget* parent)
    : QWidget(parent)
    , m_scroll(new QScrollArea)
    , m_column(nullptr)
    , m_content(new QVBoxLayout)
{
    auto* inner = new QWidget;
    m_column = new QVBoxLayout(inner);
    m_column->setContentsMargins(16, 0, 16, 16);
    m_column->setSpacing(0);
    m_column->addStretch(1);
    m_scroll->setWidget(inner);
    inner->installEventFilter(this);
    m_scroll->setWidgetResizable(true);
    m_scroll->setFrameShape(QFrame::NoFrame);
    m_scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_scroll->setFocusPolicy(Qt::NoFocus);
    m_content->setContentsMargins(0, 0, 8, 0);
    m_content->setSpacing(8);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(0);
    row->addWidget(m_scroll);
    row->addLayout(m_content, 1);
    fitWidth();
    connect(&themeNotifier(), &ThemeNotifier::themeChanged, this, &EquivalenceView::fitWidth);

    connect(&m_runner, &JobRunner::progressed, this, [this](double fraction, const QString& sentence) {
        m_fraction = fraction;
        m_sentence = sentence;
        setStatus(sentence);
        emit jobChanged();
    });
    connect(&m_runner, &JobRunner::finished, this, [this] {
        m_fraction = 1;
        m_hasResult = true;
        setStatus({});
        finished();
        emit jobChanged();
    });
    connect(&m_runner, &JobRunner::cancelled, this, [this] {
        setStatus(tr("Cancelled."));
        cancelled();
        emit jobChanged();
    });
    connect(&m_runner, &JobRunner::failed, this, [this](const QString& sentence) {
        m_failure = sentence;
        setStatus(sentence);
        failed(sentence);
        emit jobChanged();
    });
}

QWidget* EquivalenceView::column() const { return m_scroll; }

void EquivalenceView::fitWidth()
{
    const double scale = (1 + currentTheme().basePoints / 10.0) / 2;
    m_scroll->setFixedWidth(static_cast<int>(320 * scale));
}

bool EquivalenceView::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == m_scroll->widget() && event->type() == QEvent::LayoutRequest)
        fitHeight();
    return QWidget::eventFilter(watched, event);
}

// The style's smallest heights would let a long column squeeze its buttons below their text; it scrolls instead.
void EquivalenceView::fitHeight()
{
    const int width = m_scroll->viewport()->width();
    const int height =
        m_column->hasHeightForWidth() ? m_column->totalHeightForWidth(width) : m_column->totalSizeHint().height();
    if (m_scroll->widget()->minimumHeight() != height)
        m_scroll->widget()->setMinimumHeight(height);
}

void EquivalenceView::setExperiment(const Experiment& experiment)
{
    m_experiment = experiment;
    for (ParameterForm* form : m_forms)
        form->setValues(experiment.own);
    if (m_stimulus)
        m_stimulus->setStimulus(experiment.neuron.stimulus);
}

void EquivalenceView::begin(JobRunner::Work work)
{
    m_failure.clear();
    m_fraction = 0;
    m_sentence.clear();
    m_runner.start(std::move(work));
    setStatus(tr("Computing"));
    emit jobChanged();
}

void EquivalenceView::setStatus(const QString& text)
{
    if (!m_run)
        return;
    const bool running = m_runner.isRunning();
    m_run->setText(running ? tr("Cancel") : m_runLabel);
    m_bar->setVisible(running);
    m_bar->setRange(0, m_fraction < 0 ? 0 : 1000);
    m_bar->setValue(static_cast<int>(m_fraction * 1000));
    m_status->setText(text);
    m_status->setVisible(!text.isEmpty());
}

QWidget* EquivalenceView::buildRun(const QString& label)
{
    m_runLabel = label;
    auto* box = new QWidget;
    auto* column = new QVBoxLayout(box);
    column->setContentsMargins(0, 8, 0, 8);
    column->setSpacing(8);
    m_run = new QPushButton(label);
    m_bar = new QProgressBar;
    m_bar->setTextVisible(false);
    m_bar->hide();
    m_status = new QLabel;
    m_status->setWordWrap(true);
    m_status->hide();
    column->addWidget(m_run);
    column->addWidget(m_bar);
    column->addWidget(m_status);
    connect(m_run, &QPushButton::clicked, this, [this] {
        if (isRunning())
            cancel();
        else
            run();
    });
    return box;
}

StimulusEditor* EquivalenceView::addStimulusSection()
{
    m_stimulus = new StimulusEditor;
    Section* section = addSection(tr("Stimulus"), m_stimulus);
    section->setFoldable(false);
    section->setHeaderWidget(m_stimulus->headerActions());
    m_stimulus->setPreviewWindow(previewWindow_ms);
    connect(m_stimulus, &StimulusEditor::stimulusEdited, this,
        [this](const Stimulus& stimulus, const QString& what, bool continuing, StimulusPlace place) {
            emit changeWanted(what, QStringLiteral("stimulus.%1.%2").arg(place.part).arg(place.row), continuing,
                [stimulus](Experiment& experiment) { experiment.neuron.stimulus = stimulus; });
        });
    connect(m_stimulus, &StimulusEditor::recordingWanted, this, &EquivalenceView::recordingWanted);
    connect(m_stimulus, &StimulusEditor::injectionHeld, this, &EquivalenceView::injectionHeld);
    return m_stimulus;
}

void EquivalenceView::addToColumn(QWidget* widget) { m_column->insertWidget(m_column->count() - 1, widget); }

Section* EquivalenceView::addSection(const QString& title, QWidget* body)
{
    auto* section = new Section(title, body);
    addToColumn(section);
    return section;
}

ParameterForm* EquivalenceView::settingsForm(int from, int to)
{
    auto* form = new ParameterForm;
    std::vector<int> hidden;
    for (int row = 0; row < static_cast<int>(equivalenceTable().size()); ++row)
        if (row < from || row > to)
            hidden.push_back(row);
    form->setHiddenRows(std::move(hidden));
    form->setValues(m_experiment.own);
    m_forms.push_back(form);
    connect(form, &ParameterForm::valueEdited, this, [this](int row, double value, bool continuing) {
        const auto index = static_cast<std::size_t>(row);
        emit changeWanted(qstring(equivalenceTable()[index].label), QStringLiteral("equivalence.%1").arg(row),
            continuing, [index, value](Experiment& experiment) { experiment.own.set(index, value); });
    });
    return form;
}

} // namespace endospike
