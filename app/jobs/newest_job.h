// Work in the background of which only the newest wish counts: a new one asks the work that is going on to stop and
// begins when it has. The window never waits.
#pragma once

#include "app/jobs/job_runner.h"

#include <optional>

namespace endospike {

class NewestJob : public QObject {
    Q_OBJECT

public:
    using Done = std::function<void()>;

    explicit NewestJob(QObject* parent = nullptr);

    /// `done` is called on the window's thread when the work has come to its end and no newer wish was made.
    void want(JobRunner::Work work, Done done);
    /// Forgets every wish; returns at once.
    void cancel();
    /// The same, and waits for the thread.
    void stop();
    bool isBusy() const { return m_runner.isRunning() || m_next; }

signals:
    void progressed(double fraction, const QString& sentence); ///< of the newest wish alone
    void failed(const QString& sentence);

private:
    struct Wish {
        JobRunner::Work work;
        Done done;
    };
    void begin(Wish wish);
    void ended(bool whole);

    std::optional<Wish> m_next;
    Done m_done; ///< empty once the wish is outdated
    JobRunner m_runner; // last: its thread ends before what it uses goes
};

} // namespace endospike
