#include "app/results/control_curves_view.h"

#include "sim/base/errors.h"
#include "widgets/form/quiet_combo.h"
#include "widgets/look/numbers.h"
#include "widgets/look/plot_parts.h"
#include "widgets/look/reading_table.h"
#include "widgets/look/text.h"
#include "widgets/look/theme.h"

#include <QFile>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QScrollBar>
#include <QTableWidget>
#include <QWheelEvent>

#include <algorithm>
#include <cmath>

namespace endospike {

namespace {

QString noiseText(const ControlPlan& plan)
{
    const auto value = [&](control::Row row) { return QString::number(plan.settings[row]); };
    switch (noiseOf(plan)) {
    case ControlNoise::state:
        return ControlCurvesView::tr("noise on the state (SD %1)").arg(value(control::state_noise));
    case ControlNoise::reward:
        return ControlCurvesView::tr("noise on the reward (SD %1)").arg(value(control::reward_noise));
    case ControlNoise::both:
        return ControlCurvesView::tr("noise on the state (SD %1) and on the reward (SD %2)")
            .arg(value(control::state_noise), value(control::reward_noise));
    case ControlNoise::none:
        break;
    }
    return ControlCurvesView::tr("no noise");
}

QString settingText(const ControlPlan& plan)
{
    return QStringLiteral("%1, %2").arg(qstring(plan.environment->name), noiseText(plan));
}

/// "21 444, –, 19 020": a place for each seed.
QString heldText(const std::vector<TrainedSeed>& runs)
{
    QStringList texts;
    for (const TrainedSeed& run : runs)
        texts << (run.heldStep < 0 ? QStringLiteral("–") : groupedCount(run.heldStep));
    return texts.join(QStringLiteral(", "));
}

template <class Value>
QString spreadText(const std::vector<TrainedSeed>& runs, const Value& valueOf)
{
    double mean = 0, squares = 0;
    const auto count = static_cast<double>(runs.size());
    for (const TrainedSeed& run : runs)
        mean += valueOf(run) / count;
    for (const TrainedSeed& run : runs)
        squares += std::pow(valueOf(run) - mean, 2);
    const QString text = fixedNumber(mean, 0);
    return runs.size() < 2 ? text
                           : QStringLiteral("%1 ± %2").arg(text).arg(std::sqrt(squares / (count - 1)), 0, 'f', 0);
}

QVector<double> vectorOf(const std::vector<double>& values) { return {values.begin(), values.end()}; }

} // namespace

ControlCurvesView::ControlCurvesView(const QString& file, QWidget* parent)
    : QWidget(parent)
    , m_intro(new QLabel)
    , m_body(new QWidget)
    , m_noise(new QuietCombo)
    , m_reward(new CurvePlot)
    , m_length(new CurvePlot)
    , m_table(new QTableWidget(0, 5))
    , m_open(new QPushButton(tr("Open this experiment")))
    , m_figure(new QPushButton(tr("Export the figure…")))
    , m_csv(new QPushButton(tr("Export the curves (CSV)…")))
{
    build();
    read(file);
    connect(m_noise, &QComboBox::activated, this, &ControlCurvesView::showSetting);
    connect(m_open, &QPushButton::clicked, this, [this] {
        if (const ControlSetting* setting = shown())
            emit experimentWanted(setting->document);
    });
    connect(m_figure, &QPushButton::clicked, this, [this] { emit figureWanted(figure(), name()); });
    connect(m_csv, &QPushButton::clicked, this, [this] {
        if (const ControlSetting* setting = shown())
            emit tableWanted(QString::fromStdString(curvesAsCsv(*setting)), name());
    });
    connect(&themeNotifier(), &ThemeNotifier::themeChanged, this, &ControlCurvesView::fillTable);
}

void ControlCurvesView::build()
{
    m_intro->setWordWrap(true);
    m_intro->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_noise->setAccessibleName(tr("Setting of the trainings"));
    m_noise->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    m_reward->setTitle(tr("Reward, mean over 1000 steps"), tr("per step"));
    m_length->setTitle(tr("Length of an episode, mean over 1000 steps"), tr("steps"));
    m_length->setLeastY(0, 1000);
    m_length->setPossibleY(0, 1000);
    for (CurvePlot* plot : {m_reward, m_length}) {
        plot->setXAxis(tr("Environment steps"), {});
        plot->xAxis->setTicker(QSharedPointer<QCPAxisTicker>(new CountTicker));
        plot->setMinimumHeight(240);
        plot->installEventFilter(this);
        plot->setAttribute(Qt::WA_NoMousePropagation, false); // what the filter lets through is for the page
    }
    buildTable();
    auto* body = new QVBoxLayout(m_body);
    body->setContentsMargins(0, 0, 0, 0);
    body->setSpacing(16);
    body->addWidget(m_noise, 0, Qt::AlignLeft);
    body->addWidget(m_reward);
    body->addWidget(m_length);
    body->addWidget(m_table);
    body->addWidget(buildButtons());
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(8);
    column->addWidget(m_intro);
    column->addWidget(m_body);
}

void ControlCurvesView::buildTable()
{
    m_table->setHorizontalHeaderLabels(
        {tr("Policy"), tr("First held after (steps)"), tr("All tests held"), tr("Test (steps)"), tr("Test return")});
    const QString meanings[] = {{},
        tr("Environment steps of training when an episode was first held to its end, for each seed; a dash: never"),
        tr("Seeds whose policy held every test episode after the last step"),
        tr("Mean over the test episodes after the last step, by the mean action; ± one standard deviation over seeds"),
        tr("Shaped reward, summed over a test episode; ± one standard deviation over seeds")};
    for (int column = 0; column < m_table->columnCount(); ++column) {
        m_table->horizontalHeaderItem(column)->setToolTip(meanings[column]);
        m_table->horizontalHeaderItem(column)->setTextAlignment(
            (column == 0 ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter);
    }
    m_table->setAccessibleName(tr("Trained policies"));
    makeReadingTable(*m_table);
    m_table->setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_table->horizontalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
    m_table->horizontalHeader()->setStretchLastSection(true);
}

QWidget* ControlCurvesView::buildButtons()
{
    m_open->setToolTip(tr("The document that trained these policies, in the control laboratory"));
    m_figure->setToolTip(tr("Both plots, as PNG, SVG or PDF"));
    m_csv->setToolTip(tr("Every curve that is shown, with its standard deviation"));
    auto* box = new QWidget;
    auto* row = new QHBoxLayout(box);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(8);
    for (QPushButton* button : {m_open, m_figure, m_csv})
        row->addWidget(button);
    row->addStretch(1);
    return box;
}

void ControlCurvesView::read(const QString& file)
{
    QFile source(file);
    if (!source.exists())
        return;
    try {
        if (!source.open(QIODevice::ReadOnly))
            throw FileError(file.toStdString(), source.errorString().toStdString());
        m_curves = controlCurvesFromJson(source.read(static_cast<qint64>(maximumCurveBytes) + 1).toStdString());
    } catch (const std::exception& error) {
        m_problem = QString::fromUtf8(error.what());
    }
}

void ControlCurvesView::setEnvironment(std::string_view environment)
{
    if (m_environment == qstring(environment))
        return;
    m_environment = qstring(environment);
    m_noise->clear();
    for (const ControlNoise noise : {ControlNoise::none, ControlNoise::state, ControlNoise::reward, ControlNoise::both})
        if (const ControlSetting* setting = m_curves.find(environment, noise))
            m_noise->addItem(settingText(setting->document.control), static_cast<int>(noise));
    showSetting();
}

const ControlSetting* ControlCurvesView::shown() const
{
    return m_noise->count() == 0
        ? nullptr
        : m_curves.find(m_environment.toStdString(), static_cast<ControlNoise>(m_noise->currentData().toInt()));
}

void ControlCurvesView::showSetting()
{
    const ControlSetting* setting = shown();
    m_body->setVisible(setting != nullptr);
    if (!setting)
        return m_intro->setText(m_problem.isEmpty()
                ? tr("<b>No learning curves of this environment are included in this program.</b>")
                : tr("The learning curves cannot be read: %1").arg(m_problem.toHtmlEscaped()));
    m_intro->setText(tr(
        "<b>How the policies learned</b><br>Mean over the seeds; the band is one standard deviation. The reward is "
        "that of the exact state. The tests play the policy as it stands after the last step; while it learns it still "
        "changes within an episode, and one that held every late episode of its training can fall in the "
        "tests. Trained with %1 until %2 on %3.<br>To repeat it: <code>%4</code>")
                         .arg(qstring(m_curves.program).toHtmlEscaped(), qstring(m_curves.date).toHtmlEscaped(),
                             qstring(m_curves.machine).toHtmlEscaped(), qstring(m_curves.command).toHtmlEscaped()));
    m_reward->setCurves(curvesOf(*setting, &PolicyCurves::reward));
    m_length->setCurves(curvesOf(*setting, &PolicyCurves::length));
    for (CurvePlot* plot : {m_reward, m_length})
        plot->fit();
    fillTable();
}

std::vector<Curve> ControlCurvesView::curvesOf(const ControlSetting& setting, CurveBand PolicyCurves::*band) const
{
    std::vector<Curve> curves;
    for (const PolicyCurves& policy : setting.policies) {
        Curve curve;
        curve.name = qstring(policy.policy).toHtmlEscaped();
        curve.color = hueColor(setting.planOf(policy).kind->hue);
        curve.variant = static_cast<int>(
            std::ranges::count_if(curves, [&](const Curve& other) { return other.color == curve.color; }));
        curve.x = vectorOf(setting.steps);
        curve.y = vectorOf((policy.*band).mean);
        curve.spread = vectorOf((policy.*band).spread);
        curves.push_back(std::move(curve));
    }
    return curves;
}

void ControlCurvesView::fillTable()
{
    const ControlSetting* setting = shown();
    if (!setting)
        return;
    const int most = setting->document.control.environment->maximumSteps;
    m_table->setRowCount(static_cast<int>(setting->policies.size()));
    for (int row = 0; row < m_table->rowCount(); ++row) {
        const PolicyCurves& policy = setting->policies[static_cast<std::size_t>(row)];
        const auto held = std::ranges::count_if(policy.runs, [&](const auto& run) { return run.heldEvery(most); });
        const QStringList texts{qstring(policy.policy), heldText(policy.runs),
            tr("%1 of %2").arg(held).arg(policy.runs.size()),
            spreadText(policy.runs, [](const TrainedSeed& run) { return run.meanLength(); }),
            spreadText(policy.runs, [](const TrainedSeed& run) { return run.meanReward(); })};
        setRow(*m_table, row, texts, hueColor(setting->planOf(policy).kind->hue));
    }
    fitRows(*m_table, 1);
}

/// The wheel scrolls the page that the plots stand in; with Ctrl it zooms.
bool ControlCurvesView::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() != QEvent::Wheel || (static_cast<QWheelEvent*>(event)->modifiers() & Qt::ControlModifier))
        return QWidget::eventFilter(watched, event);
    event->ignore();
    return true;
}

QString ControlCurvesView::name() const { return shown() ? settingText(shown()->document.control) : QString(); }

FigureRequest ControlCurvesView::figure() const
{
    const ControlSetting* setting = shown();
    if (!setting)
        return {};
    QStringList policies;
    for (const PolicyCurves& policy : setting->policies)
        policies << tr("%1 (seeds: %2)").arg(qstring(policy.policy)).arg(policy.runs.size());
    return {{m_reward, m_length},
        tr("%1: mean and one standard deviation over seeds. %2. %3, %4.")
            .arg(name(), policies.join(QStringLiteral(", ")), qstring(m_curves.program), qstring(m_curves.date))};
}

} // namespace endospike
