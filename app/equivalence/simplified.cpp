#include "app/equivalence/simplified.h"

#include "sim/equivalence/run.h"
#include "sim/equivalence/settings.h"
#include "sim/neuron/hodgkin_huxley.h"
#include "sim/neuron/s_lif_hh.h"
#include "widgets/form/parameter_form.h"
#include "widgets/form/section.h"
#include "widgets/look/numbers.h"
#include "widgets/look/reading_table.h"
#include "widgets/look/text.h"
#include "widgets/plot/curve_plot.h"
#include "widgets/plot/spike_comparison.h"

#include <QLabel>
#include <QSplitter>
#include <QVBoxLayout>

#include <cmath>

namespace endospike {

namespace {

QColor hhColor() { return hueColor(hodgkinHuxleyModel().hue); }
QColor unitColor() { return hueColor(sLifHhModel().hue); }

bool agrees(const SimplifiedPair& pair) { return pair.comparison.referenceCount == pair.comparison.modelCount; }

} // namespace

Curve curveOf(const QString& name, const std::vector<double>& x, const std::vector<double>& y, const QColor& color)
{
    Curve curve;
    curve.name = name;
    curve.x = QVector<double>(x.begin(), x.end());
    curve.y = QVector<double>(y.begin(), y.end());
    curve.color = color;
    return curve;
}

EquivalenceSimplified::EquivalenceSimplified(QWidget* parent)
    : EquivalenceView(parent)
    , m_verdict(new QLabel)
    , m_table(new QTableWidget(0, 7))
    , m_raster(new SpikeComparison)
    , m_stimulus(new CurvePlot)
    , m_hh(new CurvePlot)
    , m_unit(new CurvePlot)
{
    addToColumn(buildRun(tr("Run all five stimuli")));
    addSection(tr("Comparison"), settingsForm(equivalence::coupling, equivalence::coincidence_window_ms));
    auto* about =
        new QLabel(tr("A driver hears the stimulus, a driven unit hears the driver alone. The HH cells use "
                      "the shifted convention (rest at 0 mV). The s-LIF2HH unit takes steps of 1 ms and fires "
                      "when all four of its parts are above threshold in the same step."));
    about->setWordWrap(true);
    addSection(tr("What is compared"), about);

    m_verdict->setWordWrap(true);
    m_verdict->setContentsMargins(8, 8, 8, 0);
    content()->addWidget(m_verdict);
    m_table->setAccessibleName(tr("Metrics of the five stimuli"));
    m_table->setHorizontalHeaderLabels({tr("Stimulus"), tr("Spikes\nHH / s-LIF"), tr("Rate (Hz)\nHH / s-LIF"),
        tr("Interval\ndiff. (ms)"), tr("Timing\nerror"), tr("van Rossum\ndistance"), tr("Coincidence\nfactor")});
    const QString meanings[] = {tr("The five stimuli of the paper"), tr("Spikes of HH and of s-LIF2HH"),
        tr("Spikes / duration"), tr("The paper's first metric: mean difference of the inter-spike intervals"),
        tr("The paper's second metric: mean difference of the spike times / mean interval of HH"),
        tr("0: the same; one lone spike is at 0.71"), tr("1: the same within the window; 0: as good as chance")};
    for (int column = 0; column < m_table->columnCount(); ++column)
        m_table->horizontalHeaderItem(column)->setToolTip(meanings[column]);
    makeReadingTable(*m_table);
    m_table->horizontalHeader()->setSectionResizeMode(QHeaderView::Stretch);
    m_table->horizontalHeader()->setSectionResizeMode(0, QHeaderView::ResizeToContents);
    connect(m_table, &QTableWidget::currentCellChanged, this, [this](int row) { showRow(row); });

    m_raster->setKinds({QStringLiteral("HH"), hhColor()}, {QStringLiteral("s-LIF2HH"), unitColor()});
    m_raster->setEmptyText(tr("Run all five stimuli to see the spikes."));
    m_stimulus->setTitle(tr("Stimulus"), QStringLiteral("µA/cm²"));
    m_hh->setTitle(tr("V of HH"), QStringLiteral("mV"));
    m_unit->setTitle(tr("Parts of s-LIF2HH"), QStringLiteral("mV"));
    auto* traces = new QSplitter(Qt::Vertical);
    for (CurvePlot* plot : {m_stimulus, m_hh, m_unit}) {
        plot->setXAxis(QStringLiteral("t"), QStringLiteral("ms"));
        plot->setEmptyText(tr("Choose a row of the table."));
        traces->addWidget(plot);
    }
    m_lower = new QSplitter(Qt::Horizontal);
    m_lower->addWidget(m_raster);
    m_lower->addWidget(traces);
    m_lower->setSizes({500, 500});
    m_lower->setChildrenCollapsible(false);
    content()->addWidget(m_table);
    content()->addWidget(m_lower, 1);
    m_verdict->setText(verdict());
    fillTable();
}

void EquivalenceSimplified::resizeEvent(QResizeEvent* event)
{
    EquivalenceView::resizeEvent(event);
    fitRoom();
}

// Large type on a small projector: the columns scroll rather than lose their ends, the spikes get what there is.
void EquivalenceSimplified::fitRoom()
{
    const int line = QFontMetrics(currentTheme().baseFont()).height();
    const bool tight = height() < 36 * line;
    if (m_stimulus->isHidden() != tight) {
        m_stimulus->setVisible(!tight);
        m_hh->setVisible(!tight);
        m_lower->setSizes(tight ? QList<int>{620, 380} : QList<int>{500, 500});
    }
    QHeaderView* header = m_table->horizontalHeader();
    int wanted = 0;
    for (int column = 0; column < m_table->columnCount(); ++column)
        wanted += header->sectionSizeHint(column);
    for (int column = 1; column < m_table->columnCount(); ++column)
        header->setSectionResizeMode(
            column, wanted + 4 * line > width() - 20 * line ? QHeaderView::ResizeToContents : QHeaderView::Stretch);
    m_table->setMinimumHeight(std::min(m_table->maximumHeight(), tight ? 7 * line : 260));
}

void EquivalenceSimplified::setExperiment(const Experiment& experiment)
{
    const bool changed = experiment.own != this->experiment().own;
    EquivalenceView::setExperiment(experiment);
    if (changed && hasResult() && isVisible())
        run();
    else if (changed)
        setHasResult(false);
}

void EquivalenceSimplified::enter()
{
    if (isFresh())
        run();
}

void EquivalenceSimplified::run()
{
    m_computing = std::make_shared<std::vector<SimplifiedRun>>();
    begin([runs = m_computing, experiment = experiment()](
              const JobContext& context) { *runs = runAllSimplified(experiment, context); });
}

void EquivalenceSimplified::finished()
{
    m_runs = std::move(*m_computing);
    fillTable();
    fillRaster();
    m_verdict->setText(verdict());
    showRow(std::max(0, m_table->currentRow()));
}

void EquivalenceSimplified::fillTable()
{
    const auto stimuli = paperStimuli();
    m_table->setRowCount(static_cast<int>(2 * stimuli.size()));
    for (int row = 0; row < m_table->rowCount(); ++row) {
        const auto index = static_cast<std::size_t>(row / 2);
        const bool driven = row % 2 == 1;
        const PaperStimulus& stimulus = stimuli[index];
        QStringList texts{tr("%1, %2").arg(qstring(stimulus.name), driven ? tr("driven") : tr("driver"))};
        bool same = true;
        if (index < m_runs.size()) {
            const SimplifiedPair& pair = driven ? m_runs[index].driven : m_runs[index].driver;
            const SpikeTrainComparison& c = pair.comparison;
            same = agrees(pair);
            texts << QStringLiteral("%1 / %2").arg(c.referenceCount).arg(c.modelCount)
                  << QStringLiteral("%1 / %2").arg(fixedNumber(c.referenceRate_hz, 0), fixedNumber(c.modelRate_hz, 0))
                  << fixedNumber(c.meanIntervalDifference_ms, 2) << fixedNumber(c.relativeTimingError, 3)
                  << fixedNumber(c.vanRossumDistance, 2) << fixedNumber(c.coincidenceFactor, 2);
        }
        texts.resize(m_table->columnCount());
        for (int column = 0; column < texts.size(); ++column) {
            auto* item = new QTableWidgetItem(texts[column]);
            item->setToolTip(
                column == 0 ? QStringLiteral("I(t) = %1 µA/cm²").arg(qstring(stimulus.formula)) : QString());
            if (column > 0)
                item->setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
            if (column == 1 && !same) {
                item->setForeground(currentTheme().warning);
                item->setToolTip(tr("The counts differ: the paper's two metrics are not defined."));
            }
            m_table->setItem(row, column, item);
        }
    }
    for (int row = 0; row < m_table->rowCount(); ++row)
        m_table->setRowHeight(row, QFontMetrics(currentTheme().baseFont()).height() + 5);
    int height = m_table->horizontalHeader()->sizeHint().height() + 6;
    for (int row = 0; row < m_table->rowCount(); ++row)
        height += m_table->rowHeight(row);
    m_table->setMaximumHeight(height);
    fitRoom();
}

void EquivalenceSimplified::fillRaster()
{
    std::vector<SpikeRow> rows;
    for (const SimplifiedRun& run : m_runs)
        for (const bool driven : {false, true}) {
            const SimplifiedPair& pair = driven ? run.driven : run.driver;
            rows.push_back({tr("%1, %2").arg(qstring(run.stimulus->name), driven ? tr("driven") : tr("driver")),
                {pair.hhSpikes_ms, pair.sLifSpikes_ms}});
        }
    m_raster->setRows(std::move(rows), experiment().own[equivalence::simplified_duration_ms]);
}

void EquivalenceSimplified::showRow(int row)
{
    const auto index = static_cast<std::size_t>(row / 2);
    if (row < 0 || index >= m_runs.size())
        return;
    const SimplifiedRun& run = m_runs[index];
    const SimplifiedPair& pair = row % 2 ? run.driven : run.driver;
    m_stimulus->setCurves({curveOf(QStringLiteral("I"), run.time_ms, run.current_ua_per_cm2, currentTheme().stimulus)});
    m_stimulus->setTitle(row % 2 ? tr("Stimulus of the driver: %1").arg(qstring(run.stimulus->name))
                                 : tr("Stimulus: %1").arg(qstring(run.stimulus->name)),
        QStringLiteral("µA/cm²"));
    m_hh->setCurves({curveOf(QStringLiteral("HH"), run.time_ms, pair.hhV_mv, hhColor())});
    // u4 adds up the other three and is above the threshold earlier: the three decide.
    const double threshold = s_lif_hh::Unit().threshold;
    std::vector<Curve> parts;
    parts.push_back(curveOf(
        QStringLiteral("u<sub>1</sub> = u<sub>2</sub> = u<sub>3</sub>"), run.sLifTime_ms, pair.sLifU[0], unitColor()));
    parts.back().points = true;
    parts.push_back(
        curveOf(tr("threshold"), {0, run.time_ms.back()}, {threshold, threshold}, currentTheme().mutedText));
    parts.back().variant = 1;
    m_unit->setCurves(std::move(parts));
}

QString EquivalenceSimplified::verdict() const
{
    if (m_runs.empty())
        return tr("Five stimuli, each heard by a driver; a driven unit hears the driver. Not computed yet.");
    QStringList same;
    QStringList other;
    for (const SimplifiedRun& run : m_runs) {
        const SpikeTrainComparison& c = run.driven.comparison;
        if (agrees(run.driven))
            same << qstring(run.stimulus->name);
        else
            other << tr("%1 (HH %2, s-LIF2HH %3)")
                         .arg(qstring(run.stimulus->name))
                         .arg(c.referenceCount)
                         .arg(c.modelCount);
    }
    QString text = tr("<b>The driven units' spike counts agree for %1 of %2 stimuli</b>%3.")
                       .arg(same.size())
                       .arg(m_runs.size())
                       .arg(same.isEmpty() ? QString() : QStringLiteral(": ") + same.join(QStringLiteral(", ")));
    if (!other.isEmpty())
        text += tr(" They do not match for %1; there the paper's two metrics are not defined.")
                    .arg(other.join(QStringLiteral(", ")));
    if (experiment().own[equivalence::coupling] >= 1e4)
        text += tr(" With so strong a coupling a driven s-LIF2HH unit only copies its driver.");
    return text;
}

FigureRequest EquivalenceSimplified::figure(const QString& caption) const
{
    return {{m_raster, m_stimulus, m_hh, m_unit}, caption};
}

} // namespace endospike
