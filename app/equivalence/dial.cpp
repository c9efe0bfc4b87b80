#include "app/equivalence/dial.h"

#include "app/equivalence/simplified.h"
#include "sim/equivalence/settings.h"
#include "widgets/experiment/stimulus_editor.h"
#include "widgets/form/parameter_form.h"
#include "widgets/form/section.h"
#include "widgets/form/segmented_control.h"
#include "widgets/look/numbers.h"
#include "widgets/look/text.h"
#include "widgets/plot/curve_plot.h"
#include "widgets/plot/spike_comparison.h"

#include <QLabel>
#include <QSplitter>
#include <QVBoxLayout>

#include <cmath>

namespace endospike {

namespace {

const char* const positionTexts[] = {
    QT_TRANSLATE_NOOP("endospike::EquivalenceDial",
        "<b>HH</b>: one voltage, three gates. Every ion channel is an equation of its own."),
    QT_TRANSLATE_NOOP("endospike::EquivalenceDial",
        "<b>tv-LIF2HH</b>: the same neuron written as four leaky integrate-and-fire units whose leaks vary in time "
        "with the gates. Nothing is left out: the two traces lie on each other."),
    QT_TRANSLATE_NOOP("endospike::EquivalenceDial",
        "<b>s-LIF2HH</b>: the gates are left out. Four units with constant leaks, steps of 1 ms, one common threshold: "
        "the shape of the spike and the refractory period are gone, the structure of four is kept."),
    QT_TRANSLATE_NOOP("endospike::EquivalenceDial",
        "<b>LIF</b>: the structure is left out as well. One unit, one leak, threshold and reset."),
};

} // namespace

EquivalenceDial::EquivalenceDial(QWidget* parent)
    : EquivalenceView(parent)
    , m_dial(new SegmentedControl({QStringLiteral("HH"), QStringLiteral("→  tv-LIF2HH"), QStringLiteral("→  s-LIF2HH"),
          QStringLiteral("→  LIF")}))
    , m_text(new QLabel)
    , m_voltage(new CurvePlot)
    , m_raster(new SpikeComparison)
    , m_rate(new CurvePlot)
{
    addToColumn(buildRun(tr("Compute all four")));
    addStimulusSection();
    addSection(tr("f-I curves"), settingsForm(equivalence::f_i_maximum_ua_per_cm2, equivalence::f_i_duration_ms));

    m_dial->setAccessibleName(tr("How far the neuron is simplified"));
    m_text->setWordWrap(true);
    m_text->setContentsMargins(8, 0, 8, 0);
    m_text->setAlignment(Qt::AlignTop | Qt::AlignLeft);
    m_voltage->setTitle(QStringLiteral("V"), QStringLiteral("mV"));
    m_voltage->setXAxis(QStringLiteral("t"), QStringLiteral("ms"));
    m_rate->setTitle(tr("Firing rate"), QStringLiteral("Hz"));
    m_rate->setXAxis(QStringLiteral("I"), QStringLiteral("µA/cm²"));
    for (XyPlot* plot : {static_cast<XyPlot*>(m_voltage), static_cast<XyPlot*>(m_rate), static_cast<XyPlot*>(m_raster)})
        plot->setEmptyText(tr("Compute all four to see them."));
    auto* head = new QVBoxLayout;
    head->setContentsMargins(8, 8, 8, 0);
    head->addWidget(m_dial, 0, Qt::AlignLeft);
    content()->addLayout(head);
    content()->addWidget(m_text);
    auto* plots = new QSplitter(Qt::Vertical);
    plots->addWidget(m_voltage);
    plots->addWidget(m_raster);
    plots->addWidget(m_rate);
    plots->setSizes({300, 90, 300});
    plots->setChildrenCollapsible(false);
    content()->addWidget(plots, 1);
    connect(m_dial, &SegmentedControl::chosen, this, &EquivalenceDial::show);
    show(0);
}

void EquivalenceDial::setExperiment(const Experiment& experiment)
{
    const Experiment& before = this->experiment();
    const bool changed = experiment.own != before.own || experiment.neuron.stimulus != before.neuron.stimulus
        || experiment.neuron.simulation != before.neuron.simulation || experiment.neuron.cells != before.neuron.cells;
    EquivalenceView::setExperiment(experiment);
    if (changed && hasResult() && isVisible())
        run();
    else if (changed)
        setHasResult(false);
}

void EquivalenceDial::enter()
{
    if (isFresh())
        run();
}

void EquivalenceDial::run()
{
    m_computing = std::make_shared<std::vector<DialEntry>>();
    begin([entries = m_computing, experiment = experiment()](
              const JobContext& context) { *entries = runDial(experiment, context); });
}

void EquivalenceDial::finished()
{
    m_entries = std::move(*m_computing);
    show(m_dial->current());
}

void EquivalenceDial::show(int position)
{
    const auto chosen = static_cast<std::size_t>(position);
    QString text = tr(positionTexts[chosen]);
    if (chosen >= m_entries.size()) {
        m_text->setText(text);
        return;
    }
    const DialEntry& reference = m_entries.front();
    const DialEntry& entry = m_entries[chosen];
    std::vector<Curve> voltages{curveOf(
        qstring(reference.model->shortName), reference.time_ms, reference.v_mv, hueColor(reference.model->hue))};
    if (chosen > 0) {
        voltages.push_back(
            curveOf(qstring(entry.model->shortName), entry.time_ms, entry.v_mv, hueColor(entry.model->hue)));
        voltages.back().variant = chosen == 1 ? 1 : 0; // dashed: the other one is seen below it
        const SpikeTrainComparison& c = entry.comparison;
        text += tr(" Against HH: %1 spikes instead of %2, van Rossum distance %3, coincidence factor %4.")
                    .arg(c.modelCount)
                    .arg(c.referenceCount)
                    .arg(plotNumber(c.vanRossumDistance, 3), plotNumber(c.coincidenceFactor, 3));
    }
    m_text->setText(text);
    m_voltage->setCurves(std::move(voltages));
    m_raster->setKinds({QStringLiteral("HH"), hueColor(reference.model->hue)},
        {chosen > 0 ? qstring(entry.model->shortName) : QString(), hueColor(entry.model->hue)});
    m_raster->setRows({{tr("spikes"), {reference.spikes_ms, chosen > 0 ? entry.spikes_ms : std::vector<double>{}}}},
        experiment().neuron.duration_ms());
    std::vector<Curve> rates;
    for (std::size_t i = 0; i < m_entries.size(); ++i) {
        const DialEntry& each = m_entries[i];
        rates.push_back(curveOf(
            qstring(each.model->shortName), each.fi.current_ua_per_cm2, each.fi.rate_hz, hueColor(each.model->hue)));
        rates.back().points = i == chosen;
        rates.back().variant = i == 1 ? 1 : 0; // it lies on HH
    }
    m_rate->setCurves(std::move(rates));
}

FigureRequest EquivalenceDial::figure(const QString& caption) const { return {{m_voltage, m_raster, m_rate}, caption}; }

} // namespace endospike
