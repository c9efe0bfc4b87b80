#include "app/neuron/jitter_view.h"

#include "widgets/experiment/cell_pen.h"
#include "widgets/form/parameter_form.h"
#include "widgets/look/numbers.h"
#include "widgets/look/theme.h"
#include "widgets/plot/curve_plot.h"
#include "widgets/plot/trial_raster.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QProgressBar>
#include <QPushButton>
#include <QScrollArea>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>
#include <optional>

namespace endospike {

namespace {

constexpr int settingsWidth_px = 236;

/// Spikes are counted in whole numbers.
class SpikeTicker : public QCPAxisTicker {
protected:
    double getTickStep(const QCPRange& range) override
    {
        return std::max(1.0, std::ceil(QCPAxisTicker::getTickStep(range)));
    }
    QString getTickLabel(double tick, const QLocale&, QChar, int) override { return plotNumber(tick, 6); }
};

/// All that the spikes depend on.
bool sameRuns(const NeuronPlan& a, const NeuronPlan& b)
{
    const auto bare = [](NeuronPlan plan) {
        for (Cell& cell : plan.cells)
            cell.visible = true;
        plan.simulation.set(simulation::endless, 0);
        plan.simulation.set(simulation::record_interval_ms, 1);
        return plan;
    };
    return bare(a) == bare(b);
}

} // namespace

JitterView::JitterView(QWidget* parent)
    : QWidget(parent)
    , m_settings(jitterTable())
    , m_form(new ParameterForm)
    , m_raster(new TrialRaster)
    , m_plot(new CurvePlot)
    , m_summary(new QLabel)
    , m_progress(new QProgressBar)
    , m_button(new QPushButton)
{
    m_raster->setTitle(tr("Spikes of every trial (dotted: without noise)"), {});
    m_raster->setXAxis(QStringLiteral("t"), QStringLiteral("ms"));
    m_raster->setEmptyText(tr("There is no cell to repeat."));
    m_plot->setTitle(tr("Jitter"), QStringLiteral("ms"));
    m_plot->setXAxis(tr("Spike"), {});
    m_plot->xAxis->setTicker(QSharedPointer<QCPAxisTicker>(new SpikeTicker));
    m_plot->setEmptyText(tr("No spike without noise: there is nothing whose timing could be compared."));
    m_plot->setLeastY(0, 0.01);
    m_summary->setWordWrap(true);
    m_summary->setTextFormat(Qt::RichText);
    auto* plots = new QHBoxLayout;
    plots->setSpacing(8);
    plots->addWidget(m_raster, 3);
    plots->addWidget(m_plot, 2);
    auto* right = new QVBoxLayout;
    right->setSpacing(4);
    right->addLayout(plots, 1);
    right->addWidget(m_summary);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(8, 8, 8, 8);
    row->setSpacing(16);
    row->addWidget(buildSettings());
    row->addLayout(right, 1);
    setMinimumHeight(200);

    m_form->setValues(m_settings);
    connect(m_form, &ParameterForm::valueEdited, this, [this](int at, double value, bool) {
        m_settings.set(static_cast<std::size_t>(at), value);
        m_form->setValues(m_settings);
        compute();
    });
    connect(m_button, &QPushButton::clicked, this, [this] {
        if (!m_busy)
            return compute();
        m_job.cancel();
        m_busy = false;
        showBusy();
    });
    connect(&m_job, &NewestJob::progressed, this, [this](double fraction, const QString&) {
        m_progress->setValue(static_cast<int>(1000 * fraction));
        takeNewest();
    });
    connect(&m_job, &NewestJob::failed, this, [this](const QString& sentence) {
        m_busy = false;
        showBusy();
        m_summary->setText(sentence.toHtmlEscaped());
    });
    connect(&themeNotifier(), &ThemeNotifier::themeChanged, this, &JitterView::paint);
    showBusy();
    paint();
}

JitterView::~JitterView() { stop(); }

QWidget* JitterView::buildSettings()
{
    auto* box = new QWidget;
    auto* column = new QVBoxLayout(box);
    column->setContentsMargins(8, 0, 8, 0);
    column->setSpacing(8);
    auto* meaning = new QLabel(tr("Noise on the current of every cell, other noise in each trial"));
    meaning->setWordWrap(true);
    m_progress->setRange(0, 1000);
    m_progress->setTextVisible(false);
    auto* work = new QHBoxLayout;
    work->setSpacing(8);
    work->addWidget(m_progress, 1);
    work->addWidget(m_button);
    column->addWidget(meaning);
    column->addLayout(work);
    column->addWidget(m_form);
    column->addStretch(1);
    auto* scroll = new QScrollArea;
    scroll->setWidget(box);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setFocusPolicy(Qt::NoFocus);
    scroll->setFixedWidth(settingsWidth_px);
    return scroll;
}

void JitterView::setPlan(const NeuronPlan& plan)
{
    const bool same = sameRuns(plan, m_plan);
    m_plan = plan;
    if (!same)
        compute();
    else
        showResult(); // names, and which cells are seen
}

void JitterView::showEvent(QShowEvent*)
{
    if (m_outdated)
        compute();
}

void JitterView::hideEvent(QHideEvent*)
{
    m_job.cancel();
    m_busy = false;
    showBusy();
}

void JitterView::compute()
{
    m_outdated = true;
    if (!isVisible())
        return;
    m_newest = std::make_shared<Latest<JitterResult>>();
    m_progress->setValue(0);
    m_job.want(
        [plan = m_plan, settings = m_settings, newest = m_newest](const JobContext& context) {
            JobRunner::yieldToOthers();
            spikeJitter(plan, settings, context, [&](const JitterResult& result) { newest->put(result); });
        },
        [this] {
            m_outdated = false;
            m_busy = false;
            takeNewest();
            showBusy();
        });
    m_busy = true;
    showBusy();
}

void JitterView::takeNewest()
{
    std::optional<JitterResult> result = m_newest->take();
    if (!result)
        return;
    m_result = std::move(*result);
    showResult();
}

void JitterView::showBusy()
{
    m_button->setText(m_busy ? tr("Stop") : tr("Repeat"));
    if (!m_busy && !m_outdated)
        m_progress->setValue(m_progress->maximum());
}

void JitterView::showResult()
{
    std::vector<TrialBlock> blocks;
    std::vector<Curve> curves;
    QStringList sentences;
    for (const CellJitter& cell : m_result.cells) {
        const auto at = std::ranges::find(m_plan.cells, cell.cellId, &Cell::id);
        if (at == m_plan.cells.end() || !at->visible)
            continue;
        const QColor color = hueColor(at->model->hue);
        const int variant = cellVariant(m_plan, static_cast<int>(at - m_plan.cells.begin()));
        const QString name = QString::fromStdString(at->name);
        blocks.push_back({name, color, variant, cell.reference_ms, cell.trials_ms});
        Curve curve{name.toHtmlEscaped(), {}, {}, color, variant};
        curve.points = true;
        for (std::size_t k = 0; k < cell.spikes.size(); ++k) {
            curve.x.append(static_cast<double>(k + 1));
            curve.y.append(cell.spikes[k].deviation_ms);
        }
        curves.push_back(std::move(curve));
        const QString head = QStringLiteral("<b style='color:%1'>%2</b>: ")
                                 .arg(readableOn(color, currentTheme().window, 4.5).name(), name.toHtmlEscaped());
        sentences << head
                + (cell.spikes.empty() ? tr("silent without noise")
                                       : tr("jitter %1 ms over %2 spikes, %3 % of the trials within ± %4 ms")
                                             .arg(plotNumber(cell.jitter_ms(), 3))
                                             .arg(cell.spikes.size())
                                             .arg(100 * cell.reliability(), 0, 'f', 0)
                                             .arg(m_settings[jitter::window]));
    }
    m_raster->setBlocks(std::move(blocks), m_result.duration_ms);
    m_plot->setCurves(std::move(curves));
    if (m_result.trials > 0)
        sentences << tr("%1 trials; jitter is the standard deviation of the k-th spike's time").arg(m_result.trials);
    m_summary->setText(sentences.join(QStringLiteral(" &nbsp;·&nbsp; ")));
}

void JitterView::paint() { showResult(); }

void JitterView::addTo(FigureRequest& request) const
{
    request.pictures.emplace_back(m_raster);
    request.pictures.emplace_back(m_plot);
}

} // namespace endospike
