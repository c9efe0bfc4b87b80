#include "widgets/experiment/transport_bar.h"

#include "widgets/form/number_spin.h"
#include "widgets/form/parameter_form.h"
#include "widgets/form/value_slider.h"
#include "widgets/look/text.h"
#include "widgets/look/theme.h"

#include <QCheckBox>
#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QProgressBar>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>
#include <cmath>

namespace endospike {

namespace {

constexpr double slowest_ms_per_s = 1;
constexpr double fastest_ms_per_s = 10000;
// The slider goes past the fastest speed; its last tenth of a decade means "as fast as possible".
constexpr double beyond_ms_per_s = 12600;
const QString missing = QStringLiteral("–");

// Three digits, the same number of them whatever the size, so that a changing value does not jump about.
QString threeDigits(double value)
{
    const double size = std::abs(value);
    const int decimals = size < 9.995 ? 2 : size < 99.95 ? 1 : 0;
    return QString::number(value, 'f', decimals);
}

QString countText(double value)
{
    if (value < 1e4)
        return QString::number(value, 'f', 0);
    if (value < 999.5e3)
        return threeDigits(value / 1e3) + QStringLiteral(" k");
    if (value < 999.5e6)
        return threeDigits(value / 1e6) + QStringLiteral(" M");
    return threeDigits(value / 1e9) + QStringLiteral(" G");
}

QString timeText(double time_ms)
{
    if (time_ms < 1e5)
        return QString::number(time_ms, 'f', 1) + QStringLiteral(" ms");
    return QString::number(time_ms / 1e3, 'f', time_ms < 1e7 ? 2 : 0) + QStringLiteral(" s");
}

// A caption above a value; the look of every block of the bar.
QLabel* caption(const QString& text, QWidget* parent)
{
    auto* label = new QLabel(text, parent);
    label->setObjectName(QStringLiteral("caption"));
    return label;
}

} // namespace

TransportBar::TransportBar(const Parameter& durationRow, QWidget* parent)
    : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    buildButtons();
    buildSpeed();
    buildDuration(durationRow);
    buildProgress();
    buildReadings();
    assemble();
    updateWidths();
    setMode(Mode::live);
    setSpeed(m_speed);
    setDuration(durationRow.initial, true);
    setState(TransportState::paused);
    setReading({});
    connect(&themeNotifier(), &ThemeNotifier::themeChanged, this, [this] {
        updateWidths();
        showState();
        showLost();
    });
}

void TransportBar::buildButtons()
{
    const auto button = [this](std::string_view icon, const QString& name, const QString& tip) {
        auto* made = new QToolButton(this);
        made->setIcon(themedIcon(icon));
        made->setAutoRaise(true);
        made->setAccessibleName(name);
        made->setToolTip(tip);
        made->setFocusPolicy(Qt::StrongFocus);
        return made;
    };
    m_run = button("run", tr("Run"), {});
    m_step = button("step", tr("Step"), tr("Advance to the next recorded sample"));
    m_reset = button("reset", tr("Reset"), tr("Back to the start (R)"));
    connect(m_run, &QToolButton::clicked, this, [this] { emit runRequested(m_state != TransportState::running); });
    connect(m_step, &QToolButton::clicked, this, &TransportBar::stepRequested);
    connect(m_reset, &QToolButton::clicked, this, &TransportBar::resetRequested);
}

void TransportBar::buildSpeed()
{
    m_speedBlock = new QWidget(this);
    m_speedLabel = caption({}, m_speedBlock);
    m_speedSlider = new ValueSlider(m_speedBlock);
    m_speedSlider->setScale(slowest_ms_per_s, beyond_ms_per_s, true);
    m_speedSlider->setMark(1000);
    m_speedSlider->setAccessibleName(tr("Speed, simulated milliseconds per second"));
    m_speedSlider->setToolTip(
        tr("Simulated time per second of real time. The tick is real time; the right end is as fast as possible."));
    auto* column = new QVBoxLayout(m_speedBlock);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_speedLabel);
    column->addWidget(m_speedSlider);
    connect(m_speedSlider, &ValueSlider::edited, this, [this](double value, bool continuing) {
        m_speed = value > fastest_ms_per_s ? 0 : value;
        showSpeed();
        emit speedEdited(m_speed, continuing);
    });
}

void TransportBar::buildDuration(const Parameter& durationRow)
{
    m_durationBlock = new QWidget(this);
    m_endless = new QCheckBox(tr("Endless"), m_durationBlock);
    m_endless->setToolTip(
        tr("A live run goes on until it is paused. Exports and runs to an end still take the duration."));
    m_duration = new NumberSpin(durationRow, m_durationBlock);
    m_duration->setAccessibleName(qstring(durationRow.label) + QStringLiteral(", ") + qstring(durationRow.unit));
    m_duration->setToolTip(ParameterForm::toolTip(durationRow));
    auto* line = new QHBoxLayout(m_durationBlock);
    line->setContentsMargins(0, 0, 0, 0);
    line->setSpacing(8);
    auto* column = new QVBoxLayout;
    column->setSpacing(0);
    auto* label = caption(qstring(durationRow.label), m_durationBlock);
    label->setBuddy(m_duration);
    column->addWidget(label);
    column->addWidget(m_duration);
    line->addLayout(column);
    line->addWidget(m_endless, 0, Qt::AlignBottom);
    connect(m_duration, &NumberSpin::edited, this, &TransportBar::durationEdited);
    connect(m_endless, &QCheckBox::clicked, this, &TransportBar::endlessEdited);
}

void TransportBar::buildProgress()
{
    m_progressBlock = new QWidget(this);
    m_sentence = caption({}, m_progressBlock);
    m_sentence->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
    m_progress = new QProgressBar(m_progressBlock);
    m_progress->setAccessibleName(tr("Progress"));
    auto* column = new QVBoxLayout(m_progressBlock);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(4);
    column->addWidget(m_sentence);
    column->addWidget(m_progress);
}

void TransportBar::buildReadings()
{
    const auto reading = [this](const QString& title, const QString& meaning) {
        auto* box = new QWidget(this);
        box->setToolTip(meaning);
        auto* column = new QVBoxLayout(box);
        column->setContentsMargins(0, 0, 0, 0);
        column->setSpacing(2);
        auto* head = caption(title, box);
        head->setAlignment(Qt::AlignRight);
        auto* value = new QLabel(missing, box);
        value->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
        value->setAccessibleName(title);
        value->setAccessibleDescription(meaning);
        column->addWidget(head);
        column->addWidget(value);
        return value;
    };
    m_stateLabel = new QLabel(this);
    m_stateLabel->setObjectName(QStringLiteral("state"));
    m_stateLabel->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    m_stateLabel->setWordWrap(true);
    m_time = reading(tr("Time"), tr("Simulated time"));
    m_factor = reading(tr("Reached"), tr("Speed that is reached: simulated time over real time"));
    m_steps = reading(tr("Steps/s"), tr("Steps of the integrator per second, all cells together"));
    m_frames = reading(tr("Frames/s"), tr("Pictures drawn per second"));
    m_lost = reading(tr("Lost"), tr("Recorded samples that the window could not take in time"));
}

void TransportBar::assemble()
{
    auto* line = new QHBoxLayout(this);
    line->setContentsMargins(16, 6, 16, 6);
    // Readings that have no room are hidden, so they must not keep the bar from getting narrow.
    line->setSizeConstraint(QLayout::SetNoConstraint);
    line->setSpacing(16);
    auto* buttons = new QHBoxLayout;
    buttons->setSpacing(4);
    for (QToolButton* button : {m_run, m_step, m_reset})
        buttons->addWidget(button);
    line->addLayout(buttons);
    line->addWidget(m_speedBlock, 0, Qt::AlignVCenter);
    line->addWidget(m_durationBlock, 0, Qt::AlignVCenter);
    line->addWidget(m_progressBlock, 4, Qt::AlignVCenter);
    line->addWidget(m_stateLabel, 1);
    for (QLabel* value : {m_time, m_factor, m_steps, m_frames, m_lost})
        line->addWidget(value->parentWidget(), 0, Qt::AlignVCenter);
}

// Widths come from the widest text that each reading can show.
void TransportBar::updateWidths()
{
    const Theme& look = currentTheme();
    for (QLabel* label : findChildren<QLabel*>(QStringLiteral("caption"))) {
        label->setFont(look.axisFont());
        label->setStyleSheet(QStringLiteral("color: %1").arg(look.mutedText.name()));
    }
    const QFontMetrics text(font());
    const QFontMetrics small(look.axisFont());
    QFont bold = font();
    bold.setWeight(QFont::DemiBold);
    const auto fix = [&](QLabel* label, const QString& widest) {
        const auto* head = label->parentWidget()->findChild<QLabel*>(QStringLiteral("caption"));
        const int value = QFontMetrics(bold).horizontalAdvance(widest);
        label->parentWidget()->setFixedWidth(std::max(value, small.horizontalAdvance(head->text())) + 4);
    };
    fix(m_time, QStringLiteral("00000.0 ms"));
    fix(m_factor, factorText(88880));
    fix(m_steps, QStringLiteral("0.00 M"));
    fix(m_frames, QStringLiteral("000"));
    fix(m_lost, QStringLiteral("0.00 M"));
    m_speedBlock->setFixedWidth(small.horizontalAdvance(speedText(123)) + 8);
    const int side = text.height() + 16;
    for (QToolButton* button : {m_run, m_step, m_reset}) {
        button->setFixedSize(side, side);
        button->setIconSize({side - 14, side - 14});
    }
    fitReadings();
}

void TransportBar::setMode(Mode mode)
{
    m_mode = mode;
    const bool live = mode == Mode::live;
    m_reset->setIcon(themedIcon(mode == Mode::pausableJob ? "stop" : "reset"));
    m_reset->setAccessibleName(mode == Mode::pausableJob ? tr("Stop") : tr("Reset"));
    m_step->setVisible(live);
    m_speedBlock->setVisible(live);
    m_durationBlock->setVisible(live);
    m_progressBlock->setVisible(!live);
    for (QLabel* value : {m_time, m_factor, m_steps, m_frames, m_lost})
        value->parentWidget()->setVisible(live);
    fitReadings();
    showState();
}

void TransportBar::setState(TransportState state, const QString& reason)
{
    if (state == m_state && reason == m_reason && !m_stateText.isEmpty())
        return;
    m_state = state;
    m_reason = reason;
    showState();
}

void TransportBar::showState()
{
    const bool running = m_state == TransportState::running;
    const bool live = m_mode == Mode::live;
    const bool pauses = m_mode != Mode::job;
    m_run->setIcon(themedIcon(!running ? "run" : pauses ? "pause" : "close"));
    m_run->setAccessibleName(!running ? tr("Run") : pauses ? tr("Pause") : tr("Cancel"));
    m_run->setToolTip(!running ? tr("Run (Space)") : pauses ? tr("Pause (Space)") : tr("Cancel (Space)"));
    m_reset->setToolTip(
        m_mode == Mode::pausableJob ? tr("Stop: the next Run begins anew (R)") : tr("Back to the start (R)"));
    m_step->setEnabled(!running);
    QString text;
    switch (m_state) {
    case TransportState::paused:
        text = !live && m_progress->value() <= 0 ? tr("Ready") : tr("Paused"); // nothing to go on with
        break;
    case TransportState::running:
        text = tr("Running");
        break;
    case TransportState::finished:
        text = live ? tr("Finished: the duration is reached") : tr("Finished");
        break;
    case TransportState::stopped:
        text = m_reason.isEmpty() ? tr("Stopped") : tr("Stopped: %1").arg(m_reason);
        break;
    }
    m_stateText = text;
    m_stateLabel->setToolTip(text);
    m_stateLabel->setAccessibleName(text);
    const bool alarm = m_state == TransportState::stopped && !m_reason.isEmpty();
    m_stateLabel->setStyleSheet(
        alarm ? QStringLiteral("color: %1; font-weight: 600").arg(currentTheme().warning.name()) : QString());
    // A reason needs room: readings of less weight give way to it.
    m_stateLabel->setMinimumWidth(m_stateLabel->fontMetrics().averageCharWidth() * (alarm ? 20 : 10));
    m_stateLabel->setMaximumHeight(2 * m_stateLabel->fontMetrics().lineSpacing() + 2);
    fitReadings();
    fitState();
}

// At most two lines; the whole sentence is in the tooltip.
void TransportBar::fitState()
{
    const int width = std::max(m_stateLabel->width(), m_stateLabel->minimumWidth());
    m_stateLabel->ensurePolished();
    m_stateLabel->setText(m_stateLabel->fontMetrics().elidedText(m_stateText, Qt::ElideRight, width * 17 / 10));
}

void TransportBar::setReading(const TransportReading& reading)
{
    const bool lostChanged = reading.lostSamples != m_reading.lostSamples || m_lost->text() == missing;
    m_reading = reading;
    m_time->setText(timeText(reading.time_ms));
    m_factor->setText(factorText(reading.achieved_ms_per_s));
    m_steps->setText(countText(reading.steps_per_s));
    m_frames->setText(QString::number(reading.frames_per_s, 'f', 0));
    if (lostChanged)
        showLost();
}

void TransportBar::showLost()
{
    const bool some = m_reading.lostSamples > 0;
    m_lost->setText(countText(static_cast<double>(m_reading.lostSamples)));
    m_lost->setStyleSheet(
        some ? QStringLiteral("color: %1; font-weight: 600").arg(currentTheme().warning.name()) : QString());
    m_lost->setToolTip(some ? tr("%1 recorded samples came faster than the window could take them. Lower the speed or "
                                 "lengthen the record interval.")
                                  .arg(m_reading.lostSamples)
                            : tr("No recorded sample has been lost"));
}

void TransportBar::setProgress(double fraction, const QString& sentence)
{
    m_progress->setRange(0, fraction < 0 ? 0 : 1000);
    if (fraction >= 0)
        m_progress->setValue(static_cast<int>(std::lround(std::min(fraction, 1.0) * 1000)));
    m_sentence->setText(sentence);
    m_sentence->setToolTip(sentence);
    if (m_state == TransportState::paused)
        showState();
}

void TransportBar::setSpeed(double ms_per_s)
{
    m_speed = ms_per_s;
    m_speedSlider->show(ms_per_s > 0 ? ms_per_s : beyond_ms_per_s);
    showSpeed();
}

void TransportBar::showSpeed()
{
    m_speedLabel->setText(speedText(m_speed));
    m_speedSlider->setAccessibleDescription(speedText(m_speed));
}

void TransportBar::setDuration(double duration_ms, bool endless)
{
    m_duration->show(duration_ms);
    m_endless->setChecked(endless);
}

QString TransportBar::speedText(double ms_per_s)
{
    if (!(ms_per_s > 0))
        return tr("As fast as possible");
    const QString rate = QString::fromStdString(shortNumber(ms_per_s));
    if (std::abs(ms_per_s - 1000) < 0.5)
        return tr("%1 ms/s (real time)").arg(rate);
    const bool slow = ms_per_s < 1000;
    const double factor = QString::number(slow ? 1000 / ms_per_s : ms_per_s / 1000, 'g', 3).toDouble();
    const QString times = QString::fromStdString(shortNumber(factor));
    return slow ? tr("%1 ms/s (%2× slow motion)").arg(rate, times) : tr("%1 ms/s (%2× real time)").arg(rate, times);
}

QString TransportBar::factorText(double achieved_ms_per_s)
{
    const double factor = achieved_ms_per_s / 1000;
    const QString number = factor >= 0.1 || factor <= 0 ? threeDigits(factor) : QString::number(factor, 'f', 3);
    return number + tr("× real time");
}

// The least important readings give way first where the window is narrow; lost samples and stops never do.
void TransportBar::fitReadings()
{
    if (m_mode != Mode::live || !layout())
        return;
    for (QLabel* value : {m_steps, m_frames, m_factor})
        value->parentWidget()->show();
    for (QLabel* value : {m_frames, m_steps, m_factor}) {
        layout()->invalidate();
        if (layout()->minimumSize().width() <= width())
            break;
        value->parentWidget()->hide();
    }
}

QSize TransportBar::minimumSizeHint() const { return {400, QWidget::minimumSizeHint().height()}; }

void TransportBar::resizeEvent(QResizeEvent* event)
{
    QWidget::resizeEvent(event);
    fitReadings();
    layout()->activate();
    fitState();
}

void TransportBar::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::FontChange && m_lost)
        updateWidths();
}

} // namespace endospike
