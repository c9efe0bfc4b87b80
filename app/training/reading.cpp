#include "app/training/reading.h"

#include "app/training/run_model.h"
#include "sim/base/not_a_number.h"
#include "widgets/look/numbers.h"
#include "widgets/look/text.h"
#include "widgets/look/theme.h"

#include <QGridLayout>
#include <QLabel>

#include <cmath>

namespace endospike {

namespace {

QString memoryText(std::size_t bytes)
{
    return bytes == 0 ? QStringLiteral("–")
                      : TrainingReading::tr("%1 MiB").arg(groupedNumber(static_cast<double>(bytes) / 1048576));
}

} // namespace

QString activityText(const LayerActivity& layer, const NetworkPlan& plan)
{
    const QString name = qstring(layer.name);
    const QString rate = QString::number(layer.meanRate, 'f', 3);
    const QString counted =
        TrainingReading::tr("%1 dead, %2 saturated of %3")
            .arg(groupedNumber(layer.dead), groupedNumber(layer.saturated), groupedNumber(layer.neurons));
    switch (plan.kind->unit) {
    case HiddenUnit::hhVoltageDependent:
        return TrainingReading::tr("%1: %2 spikes per ms, %3").arg(name, rate, counted);
    case HiddenUnit::binary:
        return TrainingReading::tr("%1: a share of %2 is on, %3").arg(name, rate, counted);
    default:
        return TrainingReading::tr("%1: %2 spikes per step, %3").arg(name, rate, counted);
    }
}

double secondsLeft(const RunRecord& record)
{
    const double done = shareDone(record);
    double elapsed = record.epochs.empty() ? 0 : record.epochs.back().elapsed_s;
    if (!record.batches.empty())
        elapsed = std::max(elapsed, record.batches.back().elapsed_s);
    return done > 0 && elapsed > 0 ? elapsed * (1 - done) / done : notANumber;
}

TrainingReading::TrainingReading(QWidget* parent)
    : QWidget(parent)
    , m_layers(new QLabel)
{
    const QString captions[] = {
        tr("Run"), tr("Epoch"), tr("Speed"), tr("Time left"), tr("Peak memory"), tr("Learning rate")};
    const QString meanings[] = {{}, {},
        tr("Trained samples each second: over the last second, or in the last epoch of a run that ended"),
        tr("Of training alone, at the speed so far; tests between epochs come on top"),
        tr("Of the whole program, at its most"), tr("In the last epoch")};
    auto* grid = new QGridLayout(this);
    grid->setContentsMargins(8, 4, 8, 4);
    grid->setHorizontalSpacing(24);
    grid->setVerticalSpacing(0);
    for (int i = 0; i < figureCount; ++i) {
        const auto at = static_cast<std::size_t>(i);
        m_captions[at] = new QLabel(captions[i]);
        m_values[at] = new QLabel;
        m_values[at]->setAccessibleName(captions[i]);
        for (QLabel* label : {m_captions[at], m_values[at]})
            label->setToolTip(meanings[i]);
        grid->addWidget(m_captions[at], 0, i);
        grid->addWidget(m_values[at], 1, i);
        grid->setColumnStretch(i, 1);
    }
    m_layers->setAccessibleName(tr("Activity of the layers on the test set"));
    m_layers->setToolTip(tr("On the test set, after the last epoch. A dead neuron fires for no canvas, a saturated one "
                            "as often as it can for every canvas."));
    m_layers->setWordWrap(true);
    grid->addWidget(m_layers, 2, 0, 1, figureCount);
    connect(&themeNotifier(), &ThemeNotifier::themeChanged, this, &TrainingReading::paint);
    paint();
    clear();
}

void TrainingReading::paint()
{
    const Theme& theme = currentTheme();
    for (QLabel* label : m_captions) {
        label->setFont(theme.axisFont());
        label->setStyleSheet(QStringLiteral("color: %1").arg(theme.mutedText.name()));
    }
    m_layers->setFont(theme.axisFont());
    m_layers->setStyleSheet(QStringLiteral("color: %1").arg(theme.mutedText.name()));
}

void TrainingReading::clear()
{
    for (QLabel* label : m_values)
        label->setText(QStringLiteral("–"));
    m_layers->setText(QStringLiteral(" "));
}

void TrainingReading::show(const ListedRun& shown)
{
    const RunRecord& record = shown.record;
    const EpochMetrics* last = record.epochs.empty() ? nullptr : &record.epochs.back();
    const auto set = [this](Figure figure, const QString& text) {
        m_values[static_cast<std::size_t>(figure)]->setText(text);
    };
    const bool going = shown.state == RunState::running || shown.state == RunState::paused;
    set(run, qstring(record.id.label()));
    const int epochs = record.plan.epochs();
    set(progress, tr("%1 of %2").arg(shareDone(record) * epochs, 0, 'f', 2).arg(epochs));
    double samples = recentSamplesPerSecond(record);
    if (!going && epochsDone(record) > 0)
        samples = last->samples_per_s;
    set(speed, std::isnan(samples) ? QStringLiteral("–") : tr("%1 samples/s").arg(groupedNumber(samples)));
    set(timeLeft, going ? durationText(secondsLeft(record)) : stateText(shown));
    set(memory, memoryText(last ? last->peakMemory_bytes : 0));
    const NetworkPlan* plan = record.plan.networks.empty() ? nullptr : &record.plan.networks.front();
    set(learningRate,
        plan ? QString::number(networkSettings(*plan).learningRateIn(
                                   std::min(static_cast<int>(shareDone(record) * epochs), std::max(0, epochs - 1))),
            'g', 3)
             : QStringLiteral("–"));
    QStringList lines;
    if (shown.state == RunState::failed && !shown.failure.isEmpty())
        lines << shown.failure;
    else if (last && plan)
        for (const LayerActivity& layer : last->layers)
            lines << activityText(layer, *plan);
    m_layers->setText(lines.isEmpty() ? QStringLiteral(" ") : lines.join(QStringLiteral("      ")));
}

QString TrainingReading::text(Figure figure) const { return m_values[static_cast<std::size_t>(figure)]->text(); }

QString TrainingReading::layersText() const { return m_layers->text(); }

} // namespace endospike
