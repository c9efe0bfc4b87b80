#include "app/control/page.h"

#include "app/control/board.h"
#include "app/control/setup.h"
#include "app/document/document.h"
#include "app/laboratory/settings.h"
#include "sim/base/errors.h"
#include "sim/network/workers.h"
#include "widgets/form/segmented_control.h"
#include "widgets/look/text.h"
#include "widgets/picture/pendulum_view.h"

#include <QAbstractButton>
#include <QDir>
#include <QFile>
#include <QHBoxLayout>
#include <QStackedWidget>
#include <QWidget>

#include <algorithm>

namespace endospike {

namespace {

constexpr int offeredWorks = 4; ///< of which policies can be chosen: the newest

std::string path(const QString& name) { return QFile::encodeName(name).toStdString(); }

QString keyOf(const RunId& id) { return QStringLiteral("live/%1").arg(qstring(id.folderName())); }

/// The program's own, "inverted_pendulum-hh.safetensors".
std::vector<PolicyChoice> shippedPolicies()
{
    std::vector<PolicyChoice> choices;
    const QDir folder(QStringLiteral(":/policies"));
    for (const QString& name : folder.entryList({QStringLiteral("*.safetensors")}, QDir::Files, QDir::Name)) {
        const QStringList parts = QFileInfo(name).completeBaseName().split(u'-');
        const EnvironmentKind* environment = findEnvironmentKind(parts.front().toStdString());
        const PolicyKind* kind = findPolicyKind(parts.value(1).toStdString());
        if (!environment || !kind)
            continue;
        const QString file = folder.filePath(name);
        choices.push_back(
            {file, ControlPage::tr("%1, %2 (shipped)").arg(qstring(kind->name), qstring(environment->name)), [file] {
                 QFile bytes(file);
                 bytes.open(QIODevice::ReadOnly);
                 const QByteArray all = bytes.readAll();
                 return parsePolicy({all.data(), static_cast<std::size_t>(all.size())}, file.toStdString());
             }});
    }
    // What the paper compares comes first, so that a newcomer sees HH beside LIF.
    const auto isOf = [](const PolicyChoice& choice, const char* kind) {
        return choice.key.endsWith(QStringLiteral("inverted_pendulum-%1.safetensors").arg(QLatin1String(kind)));
    };
    std::ranges::stable_partition(choices, [&](const auto& choice) { return isOf(choice, "lif"); });
    std::ranges::stable_partition(choices, [&](const auto& choice) { return isOf(choice, "hh"); });
    return choices;
}

std::vector<PolicyChoice> policiesOfWork(const QString& work)
{
    std::vector<PolicyChoice> choices;
    const QDir folder(work);
    for (const QString& name : folder.entryList(QDir::Dirs | QDir::NoDotAndDotDot, QDir::Name)) {
        const QString file = folder.filePath(name + QStringLiteral("/policy.safetensors"));
        if (!QFile::exists(file))
            continue;
        QString run = name;
        const QDateTime when = timeOfWork(work);
        choices.push_back({file,
            ControlPage::tr("%1, trained %2")
                .arg(run.replace(u'_', u' ').replace(QStringLiteral("-seed"), QStringLiteral(", seed ")),
                    when.toString(QStringLiteral("d MMM, HH:mm"))),
            [file] { return readPolicy(path(file)); }});
    }
    return choices;
}

} // namespace

struct ControlPage::Mail {
    std::vector<std::pair<RunId, ControlEvent>> events;
    std::vector<std::pair<RunId, std::shared_ptr<const Policy>>> snapshots; ///< the newest of each training
};

ControlPage::ControlPage(Document& document, const QString& runsFolder, QWidget* parent)
    : JobPage(document, tr("Done."), tr("Paused; Run goes on from the last step."), parent)
    , m_setup(new ControlSetup)
    , m_choice(new SegmentedControl({tr("Play"), tr("Learning")}))
    , m_stack(new QStackedWidget)
    , m_play(new ControlPlay)
    , m_board(new ControlBoard)
    , m_runsFolder(runsFolder)
    , m_folder(m_runsFolder.of(QStringLiteral("control")))
    , m_mail(std::make_shared<Mailbox<Mail>>())
{
    m_choice->setAccessibleName(tr("View of the laboratory"));
    m_choice->setCurrent(View::play);
    m_stack->addWidget(m_play);
    m_stack->addWidget(m_board);
    auto* right = new QVBoxLayout;
    right->setSpacing(4);
    auto* strip = new QHBoxLayout;
    strip->setContentsMargins(8, 8, 8, 4);
    strip->addWidget(m_choice);
    strip->addStretch(1);
    right->addLayout(strip);
    right->addWidget(m_stack, 1);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(0);
    row->addWidget(m_setup);
    row->addLayout(right, 1);
    m_board->setEmptyText(tr("Press Run: each policy is trained, and its reward is drawn as it learns."));
    m_setup->setDisturbances(m_play->settings());

    connect(m_choice, &SegmentedControl::chosen, this, [this](int view) { showView(static_cast<View>(view)); });
    connect(m_play, &ControlPlay::refused, this, &Page::refused);
    connect(&m_opening, &NewestJob::failed, this, &Page::refused);
    connectSetup();
    showExperiment();
}

ControlPage::~ControlPage()
{
    blockSignals(true); // whoever listens is going too
    stop();
}

void ControlPage::connectSetup()
{
    connect(m_setup, &ControlSetup::changeWanted, this, &ControlPage::change);
    connect(m_setup, &ControlSetup::disturbancesEdited, m_play, &ControlPlay::setSettings);
}

void ControlPage::showExperiment() { m_setup->setExperiment(m_document.experiment()); }

void ControlPage::start()
{
    if (std::exchange(m_looked, true))
        return;
    try {
        if (const QStringList works = worksIn(m_folder); !works.isEmpty())
            m_runs = allControlRuns(path(works.front()));
    } catch (const std::exception& error) {
        emit refused(QString::fromUtf8(error.what()));
    }
    drawRuns();
    offerPolicies();
}

void ControlPage::stop()
{
    m_opening.stop();
    JobPage::stop();
}

void ControlPage::openTrained(const QString& file)
{
    const auto policy = std::make_shared<std::shared_ptr<const Policy>>();
    m_opening.want([file, policy](const JobContext&) { *policy = readPolicy(path(file)); },
        [this, file, policy] {
            std::erase_if(m_opened, [&](const auto& one) { return one.first == file; });
            m_opened.insert(m_opened.begin(), {file, *policy});
            offerPolicies();
            m_play->choose(m_openings++ % ControlPlay::sides, file);
            showView(View::play);
        });
}

void ControlPage::reset()
{
    m_runner.cancelAndWait();
    m_anew = true;
    m_failure.clear();
    m_fraction = 0;
    m_sentence = tr("Run begins anew.");
    emit stateChanged();
}

void ControlPage::tick()
{
    takeMail();
    // Reports arrive by the hundred; nobody reads them faster than this.
    if (m_stale && (!m_drawn.isValid() || m_drawn.elapsed() >= 200))
        drawRuns();
    if (m_play->isVisible())
        m_play->tick();
}

void ControlPage::drawRuns()
{
    m_stale = false;
    m_drawn.start();
    m_board->setRuns(m_runs);
}

void ControlPage::takeMail()
{
    const Mail mail = m_mail->take();
    for (const auto& [id, event] : mail.events)
        if (const auto run = std::ranges::find(m_runs, id, &ControlRun::id); run != m_runs.end())
            run->add(event);
    m_stale = m_stale || !mail.events.empty();
    bool fresh = false;
    for (const auto& [id, policy] : mail.snapshots) {
        const auto known = std::ranges::find(m_live, id, &std::pair<RunId, std::shared_ptr<const Policy>>::first);
        if (known == m_live.end()) {
            m_live.emplace_back(id, policy);
            fresh = true;
        } else {
            known->second = policy;
        }
        m_play->refresh(keyOf(id), policy);
    }
    if (fresh)
        offerPolicies();
}

std::shared_ptr<const Policy> ControlPage::livePolicy(const RunId& id) const
{
    const auto live = std::ranges::find(m_live, id, &std::pair<RunId, std::shared_ptr<const Policy>>::first);
    return live == m_live.end() ? nullptr : live->second;
}

/// What trains now, what the program brings along, what was trained before.
void ControlPage::offerPolicies()
{
    std::vector<PolicyChoice> choices;
    for (const ControlRun& run : m_runs) {
        const std::shared_ptr<const Policy> policy = livePolicy(run.id);
        if (policy)
            choices.push_back(
                {keyOf(run.id), tr("%1, this training").arg(qstring(run.id.label())), [this, id = run.id, policy] {
                     const std::shared_ptr<const Policy> newest = livePolicy(id);
                     return newest ? newest : policy;
                 }});
    }
    for (const auto& [file, policy] : m_opened)
        choices.push_back({file,
            tr("%1, %2 (%3)")
                .arg(qstring(policy->id().label()), qstring(policy->plan().environment->name),
                    QFileInfo(file).fileName()),
            [policy = policy] { return policy; }});
    for (PolicyChoice& choice : shippedPolicies())
        choices.push_back(std::move(choice));
    for (const QString& work : worksIn(m_folder).mid(0, offeredWorks)) {
        if (work == m_work && !m_live.empty())
            continue; // is already there, and newer
        for (PolicyChoice& choice : policiesOfWork(work))
            choices.push_back(std::move(choice));
    }
    m_play->setChoices(std::move(choices));
}

/// The newest work, if it is this plan's and not at its end.
QString ControlPage::workToResume(const ControlPlan& plan) const
{
    const QStringList works = worksIn(m_folder);
    if (works.isEmpty() || m_anew)
        return {};
    const std::vector<ControlRun> kept = keptControlRuns(path(works.front()), plan);
    const bool open = std::ranges::any_of(kept, [](const ControlRun& run) { return run.step() < run.steps; });
    return open && !m_finished ? works.front() : QString();
}

void ControlPage::begin()
{
    const ControlPlan plan = m_document.experiment().control;
    if (plan.policies.empty())
        return emit refused(tr("There is no policy to train: tick one on the left."));
    if (!environmentAvailable(*plan.environment))
        return emit refused(QString::fromUtf8(
            MissingLibraryError("MuJoCo", "libmujoco-dev", std::string(plan.environment->name)).what()));
    bool resumes = false;
    try {
        const QString work = workToResume(plan);
        resumes = !work.isEmpty();
        m_work = resumes ? work : newWork(m_folder);
        m_runs = resumes ? keptControlRuns(path(work), plan) : waitingControlRuns(plan);
    } catch (const std::exception& error) {
        return emit refused(QString::fromUtf8(error.what()));
    }
    m_anew = false;
    m_live.clear();
    m_mail = std::make_shared<Mailbox<Mail>>();
    drawRuns();
    // One processor stays with the window and what it plays.
    const int threads = std::max(1, processorCount() - 1);
    launch(resumes ? tr("Going on") : tr("Beginning"),
        [plan, folder = path(m_work), resumes, threads, box = m_mail](const JobContext& context) {
            JobRunner::yieldToOthers();
            ControlWorkSinks sinks;
            sinks.event = [&](const RunId& id, const ControlEvent& event) {
                box->put([&](Mail& mail) { mail.events.emplace_back(id, event); });
            };
            sinks.snapshot = [&](const RunId& id, std::shared_ptr<const Policy> policy) {
                box->put([&](Mail& mail) {
                    std::erase_if(mail.snapshots, [&](const auto& older) { return older.first == id; });
                    mail.snapshots.emplace_back(id, std::move(policy));
                });
            };
            trainControlPlan(plan, folder, resumes, threads, sinks, context);
        });
}

void ControlPage::afterEnd(const QString& failure)
{
    drawRuns();
    if (!failure.isEmpty() && std::ranges::all_of(m_runs, [](const auto& run) { return run.progress.empty(); }))
        m_board->setEmptyText(failure);
}

QString ControlPage::sentence() const
{
    if (!m_runner.isRunning() || m_fraction <= 0)
        return JobPage::sentence();
    std::int64_t steps = 0;
    for (const ControlRun& run : m_runs)
        steps += run.step();
    const auto done = std::ranges::count_if(m_runs, [](const ControlRun& run) { return run.step() >= run.steps; });
    return tr("%1 of %2 trainings done, %3 steps").arg(done).arg(m_runs.size()).arg(steps);
}

void ControlPage::showView(View view)
{
    m_choice->setCurrent(view);
    m_stack->setCurrentIndex(m_choice->current());
    emit stateChanged();
}

ControlPage::View ControlPage::view() const { return m_choice->currentAs<View>(); }

QWidget* ControlPage::home() const
{
    return view() == View::play ? static_cast<QWidget*>(m_play->view(0)) : m_choice->button(view());
}

QWidget* ControlPage::setupPanel() const { return m_setup; }

FigureRequest ControlPage::figure(const QString& caption) const
{
    return view() == View::play ? m_play->figure(caption) : m_board->figure(caption);
}

void ControlPage::saveLayout(Settings& settings) const { settings.set("control/view", m_choice->current()); }

void ControlPage::restoreLayout(const Settings& settings)
{
    m_choice->setCurrent(static_cast<int>(settings.number("control/view", 0)));
    showView(view());
}

} // namespace endospike
