#include "app/equivalence/exact.h"

#include "sim/neuron/hodgkin_huxley.h"
#include "sim/neuron/tv_lif_hh.h"
#include "widgets/experiment/stimulus_editor.h"
#include "widgets/form/parameter_form.h"
#include "widgets/form/section.h"
#include "widgets/look/numbers.h"
#include "widgets/look/reading_table.h"
#include "widgets/look/text.h"
#include "widgets/trace/log_trace_plot.h"
#include "widgets/trace/plot_stack.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QTableWidget>

#include <algorithm>
#include <cmath>
#include <limits>

namespace endospike {

namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double endlessSpan_ms = 100;
constexpr double longestSpan_ms = 500;
constexpr int ticksPerReading = 6; // numbers change ten times a second, so that they can be read

using Part = MicrostructureView::Part;

/// The channel whose potential a part has.
struct UnitCurve {
    Part part;
    std::string_view channel;
};
constexpr UnitCurve unitCurves[] = {
    {Part::na, "u1_mv"}, {Part::k, "u2_mv"}, {Part::leak, "u3_mv"}, {Part::soma, "u4_mv"}, {Part::synapse, "f_mv"}};

const char* const integratorNames[] = {"Euler", "Exp. Euler", "Runge-Kutta 4"};

} // namespace

QString differenceText(double value_mv)
{
    if (std::isnan(value_mv))
        return QStringLiteral("–");
    if (value_mv == 0)
        return QStringLiteral("0 mV");
    const int exponent = static_cast<int>(std::floor(std::log10(value_mv)));
    if (exponent >= -2)
        return QStringLiteral("%1 mV").arg(value_mv, 0, 'g', 3);
    return QStringLiteral("%1·%2 mV").arg(value_mv / std::pow(10, exponent), 0, 'f', 1).arg(decadeText(exponent));
}

EquivalenceExact::EquivalenceExact(QWidget* parent)
    : EquivalenceView(parent)
    , m_plots(new PlotStack)
    , m_difference(new LogTracePlot)
    , m_units(new TracePlot)
    , m_picture(new MicrostructureView)
{
    m_plots->addPanel(QStringLiteral("difference"), tr("Difference"), m_difference, true, 22);
    m_plots->addPanel(QStringLiteral("units"), tr("Units"), m_units, true, 22);
    m_difference->setTitle(tr("|V<sub>HH</sub> − V<sub>tv-LIF2HH</sub>|"), QStringLiteral("mV"));
    m_difference->setBounds(TracePlot::Bounds::automatic, -14, -10);
    m_units->setBounds(TracePlot::Bounds::automatic, 0, 0);
    for (const char* key : {"gates", "stimulus", "spikes"})
        m_plots->setPanelVisible(QLatin1String(key), false);
    m_plots->setHistory(&m_session.history());
    m_plots->setTheme(currentTheme());
    buildColumn();
    content()->addWidget(buildTop());
    content()->addWidget(m_plots, 1);
    connect(m_picture, &MicrostructureView::partActivated, this, &EquivalenceExact::showPart);
    connect(this, &EquivalenceView::injectionHeld, this,
        [this](double current_ua_per_cm2) { m_session.setInjection(current_ua_per_cm2); });
}

void EquivalenceExact::buildColumn()
{
    m_stimulus = addStimulusSection();
    auto* numbers = new QWidget;
    auto* column = new QVBoxLayout(numbers);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    m_numbers = new ParameterForm;
    m_numbers->setHiddenRows({simulation::endless, simulation::duration_ms});
    connect(m_numbers, &ParameterForm::valueEdited, this, [this](int row, double value, bool continuing) {
        const auto index = static_cast<std::size_t>(row);
        emit changeWanted(qstring(simulationTable()[index].label), QStringLiteral("simulation.%1").arg(row), continuing,
            [index, value](Experiment& experiment) { experiment.neuron.simulation.set(index, value); });
    });
    m_order = cellForm(tv_lif_hh::updateOrder, tv_lif_hh::updateOrder);
    column->addWidget(m_numbers);
    column->addWidget(m_order);
    addSection(tr("Numbers"), numbers);
    addSection(tr("Where does it break?"), buildBreaks());
    addSection(tr("Initial state of both"), cellForm(hh::start, hh::n0));
    addSection(tr("Membrane of both"), cellForm(hh::capacitance, hh::q10))->setExpanded(false);
}

/// Rows of the microstructure's table; what HH has too is set in both cells, so that they stay the same neuron.
ParameterForm* EquivalenceExact::cellForm(int from, int to)
{
    auto* form = new ParameterForm;
    std::vector<int> hidden;
    for (int row = 0; row <= tv_lif_hh::updateOrder; ++row)
        if (row < from || row > to)
            hidden.push_back(row);
    form->setHiddenRows(std::move(hidden));
    m_cellForms.push_back(form);
    connect(form, &ParameterForm::valueEdited, this, [this](int row, double value, bool continuing) {
        const std::string key(tvLifHhModel().parameters[static_cast<std::size_t>(row)].key);
        emit changeWanted(qstring(tvLifHhModel().parameters[static_cast<std::size_t>(row)].label),
            QStringLiteral("pair.%1").arg(row), continuing, [key, value](Experiment& experiment) {
                for (Cell& cell : experiment.neuron.cells)
                    if (rowOf(cell.model->parameters, key) >= 0)
                        cell.parameters.set(key, value);
            });
    });
    return form;
}

QWidget* EquivalenceExact::buildBreaks()
{
    auto* box = new QWidget;
    auto* column = new QVBoxLayout(box);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(4);
    column->addWidget(buildRun(tr("Compute the table")));
    m_breaks = new QTableWidget(0, 2);
    m_breaks->setAccessibleName(tr("Largest difference for each way to compute"));
    m_breaks->setHorizontalHeaderLabels({tr("A click sets it"), tr("max |ΔV|")});
    makeReadingTable(*m_breaks);
    m_breaks->setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_breaks->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_breaks->horizontalHeader()->setSectionResizeMode(0, QHeaderView::Stretch);
    m_breaks->horizontalHeader()->setSectionResizeMode(1, QHeaderView::ResizeToContents);
    m_breaks->hide();
    column->addWidget(m_breaks);
    connect(m_breaks, &QTableWidget::cellClicked, this, [this](int row) { applyBreak(row); });
    connect(m_breaks, &QTableWidget::cellActivated, this, [this](int row) { applyBreak(row); });
    return box;
}

QWidget* EquivalenceExact::buildTop()
{
    auto* top = new QWidget;
    auto* row = new QHBoxLayout(top);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(16);
    row->addWidget(m_picture, 3);
    m_picture->setMinimumSize(480, 205);
    auto* verdict = new QWidget;
    verdict->setMinimumWidth(200);
    auto* column = new QVBoxLayout(verdict);
    column->setContentsMargins(0, 8, 8, 8);
    column->setSpacing(4);
    auto* head = new QLabel(tr("Largest difference so far"));
    head->setWordWrap(true);
    m_maximum = new QLabel;
    m_maximum->setObjectName(QStringLiteral("maximum"));
    m_maximum->setAccessibleName(tr("Largest difference so far"));
    m_details = new QLabel;
    m_reason = new QLabel;
    m_reason->setWordWrap(true);
    m_reason->setTextFormat(Qt::RichText);
    m_reason->setAlignment(Qt::AlignTop | Qt::AlignLeft);
    column->addWidget(head);
    column->addWidget(m_maximum);
    column->addWidget(m_details);
    column->addSpacing(8);
    column->addWidget(m_reason, 1);
    row->addWidget(verdict, 1);
    const auto paint = [this, top] {
        const Theme& look = currentTheme();
        QFont large = look.titleFont();
        large.setBold(true);
        m_maximum->setFont(large);
        top->setMaximumHeight(static_cast<int>(248 * (1 + look.basePoints / 10.0) / 2));
    };
    paint();
    connect(&themeNotifier(), &ThemeNotifier::themeChanged, this, paint);
    return top;
}

const Cell* EquivalenceExact::cellOf(const NeuronModel& model) const
{
    const auto& cells = experiment().neuron.cells;
    const auto found = std::ranges::find_if(cells, [&](const Cell& cell) { return *cell.model == model; });
    return found == cells.end() ? nullptr : &*found;
}

void EquivalenceExact::setExperiment(const Experiment& experiment)
{
    const bool otherSpan = experiment.neuron.duration_ms() != this->experiment().neuron.duration_ms()
        || experiment.neuron.endless() != this->experiment().neuron.endless();
    EquivalenceView::setExperiment(experiment);
    m_plots->setPlan(experiment.neuron);
    if (otherSpan)
        m_plots->setTimeSpan(
            experiment.neuron.endless() ? endlessSpan_ms : std::min(experiment.neuron.duration_ms(), longestSpan_ms));
    m_numbers->setValues(experiment.neuron.simulation);
    const Cell* unit = cellOf(tvLifHhModel());
    if (unit) {
        m_plots->setSelectedCell(unit->id);
        for (ParameterForm* form : m_cellForms)
            form->setValues(unit->parameters);
        const ParameterValues& p = unit->parameters;
        m_picture->setChannels({p[hh::gNa], p[hh::gK], p[hh::gL]}, {p[hh::eNa], p[hh::eK], p[hh::eL]});
        m_order->setRowEnabled(tv_lif_hh::updateOrder, experiment.neuron.integrator() != Integrator::rungeKutta4,
            tr("Runge-Kutta 4 has no order of update."));
    }
    std::vector<TraceCurve> curves;
    if (experiment.neuron.comparison) {
        const char* const names[] = {QT_TR_NOOP("now"), QT_TR_NOOP("running maximum"), QT_TR_NOOP("RMS")};
        const QColor colors[] = {QColor(), QColor(QLatin1String("#B02A1A")), QColor(QLatin1String("#0072B2"))};
        for (int i = 0; i < 3; ++i)
            curves.push_back({experiment.neuron.comparison->secondId, std::string(comparisonChannels[i].key),
                tr(names[i]), colors[i], 0, 2, {}});
    }
    m_difference->setCurves(std::move(curves));
    setUnitCurves();
    updateVerdict();
}

void EquivalenceExact::setUnitCurves()
{
    std::vector<TraceCurve> curves;
    QString title = tr("Units");
    const auto isShown = [this](const UnitCurve& curve) { return m_part == curve.part; };
    const bool filtered = std::ranges::any_of(unitCurves, isShown);
    if (filtered)
        title = m_picture->partButton(*m_part)->accessibleName();
    if (const Cell* unit = cellOf(tvLifHhModel()))
        for (const UnitCurve& curve : unitCurves) {
            if (filtered && !isShown(curve))
                continue;
            const Channel& channel = *std::ranges::find(unit->model->channels, curve.channel, &Channel::key);
            curves.push_back(
                {unit->id, std::string(channel.key), qstring(channel.symbol), hueColor(channel.hue), 0, 1, {}});
        }
    m_units->setTitle(title, QStringLiteral("mV"));
    m_units->setCurves(std::move(curves));
}

void EquivalenceExact::showPart(Part part)
{
    if (m_part == part)
        m_part.reset(); // a second click shows all of them again
    else
        m_part = part;
    m_picture->setActivePart(m_part);
    setUnitCurves();
    if (!m_part)
        return;
    const char* const panel = part == Part::input ? "stimulus" : part == Part::output ? "voltage" : "units";
    m_plots->setPanelVisible(QLatin1String(panel), true);
    if (part == Part::na || part == Part::k || part == Part::leak || part == Part::drive)
        m_plots->setPanelVisible(QStringLiteral("conductances"), true);
}

void EquivalenceExact::run()
{
    m_rows = std::make_shared<std::vector<BreakRow>>();
    begin([rows = m_rows, experiment = experiment()](
              const JobContext& context) { *rows = runBreaks(experiment, context); });
}

void EquivalenceExact::finished()
{
    // Runge-Kutta 4 has no order: one row for it.
    std::erase_if(*m_rows, [](const BreakRow& row) {
        return row.integrator == Integrator::rungeKutta4 && row.order == tv_lif_hh::published;
    });
    m_breaks->setRowCount(static_cast<int>(m_rows->size()));
    for (int i = 0; i < m_breaks->rowCount(); ++i) {
        const BreakRow& row = (*m_rows)[static_cast<std::size_t>(i)];
        QString name = tr(integratorNames[static_cast<int>(row.integrator)]);
        if (row.precision == Precision::float32)
            name += tr(", float32");
        if (row.order == tv_lif_hh::published)
            name += tr(", published");
        const QString value = row.difference.finite ? differenceText(row.difference.maximum_mv) : tr("diverges");
        auto* what = new QTableWidgetItem(name);
        what->setToolTip(name);
        auto* number = new QTableWidgetItem(value);
        number->setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
        number->setToolTip(tr("largest at %1 ms; RMS %2")
                               .arg(row.difference.atMaximum_ms, 0, 'f', 3)
                               .arg(differenceText(row.difference.rms_mv)));
        m_breaks->setItem(i, 0, what);
        m_breaks->setItem(i, 1, number);
    }
    fitRows(*m_breaks, 1);
    m_breaks->show();
}

void EquivalenceExact::applyBreak(int index)
{
    if (!m_rows || index < 0 || index >= static_cast<int>(m_rows->size()))
        return;
    const BreakRow row = (*m_rows)[static_cast<std::size_t>(index)];
    emit changeWanted(tr("Way to compute"), {}, false, [row](Experiment& experiment) {
        experiment.neuron.simulation.set(simulation::integrator, static_cast<double>(row.integrator));
        experiment.neuron.simulation.set(simulation::precision, static_cast<double>(row.precision));
        for (Cell& cell : experiment.neuron.cells)
            if (*cell.model == tvLifHhModel())
                cell.parameters.set(tv_lif_hh::updateOrder, row.order);
    });
}

double EquivalenceExact::latest(int cellId, const char* channel) const
{
    const TraceHistory& history = m_session.history();
    return history.empty() ? nan : history.valueAt(cellId, channel, history.last_ms());
}

void EquivalenceExact::tick()
{
    m_session.drain();
    m_plots->refresh();
    if (m_session.history().generation() != m_generation) {
        m_generation = m_session.history().generation();
        m_picture->clear();
    }
    if (++m_ticks % 2 == 0)
        updatePicture();
    if (m_ticks % ticksPerReading == 0)
        updateVerdict();
}

void EquivalenceExact::updatePicture()
{
    const Cell* unit = cellOf(tvLifHhModel());
    if (!unit || m_session.history().empty())
        return;
    MicrostructureReading reading;
    reading.input_ua_per_cm2 = latest(unit->id, "i_input_ua_per_cm2");
    reading.unit_mv = {latest(unit->id, "u1_mv"), latest(unit->id, "u2_mv"), latest(unit->id, "u3_mv")};
    reading.conductance_ms_per_cm2 = {
        latest(unit->id, "g_na_ms_per_cm2"), latest(unit->id, "g_k_ms_per_cm2"), latest(unit->id, "g_l_ms_per_cm2")};
    reading.synapse_mv = latest(unit->id, "f_mv");
    reading.soma_mv = latest(unit->id, "u4_mv");
    reading.output_mv = latest(unit->id, "v_mv");
    m_picture->setReading(reading);
}

void EquivalenceExact::updateVerdict()
{
    const int id = experiment().neuron.comparison ? experiment().neuron.comparison->secondId : -1;
    m_maximum->setText(differenceText(latest(id, "difference_maximum_mv")));
    m_details->setText(
        tr("RMS %1\nnow %2")
            .arg(differenceText(latest(id, "difference_rms_mv")), differenceText(latest(id, "difference_mv"))));
    m_reason->setText(reason());
}

QString EquivalenceExact::reason() const
{
    const Cell* unit = cellOf(tvLifHhModel());
    const Cell* neuron = cellOf(hodgkinHuxleyModel());
    if (!unit || !neuron || !experiment().neuron.comparison)
        return tr("This document has no pair of an HH and a tv-LIF2HH cell to compare. File, New gives one.");
    for (std::size_t row = 0; row < hh::spikeThreshold; ++row)
        if (unit->parameters[row] != neuron->parameters[row])
            return tr("The two cells have different parameters, so they are different neurons.");
    const bool published = static_cast<int>(unit->parameters[tv_lif_hh::updateOrder]) == tv_lif_hh::published
        && experiment().neuron.integrator() != Integrator::rungeKutta4;
    if (published)
        return tr(
            "<b>Published order.</b> The soma unit is given the new F while all else is old: it answers half a step "
            "too early. That error is of first order in Δt and largest where F moves fastest, at the upstroke.");
    if (experiment().neuron.integrator() == Integrator::exponentialEuler)
        return tr("<b>Exponential Euler</b> lets each unit relax on its own while the others stand still. That is "
                  "another rule than relaxing V itself: the difference is of first order in Δt.");
    if (experiment().neuron.precision() == Precision::float32)
        return tr("<b>float32</b> keeps seven digits. F and u<sub>4</sub> drift apart to hundreds of mV and cancel in "
                  "V: their last digit is worth some 10<sup>−5</sup> mV, lost at every step.");
    return tr("<b>Only rounding is left.</b> Both sum the same right-hand sides from the same old values; float64 "
              "keeps sixteen digits of F and u<sub>4</sub>, which drift apart and cancel in V.");
}

FigureRequest EquivalenceExact::figure(const QString& caption) const
{
    FigureRequest request = m_plots->figure(caption);
    request.pictures.emplace_back(m_picture);
    return request;
}

} // namespace endospike
