// The one way to work in the background: owns the thread, throttles what it reports, says once how it ended.
#pragma once

#include "sim/base/job.h"

#include <QObject>
#include <QString>

#include <functional>
#include <memory>
#include <thread>

namespace endospike {

/// Lives on the window's thread; every signal arrives there. For each start() exactly one of finished, cancelled or
/// failed follows, unless the runner is destroyed first: that asks the work to stop and waits for it.
class JobRunner : public QObject {
    Q_OBJECT

public:
    using Work = std::function<void(const JobContext&)>;

    explicit JobRunner(QObject* parent = nullptr);
    ~JobRunner() override;

    /// For long work to call first: its thread, and those that it starts, then let others go first, the window and what
    /// a person waits for.
    static void yieldToOthers();

    /// Work that is still going on is cancelled, waited for and announced first.
    void start(Work work);
    /// Asks the work to stop; returns at once.
    void cancel();
    /// Asks the work to stop, waits for it and announces its end before returning.
    void cancelAndWait();
    bool isRunning() const { return m_run != nullptr; }

    /// Reports closer together than this reach the window as one.
    static constexpr int progressInterval_ms = 50;

signals:
    /// Fraction 0..1, or negative where it is not known.
    void progressed(double fraction, const QString& sentence);
    void finished();
    void cancelled();
    void failed(const QString& sentence);

private:
    struct Run;
    void execute(const std::shared_ptr<Run>& run, const Work& work, std::stop_token stop);
    void receiveProgress(const std::shared_ptr<Run>& run);
    void announceEnd(const std::shared_ptr<Run>& run);

    std::shared_ptr<Run> m_run;
    std::jthread m_thread;
};

} // namespace endospike
