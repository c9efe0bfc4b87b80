#include "app/control/play.h"

#include "sim/base/errors.h"
#include "widgets/form/quiet_combo.h"
#include "widgets/look/numbers.h"
#include "widgets/look/text.h"
#include "widgets/look/theme.h"
#include "widgets/picture/pendulum_view.h"
#include "widgets/picture/spike_columns.h"
#include "widgets/plot/xy_plot.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QSplitter>
#include <QToolButton>

#include <algorithm>
#include <cmath>

namespace endospike {

namespace {

constexpr Parameter rows[] = {
    {"state_noise", "State noise", "", "", 0, 0, 10, 0, 0.05,
        "Gaussian noise of this standard deviation is added to every observation that the policies see. Published: "
        "0.002."},
    {"reward_noise", "Reward noise", "", "", 0, 0, 10, 0, 0.5,
        "The reward that is shown is computed from an observation to which noise of this standard deviation was added. "
        "Published: 0.1."},
    {"tap_n_s", "Nudge", "", "N s", 2, 0.01, 15, 0.5, 10,
        "Momentum that a click or an arrow key gives to the cart; three times as much with Shift."},
    {"seed", "Seed", "", "", 1, 0, 4294967295.0, 0, 1000, "Where the first episode begins; the next ones count up.",
        ParameterKind::integer},
};
static_assert(std::size(rows) == control_play::seed + 1);

constexpr double lies_s = 1.5; ///< after a fall, before the next episode

QString titleOf(const Policy& policy)
{
    return ControlPlay::tr("%1 after %2 steps").arg(qstring(policy.id().label())).arg(policy.stepsTrained());
}

} // namespace

ParameterTable controlPlayTable() { return rows; }

ControlPlay::ControlPlay(QWidget* parent)
    : QWidget(parent)
    , m_settings(controlPlayTable())
    , m_playButton(new QToolButton)
    , m_restartButton(new QToolButton)
    , m_hint(new QLabel(tr("Drag a cart, click beside it, or press Left or Right: both feel it.")))
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(8, 0, 8, 8);
    column->setSpacing(8);
    auto* strip = new QHBoxLayout;
    strip->setSpacing(8);
    for (QToolButton* button : {m_playButton, m_restartButton}) {
        button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
        strip->addWidget(button);
    }
    strip->addWidget(m_hint, 1);
    m_hint->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    column->addLayout(strip);
    auto* beside = new QHBoxLayout;
    beside->setSpacing(8);
    for (int i = 0; i < sides; ++i)
        beside->addWidget(buildSlot(i), 1);
    column->addLayout(beside, 1);
    buildStrip();
    setPlaying(true);
}

ControlPlay::~ControlPlay() = default;

void ControlPlay::buildStrip()
{
    m_restartButton->setText(tr("New episode"));
    m_restartButton->setToolTip(tr("Both begin the first episode again."));
    connect(m_playButton, &QToolButton::clicked, this, [this] { setPlaying(!m_playing); });
    connect(m_restartButton, &QToolButton::clicked, this, &ControlPlay::restart);
    const auto paint = [this] {
        m_hint->setStyleSheet(QStringLiteral("color: %1").arg(currentTheme().mutedText.name()));
        m_restartButton->setIcon(themedIcon("reset"));
        setPlaying(m_playing);
    };
    connect(&themeNotifier(), &ThemeNotifier::themeChanged, this, paint);
    paint();
}

QWidget* ControlPlay::buildSlot(int index)
{
    Slot& slot = m_slots[std::size_t(index)];
    slot.combo = new QuietCombo;
    slot.combo->setAccessibleName(index == 0 ? tr("Policy on the left") : tr("Policy on the right"));
    slot.view = new PendulumView;
    slot.spikes = new SpikeColumns;
    slot.reading = new QLabel;
    slot.reading->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    slot.reading->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred); // numbers do not widen the window
    auto* parts = new QSplitter(Qt::Vertical);
    parts->addWidget(slot.view);
    parts->addWidget(slot.spikes);
    parts->setStretchFactor(0, 3);
    parts->setStretchFactor(1, 2);
    parts->setChildrenCollapsible(false);
    auto* box = new QWidget;
    auto* column = new QVBoxLayout(box);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(4);
    column->addWidget(slot.combo);
    column->addWidget(parts, 1);
    column->addWidget(slot.reading);
    connect(slot.combo, &QComboBox::activated, this,
        [this, index](int item) { choose(index, m_slots[std::size_t(index)].combo->itemData(item).toString()); });
    connect(slot.view, &PendulumView::nudge, this, &ControlPlay::nudge);
    showStill(slot);
    return box;
}

void ControlPlay::setChoices(std::vector<PolicyChoice> choices)
{
    m_choices = std::move(choices);
    for (std::size_t i = 0; i < m_slots.size(); ++i) {
        Slot& slot = m_slots[i];
        const bool stays = std::ranges::any_of(m_choices, [&](const PolicyChoice& c) { return c.key == slot.key; });
        fillCombo(slot);
        const bool doubled = i > 0 && !slot.picked && m_choices.size() > 1 && slot.key == m_slots[0].key;
        if ((stays && !doubled) || (slot.key.isEmpty() && slot.player.hasPolicy()))
            continue;
        const auto other =
            std::ranges::find_if(m_choices, [&](const PolicyChoice& c) { return i == 0 || c.key != m_slots[0].key; });
        choose(static_cast<int>(i),
            m_choices.empty() ? QString() : (other == m_choices.end() ? m_choices.front() : *other).key);
    }
}

void ControlPlay::fillCombo(Slot& slot)
{
    slot.combo->clear();
    for (const PolicyChoice& choice : m_choices)
        slot.combo->addItem(choice.label, choice.key);
    slot.combo->setEnabled(!m_choices.empty());
    slot.combo->setPlaceholderText(tr("No policy yet"));
    slot.combo->setCurrentIndex(slot.combo->findData(slot.key));
}

QString ControlPlay::chosen(int slot) const { return m_slots[std::size_t(slot)].key; }

void ControlPlay::choose(int index, const QString& key)
{
    Slot& slot = m_slots[std::size_t(index)];
    const auto choice = std::ranges::find(m_choices, key, &PolicyChoice::key);
    try {
        if (choice == m_choices.end()) {
            slot.player = {};
            slot.key.clear();
        } else {
            ControlPlayer player;
            player.setDisturbances(disturbances());
            player.setPolicy(choice->load());
            slot.player = std::move(player);
            slot.key = key;
        }
    } catch (const std::exception& error) { // the slot keeps what it plays
        emit refused(QString::fromUtf8(error.what()));
    }
    slot.combo->setCurrentIndex(slot.combo->findData(slot.key));
    load(slot);
}

/// Shows the policy that the slot's player now has.
void ControlPlay::load(Slot& slot)
{
    slot.spikes->clear();
    slot.falls = 0;
    slot.fallen_s = slot.ahead_s = 0;
    if (!slot.player.hasPolicy())
        return showStill(slot);
    const Policy& policy = slot.player.policy();
    const EnvironmentKind& kind = *policy.plan().environment;
    const PolicyKind& neuron = *policy.policyPlan().kind;
    const QColor color = hueColor(neuron.hue);
    slot.view->setScene({kind.poles, kind.railLimit_m, kind.poles == 1 ? 0.2 : 0, kind.poles == 2 ? 1.0 : 0});
    slot.view->setTitle(titleOf(policy));
    slot.view->setColor(color);
    slot.spikes->setColor(color);
    slot.spikes->setDecision_s(kind.step_s);
    switch (neuron.unit) {
    case PolicyUnit::relu:
        slot.spikes->setPotential(tr("Output"), {});
        break;
    case PolicyUnit::hh:
        slot.spikes->setPotential(QStringLiteral("V"), QStringLiteral("mV"));
        break;
    case PolicyUnit::hhVoltageDependent:
        slot.spikes->setPotential(tr("Current"), QStringLiteral("µA/cm²"));
        break;
    default:
        slot.spikes->setPotential(QStringLiteral("u"), {});
    }
    showSlot(slot);
}

void ControlPlay::showStill(Slot& slot)
{
    slot.view->setTitle({});
    slot.view->setStatus({});
    slot.view->setScene({});
    slot.view->setEmptyText(
        tr("No policy yet. Tick policies on the left and press Run: what learns can be watched here."));
    slot.reading->setText(QStringLiteral(" "));
}

void ControlPlay::refresh(const QString& key, std::shared_ptr<const Policy> policy)
{
    for (Slot& slot : m_slots) {
        if (slot.key != key || !slot.player.hasPolicy())
            continue;
        const ControlPlan& before = slot.player.policy().plan();
        const ControlPlan& now = policy->plan();
        if (before.environment == now.environment && before.environmentParameters == now.environmentParameters) {
            slot.player.exchangePolicy(policy);
            slot.view->setTitle(titleOf(*policy));
        } else { // the same name, trained on something else
            slot.player.setPolicy(policy);
            load(slot);
        }
    }
}

Disturbances ControlPlay::disturbances() const
{
    return {m_settings[control_play::state_noise], m_settings[control_play::reward_noise],
        static_cast<std::uint64_t>(m_settings[control_play::seed])};
}

void ControlPlay::setSettings(const ParameterValues& settings)
{
    const bool elsewhere = settings[control_play::seed] != m_settings[control_play::seed];
    m_settings = settings;
    for (Slot& slot : m_slots) {
        slot.player.setDisturbances(disturbances());
        slot.view->setTap(settings[control_play::tap_n_s]);
    }
    if (elsewhere)
        restart();
}

void ControlPlay::setPlaying(bool playing)
{
    m_playing = playing;
    m_playButton->setText(playing ? tr("Hold") : tr("Play"));
    m_playButton->setToolTip(playing ? tr("Hold both still.") : tr("Let both go on."));
    m_playButton->setIcon(themedIcon(playing ? "pause" : "run"));
    m_clock.invalidate();
}

void ControlPlay::restart()
{
    for (Slot& slot : m_slots) {
        if (!slot.player.hasPolicy())
            continue;
        slot.player.begin(0);
        slot.falls = 0;
        slot.fallen_s = slot.ahead_s = 0;
        slot.spikes->clear();
        slot.view->clear();
        showSlot(slot);
    }
}

void ControlPlay::nudge(double impulse_n_s)
{
    for (Slot& slot : m_slots)
        slot.player.push(impulse_n_s);
}

void ControlPlay::tick()
{
    if (!m_playing)
        return;
    const double seconds = m_clock.isValid() ? 1e-9 * static_cast<double>(m_clock.nsecsElapsed()) : 0;
    m_clock.start();
    advance(std::min(seconds, 0.1)); // after a pause nothing is made up for
}

void ControlPlay::advance(double seconds)
{
    for (Slot& slot : m_slots)
        if (slot.player.hasPolicy())
            advanceSlot(slot, seconds);
}

void ControlPlay::advanceSlot(Slot& slot, double seconds)
{
    if (slot.player.isFallen()) {
        slot.fallen_s += seconds;
        if (slot.fallen_s < lies_s)
            return;
        slot.player.begin(slot.player.episode() + 1);
        slot.view->clear();
        slot.fallen_s = slot.ahead_s = 0;
    }
    slot.ahead_s += seconds;
    while (slot.ahead_s >= slot.player.step_s() && !slot.player.isFallen()) {
        slot.ahead_s -= slot.player.step_s();
        slot.player.step();
        const PolicyRecord& record = slot.player.record();
        slot.spikes->append({record.steps, record.neurons, record.spikes, record.potentials, record.threshold});
        slot.falls += slot.player.isFallen();
    }
    showSlot(slot);
}

void ControlPlay::showSlot(Slot& slot)
{
    const ControlPlayer& player = slot.player;
    // Drawn one step late, so that what lies between two states is known.
    slot.view->setPose(player.poseAt(player.isFallen() ? 1 : std::clamp(slot.ahead_s / player.step_s(), 0.0, 1.0)));
    const double stood_s = player.steps() * player.step_s();
    slot.view->setStatus(player.isFallen() ? tr("fell after %1 s").arg(stood_s, 0, 'f', 1)
            : slot.falls > 0               ? tr("%1 s, falls: %2").arg(stood_s, 0, 'f', 1).arg(slot.falls)
                                           : tr("%1 s").arg(stood_s, 0, 'f', 1),
        player.isFallen());
    const PolicyRecord& record = player.record();
    const QString spikes = record.spikes.empty()
        ? QString()
        : tr("   spikes %1 % of steps").arg(100 * slot.spikes->lastMeanSpikes(), 0, 'f', 1);
    slot.reading->setText(tr("step %1   reward %2   action %3")
                              .arg(player.steps())
                              .arg(fixedNumber(player.reward(), 2), fixedNumber(record.action, 2))
        + spikes);
}

FigureRequest ControlPlay::figure(const QString& caption) const
{
    FigureRequest request{{}, caption};
    for (const Slot& slot : m_slots)
        if (slot.player.hasPolicy()) {
            request.pictures.emplace_back(slot.view);
            request.pictures.emplace_back(slot.spikes);
        }
    return request;
}

} // namespace endospike
