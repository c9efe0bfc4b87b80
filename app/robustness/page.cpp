#include "app/robustness/page.h"

#include "app/document/document.h"
#include "app/laboratory/settings.h"
#include "app/robustness/board.h"
#include "app/robustness/noise_mirror_view.h"
#include "app/robustness/setup.h"
#include "sim/base/errors.h"
#include "sim/base/whole_file.h"
#include "sim/network/workers.h"
#include "sim/robustness/sweep_files.h"
#include "widgets/form/segmented_control.h"

#include <QAbstractButton>
#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QHBoxLayout>
#include <QStackedWidget>
#include <QVBoxLayout>

#include <algorithm>
#include <map>

namespace endospike {

namespace {

std::string path(const QString& name) { return QFile::encodeName(name).toStdString(); }

bool sameWork(const Experiment& a, const Experiment& b) { return a.training == b.training && a.own == b.own; }

std::size_t gridSize(const Experiment& experiment)
{
    std::size_t all = 0;
    for (const SweepUnit& unit : sweepUnits(experiment))
        all += unit.fields.size();
    return all;
}

} // namespace

struct RobustnessPage::Mail {
    std::vector<FieldResult> fields;
    std::vector<std::string> problems;
};

RobustnessPage::RobustnessPage(Document& document, const QString& runsFolder, QWidget* parent)
    : JobPage(document, tr("Done."), tr("Stopped; Run goes on."), parent)
    , m_setup(new RobustnessSetup)
    , m_board(new RobustnessBoard)
    , m_mirror(new NoiseMirrorView)
    , m_choice(new SegmentedControl({tr("Sweep"), tr("Noise mirror")}))
    , m_setups(new QStackedWidget)
    , m_stack(new QStackedWidget)
    , m_runsFolder(runsFolder)
    , m_folder(m_runsFolder.of(QStringLiteral("robustness")))
    , m_mail(std::make_shared<Mailbox<Mail>>())
{
    build();
    m_board->setEmptyText(tr("Press Run: each network is trained, or found among those trained earlier, and shown "
                             "canvases with more and more noise."));
    connect(m_setup, &RobustnessSetup::changeWanted, this, &RobustnessPage::change);
    connect(m_setup, &RobustnessSetup::fileWanted, this, &Page::fileWanted);
    connect(m_setup, &RobustnessSetup::folderChosen, this, [this](const QString& folder) {
        m_others << folder;
        lookForTrained();
    });
    connect(m_choice, &SegmentedControl::chosen, this, &RobustnessPage::chooseView);
    connect(m_mirror, &NoiseMirrorView::trained, this, &RobustnessPage::lookForTrained);
    connect(m_mirror, &NoiseMirrorView::refused, this, &Page::refused);
    m_mirror->setFolder(m_runsFolder.of(QStringLiteral("training")));
    connect(&m_search, &NewestJob::failed, this, &Page::refused);
    showExperiment();
}

void RobustnessPage::build()
{
    m_choice->setAccessibleName(tr("View of the laboratory"));
    m_choice->setCurrent(View::sweep);
    auto* strip = new QHBoxLayout;
    strip->setContentsMargins(8, 8, 8, 4);
    strip->addWidget(m_choice);
    strip->addStretch(1);
    m_setups->addWidget(m_setup);
    m_setups->addWidget(m_mirror->setupPanel());
    m_setups->setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Preferred);
    m_stack->addWidget(m_board);
    m_stack->addWidget(m_mirror);
    auto* right = new QVBoxLayout;
    right->setSpacing(0);
    right->addLayout(strip);
    right->addWidget(m_stack, 1);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(0);
    row->addWidget(m_setups);
    row->addLayout(right, 1);
}

RobustnessPage::~RobustnessPage()
{
    blockSignals(true); // whoever listens is going too
    stop();
}

void RobustnessPage::showExperiment()
{
    m_setup->setExperiment(m_document.experiment());
    m_mirror->setPlan(m_document.experiment().training);
    showFields(); // whether it is the sweep of these settings
}

RobustnessPage::View RobustnessPage::view() const { return m_choice->currentAs<View>(); }

void RobustnessPage::chooseView()
{
    m_setups->setCurrentIndex(m_choice->current());
    m_stack->setCurrentIndex(m_choice->current());
    if (view() == View::mirror)
        m_mirror->enter();
    else
        m_mirror->leave();
}

QStringList RobustnessPage::roots() const
{
    QStringList all{m_runsFolder.of(QStringLiteral("training")), m_folder,
        QDir(QCoreApplication::applicationDirPath()).filePath(QStringLiteral("../share/endospike/networks"))};
    all << m_others;
    all.removeIf([](const QString& folder) { return !QDir(folder).exists(); });
    return all;
}

void RobustnessPage::lookForTrained()
{
    std::vector<std::string> folders;
    for (const QString& root : roots())
        folders.push_back(path(root));
    const auto found = std::make_shared<RunList>();
    m_search.want([found, folders](const JobContext&) { *found = readTrainedBelow(folders); },
        [this, found] {
            m_setup->setTrained(found, roots());
            m_mirror->setTrained(found);
        });
}

void RobustnessPage::start()
{
    lookForTrained();
    if (!std::exchange(m_looked, true) && m_fields.empty() && !m_runner.isRunning())
        showLast();
    if (view() == View::mirror)
        m_mirror->enter();
}

void RobustnessPage::showLast()
{
    const QStringList works = worksIn(m_folder);
    if (works.isEmpty())
        return;
    try {
        SweepRecord record = readSweepFolder(path(works.front()));
        m_work = works.front();
        m_of = record.of;
        m_finished = record.fields.size() == record.of;
        m_fraction =
            static_cast<double>(record.fields.size()) / static_cast<double>(std::max<std::size_t>(record.of, 1));
        m_fields = std::move(record.fields);
        m_begun = std::move(record.experiment);
    } catch (const FileError& error) {
        emit refused(QString::fromUtf8(error.what()));
    } catch (const DocumentError& error) {
        emit refused(QString::fromUtf8(error.what()));
    }
    showFields();
}

void RobustnessPage::stop()
{
    JobPage::stop();
    m_search.stop();
    m_mirror->stop();
}

void RobustnessPage::suspend() { m_mirror->leave(); }

void RobustnessPage::resume()
{
    lookForTrained(); // the training laboratory may have made some
    if (view() == View::mirror)
        m_mirror->enter();
}

void RobustnessPage::takeMail()
{
    Mail mail = m_mail->take();
    if (!mail.problems.empty())
        emit refused(QString::fromStdString(mail.problems.front()));
    if (mail.fields.empty())
        return;
    for (FieldResult& field : mail.fields)
        if (std::ranges::none_of(m_fields, [&](const FieldResult& known) { return known.field == field.field; }))
            m_fields.push_back(std::move(field));
    sortFields();
    showFields();
}

/// Sums are then the same to the bit whatever came first.
void RobustnessPage::sortFields()
{
    std::map<std::string, std::size_t> places;
    for (const SweepUnit& unit : sweepUnits(*m_begun))
        for (const SweepField& field : unit.fields)
            places.emplace(field.fileName(), places.size());
    std::ranges::sort(m_fields, {}, [&](const FieldResult& result) { return places.at(result.field.fileName()); });
}

void RobustnessPage::showFields()
{
    if (!m_begun)
        return;
    QString title = tr("<b>Sweep of %1</b>, %2 of %3 cells")
                        .arg(timeOfWork(m_work).toString(QStringLiteral("d MMM yyyy, HH:mm")))
                        .arg(m_fields.size())
                        .arg(m_of);
    const auto failed =
        std::ranges::count_if(m_fields, [](const FieldResult& result) { return !result.error.empty(); });
    if (failed > 0)
        title += tr(", %1 without a result (see the tip of the cell)").arg(failed);
    if (!sameWork(*m_begun, m_document.experiment()))
        title += tr(", with other settings than those on the left");
    m_board->setSweep(*m_begun, m_fields, title);
}

void RobustnessPage::begin()
{
    const Experiment& experiment = m_document.experiment();
    if (experiment.training.networks.empty())
        return emit refused(tr("There is no network to test: tick one on the left."));
    const bool resumes = m_begun && !m_finished && sameWork(*m_begun, experiment);
    if (!resumes) {
        m_work = newWork(m_folder);
        m_fields.clear();
        m_begun = experiment;
        m_of = gridSize(experiment);
    }
    m_mail = std::make_shared<Mailbox<Mail>>();
    m_board->setEmptyText(tr("The first network is being trained: points appear as its cells are done."));
    showFields();
    SweepOptions options;
    options.folder = path(m_work);
    options.threads = processorCount();
    for (const QString& folder : m_setup->usesAll() ? roots() : m_setup->reuse())
        options.checkpoints.push_back(path(folder));
    launch(tr("Reading the images"), [experiment = *m_begun, options, box = m_mail](const JobContext& context) {
        JobRunner::yieldToOthers();
        writeSweepExperiment(options.folder, experiment);
        const TrainingImages images = readTrainingImages(experiment.training);
        const SweepOutcome outcome = runSweep(
            experiment, images, options,
            [&](const FieldResult& result) { box->put([&](Mail& mail) { mail.fields.push_back(result); }); }, context);
        if (!outcome.stopped)
            writeWholeFile(options.folder + "/summary.json", summaryAsJson(experiment, outcome.fields));
        box->put([&](Mail& mail) { mail.problems = outcome.problems; });
    });
}

void RobustnessPage::afterEnd(const QString& failure)
{
    m_board->setEmptyText(
        failure.isEmpty() ? tr("Stopped before the first network was trained. Run goes on.") : failure);
    lookForTrained();
}

QWidget* RobustnessPage::home() const { return m_choice->button(m_choice->current()); }

QWidget* RobustnessPage::setupPanel() const { return m_setups; }

QString RobustnessPage::csv() const { return view() == View::sweep ? m_board->csv() : m_mirror->csv(); }

FigureRequest RobustnessPage::figure(const QString& caption) const
{
    return view() == View::sweep ? m_board->figure(caption) : m_mirror->figure(caption);
}

void RobustnessPage::saveLayout(Settings& settings) const { settings.set("robustness/view", m_choice->current()); }

void RobustnessPage::restoreLayout(const Settings& settings)
{
    m_choice->setCurrent(static_cast<int>(settings.number("robustness/view", 0)));
    m_setups->setCurrentIndex(m_choice->current());
    m_stack->setCurrentIndex(m_choice->current());
}

} // namespace endospike
