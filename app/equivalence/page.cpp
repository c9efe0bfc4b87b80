#include "app/equivalence/page.h"

#include "app/document/document.h"
#include "app/equivalence/circuits.h"
#include "app/equivalence/dial.h"
#include "app/equivalence/exact.h"
#include "app/equivalence/simplified.h"
#include "app/laboratory/settings.h"
#include "sim/neuron/run.h"
#include "widgets/experiment/stimulus_editor.h"
#include "widgets/form/segmented_control.h"
#include "widgets/trace/plot_stack.h"

#include <QAction>
#include <QHBoxLayout>
#include <QLabel>
#include <QScrollArea>
#include <QStackedWidget>
#include <QToolButton>

#include <algorithm>

namespace endospike {

EquivalencePage::EquivalencePage(Document& document, QWidget* parent)
    : Page(parent)
    , m_document(document)
    , m_choice(new SegmentedControl({tr("Exact"), tr("Simplified"), tr("Dial"), tr("Circuits")}))
    , m_helpButton(new QToolButton)
    , m_help(nullptr)
    , m_stack(new QStackedWidget)
    , m_exact(new EquivalenceExact)
    , m_simplified(new EquivalenceSimplified)
    , m_dial(new EquivalenceDial)
    , m_circuits(new EquivalenceCircuits)
    , m_views{m_exact, m_simplified, m_dial, m_circuits}
{
    m_help = buildHelp();
    buildStrip();
    for (EquivalenceView* view : m_views) {
        m_stack->addWidget(view);
        connectView(view);
    }
    m_exact->session().setSpeed(m_speed_ms_per_s);
    connect(&m_exact->session(), &LiveSession::stateChanged, this, &Page::stateChanged);
    connect(m_choice, &SegmentedControl::chosen, this, [this](int view) { showView(static_cast<View>(view)); });
    connect(&m_document, &Document::edited, this, [this] {
        showExperiment();
        m_exact->session().edit(m_document.experiment().neuron);
    });
    connect(&m_document, &Document::replaced, this, [this] {
        showExperiment();
        m_exact->plots()->setFollowLive(true);
    });
    showExperiment();
}

void EquivalencePage::buildStrip()
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    auto* strip = new QHBoxLayout;
    strip->setContentsMargins(16, 8, 8, 4);
    strip->setSpacing(16);
    m_choice->setAccessibleName(tr("View of the laboratory"));
    strip->addWidget(m_choice);
    strip->addStretch(1);
    m_helpButton->setText(tr("Why are they the same?"));
    m_helpButton->setCheckable(true);
    m_helpButton->setToolTip(tr("The derivation in five lines"));
    connect(m_helpButton, &QToolButton::toggled, this, [this](bool shown) {
        placeHelp();
        m_help->setVisible(shown);
    });
    strip->addWidget(m_helpButton);
    column->addLayout(strip);
    column->addWidget(m_stack, 1);
    m_help->setParent(this); // over the view: opening it moves nothing
    m_help->hide();
    auto* close = new QAction(m_help);
    close->setShortcut(Qt::Key_Escape);
    close->setShortcutContext(Qt::WidgetWithChildrenShortcut);
    m_help->addAction(close);
    connect(close, &QAction::triggered, m_helpButton, [this] { m_helpButton->setChecked(false); });
}

void EquivalencePage::placeHelp()
{
    const int width = static_cast<int>(380 * (1 + currentTheme().basePoints / 10.0) / 2);
    const QRect area = m_stack->geometry();
    m_help->setGeometry(area.right() - width + 1, area.top(), width, std::min(area.height(), width + 100));
    m_help->raise();
}

void EquivalencePage::resizeEvent(QResizeEvent* event)
{
    Page::resizeEvent(event);
    placeHelp();
}

QWidget* EquivalencePage::buildHelp()
{
    auto* text = new QLabel(
        tr("<h3>One HH neuron is four LIF neurons</h3>"
           "<p>With g<sub>1</sub> = ḡ<sub>Na</sub>m³h, g<sub>2</sub> = ḡ<sub>K</sub>n⁴, g<sub>3</sub> = g<sub>L</sub> "
           "and g<sub>s</sub> = g<sub>1</sub> + g<sub>2</sub> + g<sub>3</sub>, all functions of time:</p>"
           "<p>1. Channel units&nbsp; C du<sub>i</sub>/dt = −(u<sub>i</sub> − E<sub>i</sub>) + I/g<sub>s</sub></p>"
           "<p>2. Synapse&nbsp; C dF/dt = Σ g<sub>i</sub> C du<sub>i</sub>/dt = −Σ g<sub>i</sub>(u<sub>i</sub> − "
           "E<sub>i</sub>) + I</p>"
           "<p>3. Soma unit&nbsp; C du<sub>4</sub>/dt = −g<sub>s</sub>(u<sub>4</sub> + F) + Σ "
           "g<sub>i</sub>u<sub>i</sub></p>"
           "<p>4. Add 2 and 3, with V = F + u<sub>4</sub>:&nbsp; C dV/dt = I − Σ g<sub>i</sub>(u<sub>i</sub> − "
           "E<sub>i</sub>) + Σ g<sub>i</sub>u<sub>i</sub> − g<sub>s</sub>V</p>"
           "<p>5. The u<sub>i</sub> cancel:&nbsp; <b>C dV/dt = I − Σ g<sub>i</sub>(V − E<sub>i</sub>)</b>, "
           "Hodgkin and Huxley's equation.</p>"
           "<p>It holds step by step under forward Euler too, as long as every right-hand side sees the values before "
           "the step. The gates m, h, n follow the microstructure's own V.</p>"
           "<p>L. He, Y. Xu, W. He, Y. Lin et al., Nature Computational Science 4, 584 (2024), "
           "doi 10.1038/s43588-024-00674-9</p>"));
    text->setWordWrap(true);
    text->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    text->setContentsMargins(16, 0, 16, 16);
    text->setAlignment(Qt::AlignTop | Qt::AlignLeft);
    auto* scroll = new QScrollArea;
    scroll->setWidget(text);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setAccessibleName(tr("Derivation"));
    const auto paint = [scroll] {
        scroll->setStyleSheet(QStringLiteral("QScrollArea { background: %1; border: 1px solid %2; border-radius: 6px; }"
                                             "QLabel { background: %1; }")
                                  .arg(currentTheme().plot.name(), currentTheme().border.name()));
    };
    paint();
    connect(&themeNotifier(), &ThemeNotifier::themeChanged, scroll, paint);
    return scroll;
}

void EquivalencePage::connectView(EquivalenceView* view)
{
    connect(view, &EquivalenceView::jobChanged, this, &Page::stateChanged);
    connect(view, &EquivalenceView::recordingWanted, this, [this](int part) { emit recordingWanted(-1, part); });
    connect(view, &EquivalenceView::changeWanted, this,
        [this](const QString& what, const QString& place, bool continuing, const EquivalenceView::Change& change) {
            edit(m_document, what, place, continuing, change);
        });
}

EquivalenceView* EquivalencePage::current() const { return m_views[static_cast<std::size_t>(m_choice->current())]; }

void EquivalencePage::showExperiment()
{
    for (EquivalenceView* view : m_views)
        view->setExperiment(m_document.experiment());
}

void EquivalencePage::showView(View view)
{
    m_choice->setCurrent(view);
    m_stack->setCurrentIndex(m_choice->current());
    if (isVisible())
        current()->enter();
    emit stateChanged();
}

EquivalencePage::View EquivalencePage::view() const { return m_choice->currentAs<View>(); }

void EquivalencePage::showEvent(QShowEvent* event)
{
    Page::showEvent(event);
    current()->enter();
}

PageParts EquivalencePage::parts()
{
    PageParts parts{.transport = this, .traces = this, .figure = this};
    if (view() == View::exact)
        parts.live = this;
    else
        parts.job = this;
    return parts;
}

void EquivalencePage::start() { m_exact->session().start(m_document.experiment().neuron, true); }

void EquivalencePage::stop()
{
    m_exact->session().stop();
    for (EquivalenceView* view : m_views)
        view->stop();
}

void EquivalencePage::tick()
{
    if (view() == View::exact)
        m_exact->tick();
    else
        m_exact->session().drain(); // the run goes on, whatever is looked at
}

void EquivalencePage::setRunning(bool running)
{
    if (view() == View::exact)
        m_exact->session().setRunning(running);
    else if (running)
        current()->run();
    else
        current()->cancel();
}

void EquivalencePage::suspend()
{
    m_resumes = m_exact->session().state() == LiveState::running;
    if (m_resumes)
        m_exact->session().setRunning(false);
}

void EquivalencePage::resume()
{
    if (m_resumes)
        m_exact->session().setRunning(true);
    m_resumes = false;
}

void EquivalencePage::singleStep()
{
    m_exact->session().singleStep();
    m_exact->plots()->setFollowLive(true);
}

void EquivalencePage::reset()
{
    if (view() != View::exact)
        return current()->run();
    m_exact->session().reset();
    m_exact->plots()->setFollowLive(true);
}

void EquivalencePage::setSpeed(double ms_per_s)
{
    m_speed_ms_per_s = ms_per_s;
    m_exact->session().setSpeed(ms_per_s);
}

double EquivalencePage::speed() const { return m_speed_ms_per_s; }

void EquivalencePage::setInjecting(bool injecting)
{
    if (injecting)
        m_exact->stimulusEditor()->pressInjection();
    else
        m_exact->stimulusEditor()->releaseInjection();
}

TransportState EquivalencePage::state() const
{
    if (view() != View::exact)
        return current()->isRunning()         ? TransportState::running
            : !current()->failure().isEmpty() ? TransportState::stopped
            : current()->hasResult()          ? TransportState::finished
                                              : TransportState::paused;
    switch (m_exact->session().state()) {
    case LiveState::running:
        return TransportState::running;
    case LiveState::atEnd:
        return TransportState::finished;
    case LiveState::failed:
        return TransportState::stopped;
    case LiveState::paused:
        break;
    }
    return TransportState::paused;
}

QString EquivalencePage::stopReason() const
{
    return view() == View::exact ? m_exact->session().failure() : current()->failure();
}

TransportReading EquivalencePage::reading() const
{
    const LiveSession& session = m_exact->session();
    return {session.time_ms(), session.achieved_ms_per_s(), session.stepsPerSecond(),
        static_cast<double>(m_exact->plots()->framesPerSecond()), session.lostSamples()};
}

double EquivalencePage::fraction() const { return current()->fraction(); }
QString EquivalencePage::sentence() const { return current()->sentence(); }

PlotStack& EquivalencePage::plots() const { return *m_exact->plots(); }
const TraceHistory& EquivalencePage::history() const { return m_exact->session().history(); }
FigureRequest EquivalencePage::figure(const QString& caption) const { return current()->figure(caption); }
QWidget* EquivalencePage::setupPanel() const { return current()->column(); }
QWidget* EquivalencePage::home() const { return m_exact->plots(); }

void EquivalencePage::showWholeRun()
{
    m_exact->session().showRecording(m_document.experiment().neuron,
        [&](const BlockSink& sink) { endospike::run(m_document.experiment().neuron, {}, sink); });
    m_exact->plots()->fit();
    for (int i = 0; i < 6; ++i) // every reading is brought up to date
        m_exact->tick();
    emit stateChanged();
}

void EquivalencePage::saveLayout(Settings& settings) const
{
    settings.set("equivalence/plots", m_exact->plots()->saveLayout());
    settings.set("equivalence/view", m_choice->current());
    settings.set("equivalence/speed", m_speed_ms_per_s);
}

void EquivalencePage::restoreLayout(const Settings& settings)
{
    if (const QByteArray state = settings.bytes("equivalence/plots"); !state.isEmpty())
        m_exact->plots()->restoreLayout(state);
    m_choice->setCurrent(static_cast<int>(settings.number("equivalence/view", 0)));
    showView(view());
    setSpeed(std::clamp(settings.number("equivalence/speed", m_speed_ms_per_s), 0.0, 1e6));
}

} // namespace endospike
