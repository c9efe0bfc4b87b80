// Run, pause, step, reset, speed, duration, and how it goes. The same bar on every page: live simulation, or work with
// an end and a fraction done.
#pragma once

#include "sim/base/parameter.h"

#include <QWidget>

#include <cstdint>
#include <vector>

class QCheckBox;
class QLabel;
class QProgressBar;
class QToolButton;

namespace endospike {

class NumberSpin;
class ValueSlider;

enum class TransportState {
    paused,
    running,
    finished, ///< the end of the duration, or of the work, is reached
    stopped ///< by an error or by the user; the reason is shown
};

struct TransportReading {
    double time_ms = 0;
    double achieved_ms_per_s = 0; ///< biological time per wall time
    double steps_per_s = 0;
    double frames_per_s = 0;
    std::uint64_t lostSamples = 0;
};

class TransportBar : public QWidget {
    Q_OBJECT
public:
    enum class Mode {
        live, ///< speed, duration and readings
        job, ///< a progress bar and a sentence
        pausableJob ///< the same; what was begun can go on
    };

    /// `durationRow` gives unit, bounds and default of the duration.
    explicit TransportBar(const Parameter& durationRow, QWidget* parent = nullptr);

    void setMode(Mode mode);
    void setState(TransportState state, const QString& reason = {});
    TransportState state() const { return m_state; }
    void setReading(const TransportReading& reading);
    /// Fraction 0..1, negative if not known, and a sentence (mode job).
    void setProgress(double fraction, const QString& sentence);
    /// Biological ms per second of wall time; 0: as fast as possible.
    void setSpeed(double ms_per_s);
    double speed() const { return m_speed; }
    void setDuration(double duration_ms, bool endless);

    /// "100 ms/s (10x slow motion)"
    static QString speedText(double ms_per_s);
    /// "0.10x real time", "84x real time"
    static QString factorText(double achieved_ms_per_s);

    // The controls, for tests and for focus.
    QToolButton* runButton() const { return m_run; }
    QToolButton* stepButton() const { return m_step; }
    QToolButton* resetButton() const { return m_reset; }
    ValueSlider* speedSlider() const { return m_speedSlider; }
    NumberSpin* durationSpin() const { return m_duration; }
    QCheckBox* endlessBox() const { return m_endless; }
    QLabel* stateLabel() const { return m_stateLabel; }
    QLabel* timeLabel() const { return m_time; }
    QLabel* factorLabel() const { return m_factor; }
    QLabel* stepsLabel() const { return m_steps; }
    QLabel* framesLabel() const { return m_frames; }
    QLabel* lostLabel() const { return m_lost; }

    QSize minimumSizeHint() const override;

signals:
    void runRequested(bool run); ///< true: run or go on; false: pause (live, pausableJob) or cancel (job)
    void stepRequested();
    void resetRequested();
    void speedEdited(double ms_per_s, bool continuing);
    void durationEdited(double duration_ms, bool continuing);
    void endlessEdited(bool endless);

protected:
    void resizeEvent(QResizeEvent* event) override;
    void changeEvent(QEvent* event) override;

private:
    void buildButtons();
    void buildSpeed();
    void buildDuration(const Parameter& durationRow);
    void buildReadings();
    void buildProgress();
    void assemble();
    void showState();
    void showSpeed();
    void showLost();
    void fitReadings();
    void fitState();
    void updateWidths();

    Mode m_mode = Mode::live;
    TransportState m_state = TransportState::paused;
    QString m_reason;
    QString m_stateText; ///< in full
    double m_speed = 100;
    TransportReading m_reading;
    QToolButton* m_run = nullptr;
    QToolButton* m_step = nullptr;
    QToolButton* m_reset = nullptr;
    QWidget* m_speedBlock = nullptr;
    QLabel* m_speedLabel = nullptr;
    ValueSlider* m_speedSlider = nullptr;
    QWidget* m_durationBlock = nullptr;
    NumberSpin* m_duration = nullptr;
    QCheckBox* m_endless = nullptr;
    QWidget* m_progressBlock = nullptr;
    QProgressBar* m_progress = nullptr;
    QLabel* m_sentence = nullptr;
    QLabel* m_stateLabel = nullptr;
    QLabel* m_time = nullptr;
    QLabel* m_factor = nullptr;
    QLabel* m_steps = nullptr;
    QLabel* m_frames = nullptr;
    QLabel* m_lost = nullptr;
};

} // namespace endospike
