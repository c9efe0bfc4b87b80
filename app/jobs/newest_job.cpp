#include "app/jobs/newest_job.h"

#include <utility>

namespace endospike {

NewestJob::NewestJob(QObject* parent)
    : QObject(parent)
{
    connect(&m_runner, &JobRunner::progressed, this, [this](double fraction, const QString& sentence) {
        if (m_done)
            emit progressed(fraction, sentence);
    });
    connect(&m_runner, &JobRunner::finished, this, [this] { ended(true); });
    connect(&m_runner, &JobRunner::cancelled, this, [this] { ended(false); });
    connect(&m_runner, &JobRunner::failed, this, [this](const QString& sentence) {
        const bool wanted = m_done != nullptr;
        ended(false);
        if (wanted)
            emit failed(sentence);
    });
}

void NewestJob::want(JobRunner::Work work, Done done)
{
    cancel();
    Wish wish{std::move(work), std::move(done)};
    if (m_runner.isRunning())
        m_next = std::move(wish);
    else
        begin(std::move(wish));
}

void NewestJob::begin(Wish wish)
{
    m_done = std::move(wish.done);
    m_runner.start(std::move(wish.work));
}

void NewestJob::cancel()
{
    m_next.reset();
    m_done = nullptr;
    if (m_runner.isRunning())
        m_runner.cancel();
}

void NewestJob::stop()
{
    cancel();
    m_runner.cancelAndWait();
}

void NewestJob::ended(bool whole)
{
    const Done done = std::exchange(m_done, nullptr);
    if (m_next)
        begin(*std::exchange(m_next, std::nullopt));
    else if (whole && done)
        done();
}

} // namespace endospike
