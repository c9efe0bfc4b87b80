#include "app/laboratory/job_page.h"

#include "app/document/document.h"

namespace endospike {

JobPage::JobPage(Document& document, const QString& done, const QString& stopped, QWidget* parent)
    : Page(parent)
    , m_document(document)
{
    connect(&m_document, &Document::edited, this, [this] { showExperiment(); });
    connect(&m_document, &Document::replaced, this, [this] { showExperiment(); });
    connect(&m_runner, &JobRunner::progressed, this, [this](double fraction, const QString& sentence) {
        m_fraction = fraction;
        m_sentence = sentence;
        emit stateChanged();
    });
    connect(&m_runner, &JobRunner::finished, this, [this, done] {
        m_finished = true;
        ended(done, {});
    });
    connect(&m_runner, &JobRunner::cancelled, this, [this, stopped] { ended(stopped, {}); });
    connect(&m_runner, &JobRunner::failed, this, [this](const QString& sentence) { ended({}, sentence); });
}

void JobPage::setRunning(bool running)
{
    if (!running)
        m_runner.cancel();
    else if (!m_runner.isRunning())
        begin();
}

void JobPage::reset()
{
    if (m_runner.isRunning())
        return;
    const bool again = !m_failure.isEmpty();
    m_failure.clear();
    if (again)
        setRunning(true);
    emit stateChanged();
}

void JobPage::launch(const QString& sentence, JobRunner::Work work)
{
    m_finished = false;
    m_failure.clear();
    m_fraction = 0;
    m_sentence = sentence;
    m_runner.start(std::move(work));
    emit stateChanged();
}

void JobPage::ended(const QString& sentence, const QString& failure)
{
    takeMail();
    m_sentence = sentence;
    m_failure = failure;
    if (m_finished)
        m_fraction = 1;
    afterEnd(failure);
    emit stateChanged();
}

TransportState JobPage::state() const
{
    return m_runner.isRunning() ? TransportState::running
        : !m_failure.isEmpty()  ? TransportState::stopped
        : m_finished            ? TransportState::finished
                                : TransportState::paused;
}

} // namespace endospike
