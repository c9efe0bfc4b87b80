// A laboratory whose work is one job with an end: Run starts it and stops it, a fraction and a sentence say how far it
// is.
#pragma once

#include "app/jobs/job_runner.h"
#include "app/laboratory/page.h"

namespace endospike {

class JobPage : public Page, public Transport, public JobTransport, public FigureSource {
    Q_OBJECT

public:
    PageParts parts() override { return {.transport = this, .job = this, .figure = this}; }
    void stop() override { m_runner.cancelAndWait(); }
    void tick() override { takeMail(); }

    void setRunning(bool running) override;
    void reset() override; ///< forgets a failure, and then begins again
    TransportState state() const override;
    QString stopReason() const override { return m_failure; }
    double fraction() const override { return m_fraction; }
    QString sentence() const override { return m_sentence; }

protected:
    /// What is said when the job is done, and when it was stopped. Whoever derives stops the job before it goes.
    JobPage(Document& document, const QString& done, const QString& stopped, QWidget* parent);

    void change(
        const QString& what, const QString& place, bool continuing, const std::function<void(Experiment&)>& change)
    {
        edit(m_document, what, place, continuing, change);
    }
    /// Run was pressed: calls launch(), or says why not.
    virtual void begin() = 0;
    void launch(const QString& sentence, JobRunner::Work work);
    /// What the work has left for the window since.
    virtual void takeMail() = 0;
    /// It was done, was stopped, or failed for this reason.
    virtual void afterEnd(const QString& failure) { Q_UNUSED(failure); }

    Document& m_document;
    bool m_finished = false;
    double m_fraction = 0;
    QString m_sentence;
    QString m_failure;
    JobRunner m_runner;

private:
    void ended(const QString& sentence, const QString& failure);
};

} // namespace endospike
