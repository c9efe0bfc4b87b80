// Two policies at play, side by side, on the same disturbances: cart and poles, the spikes of the hidden neurons, and
// what a person does to them.
#pragma once

#include "app/control/player.h"
#include "sim/base/parameter.h"
#include "widgets/plot/figure.h"

#include <QElapsedTimer>
#include <QWidget>

#include <array>
#include <functional>
#include <vector>

class QComboBox;
class QLabel;
class QToolButton;

namespace endospike {

class PendulumView;
class SpikeColumns;

/// Rows of controlPlayTable(), in its order.
namespace control_play {
enum Row { state_noise, reward_noise, tap_n_s, seed };
}
/// What can be set while watching. Not part of the document.
ParameterTable controlPlayTable();

/// A policy that can be chosen.
struct PolicyChoice {
    QString key; ///< the same as long as it means the same policy
    QString label;
    std::function<std::shared_ptr<const Policy>()> load; ///< throws what readPolicy() throws
};

class ControlPlay : public QWidget {
    Q_OBJECT
public:
    static constexpr int sides = 2;

    explicit ControlPlay(QWidget* parent = nullptr);
    ~ControlPlay() override;

    /// A slot whose choice is not there any more plays the first; the right one, unless a person chose, another than
    /// the left one.
    void setChoices(std::vector<PolicyChoice> choices);
    const std::vector<PolicyChoice>& choices() const { return m_choices; }
    void choose(int slot, const QString& key); ///< empty: nothing
    QString chosen(int slot) const;
    /// A newer state of a policy that may be playing.
    void refresh(const QString& key, std::shared_ptr<const Policy> policy);

    void setSettings(const ParameterValues& settings);
    const ParameterValues& settings() const { return m_settings; }
    void setPlaying(bool playing);
    bool isPlaying() const { return m_playing; }
    void restart(); ///< the first episode, both
    void nudge(double impulse_n_s); ///< both

    /// Goes on by the time since the last call, at most a tenth of a second.
    void tick();
    void advance(double seconds);

    PendulumView* view(int slot) const { return m_slots[std::size_t(slot)].view; }
    SpikeColumns* spikes(int slot) const { return m_slots[std::size_t(slot)].spikes; }
    QComboBox* combo(int slot) const { return m_slots[std::size_t(slot)].combo; }
    const ControlPlayer& player(int slot) const { return m_slots[std::size_t(slot)].player; }
    QToolButton* playButton() const { return m_playButton; }
    QToolButton* restartButton() const { return m_restartButton; }
    FigureRequest figure(const QString& caption) const;

signals:
    void refused(const QString& sentence);

private:
    struct Slot {
        QComboBox* combo = nullptr;
        PendulumView* view = nullptr;
        SpikeColumns* spikes = nullptr;
        QLabel* reading = nullptr;
        ControlPlayer player;
        QString key;
        bool picked = false; ///< by the person
        double ahead_s = 0; ///< of the wall clock since the last step
        double fallen_s = 0; ///< for how long it has lain
        int falls = 0;
    };
    QWidget* buildSlot(int index);
    void buildStrip();
    void fillCombo(Slot& slot);
    void load(Slot& slot);
    void showStill(Slot& slot);
    void advanceSlot(Slot& slot, double seconds);
    void showSlot(Slot& slot);
    Disturbances disturbances() const;

    std::array<Slot, sides> m_slots;
    std::vector<PolicyChoice> m_choices;
    ParameterValues m_settings;
    QToolButton* m_playButton;
    QToolButton* m_restartButton;
    QLabel* m_hint;
    QElapsedTimer m_clock;
    bool m_playing = true;
};

} // namespace endospike
