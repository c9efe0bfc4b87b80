#include "app/jobs/job_runner.h"

#include <chrono>
#include <exception>
#include <mutex>
#include <system_error>

#include <sys/resource.h>

namespace endospike {

namespace {
enum class End { finished, cancelled, failed };
}

struct JobRunner::Run {
    std::mutex mutex;
    double fraction = -1;
    QString sentence;
    bool progressPosted = false;
    std::chrono::steady_clock::time_point lastPosted;
    // Written by the thread before it posts its end, read afterwards.
    End end = End::finished;
    QString failure;
};

JobRunner::JobRunner(QObject* parent)
    : QObject(parent)
{
}

JobRunner::~JobRunner()
{
    // Queued calls to this object die with it, so only the thread has to be waited for.
    if (m_thread.joinable()) {
        m_thread.request_stop();
        m_thread.join();
    }
}

void JobRunner::yieldToOthers() { setpriority(PRIO_PROCESS, 0, 5); } // on Linux, of the calling thread alone

void JobRunner::start(Work work)
{
    cancelAndWait();
    const auto run = std::make_shared<Run>();
    m_run = run;
    try {
        m_thread = std::jthread(
            [this, run, work = std::move(work)](std::stop_token stop) { execute(run, work, std::move(stop)); });
    } catch (const std::system_error& error) {
        run->end = End::failed;
        run->failure = tr("The work could not be started: %1").arg(QString::fromLocal8Bit(error.what()));
        QMetaObject::invokeMethod(
            this, [this, run] { announceEnd(run); }, Qt::QueuedConnection);
    }
}

void JobRunner::cancel() { m_thread.request_stop(); }

void JobRunner::cancelAndWait()
{
    if (!m_run)
        return;
    const auto run = m_run;
    if (m_thread.joinable()) {
        m_thread.request_stop();
        m_thread.join();
    }
    announceEnd(run);
}

void JobRunner::execute(const std::shared_ptr<Run>& run, const Work& work, std::stop_token stop)
{
    JobContext context;
    context.stop = stop;
    context.progress = [this, run](double fraction, const std::string& sentence) {
        const auto now = std::chrono::steady_clock::now();
        const std::lock_guard lock(run->mutex);
        run->fraction = fraction;
        run->sentence = QString::fromStdString(sentence);
        if (run->progressPosted || now - run->lastPosted < std::chrono::milliseconds(progressInterval_ms))
            return;
        run->progressPosted = true;
        run->lastPosted = now;
        QMetaObject::invokeMethod(
            this, [this, run] { receiveProgress(run); }, Qt::QueuedConnection);
    };
    try {
        work(context);
        run->end = stop.stop_requested() ? End::cancelled : End::finished;
    } catch (const std::bad_alloc&) {
        run->end = End::failed;
        run->failure = tr("There is not enough memory for this.");
    } catch (const std::exception& error) {
        run->end = End::failed;
        run->failure = QString::fromUtf8(error.what());
    } catch (...) {
        run->end = End::failed;
        run->failure = tr("The work ended for an unknown reason.");
    }
    QMetaObject::invokeMethod(
        this, [this, run] { announceEnd(run); }, Qt::QueuedConnection);
}

void JobRunner::receiveProgress(const std::shared_ptr<Run>& run)
{
    double fraction = 0;
    QString sentence;
    {
        const std::lock_guard lock(run->mutex);
        run->progressPosted = false;
        fraction = run->fraction;
        sentence = run->sentence;
    }
    if (run == m_run)
        emit progressed(fraction, sentence);
}

void JobRunner::announceEnd(const std::shared_ptr<Run>& run)
{
    if (run != m_run)
        return; // already announced, by a start() or cancelAndWait() that could not wait for the queue
    if (m_thread.joinable())
        m_thread.join();
    m_run = nullptr; // before the signal, whose receiver may start the next work
    switch (run->end) {
    case End::finished:
        emit finished();
        break;
    case End::cancelled:
        emit cancelled();
        break;
    case End::failed:
        emit failed(run->failure);
        break;
    }
}

} // namespace endospike
