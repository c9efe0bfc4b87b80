#include "app/training/archive.h"

#include "app/jobs/work_folder.h"
#include "sim/base/errors.h"
#include "sim/network/checkpoint.h"

#include <QDir>
#include <QFile>

#include <algorithm>
#include <filesystem>
#include <optional>
#include <system_error>

namespace endospike {

namespace {

namespace fs = std::filesystem;

fs::path pathOf(const QString& name) { return QFile::encodeName(name).toStdString(); }

/// Hidden, so that it is no work.
QString asideIn(const QString& folder) { return QDir(folder).filePath(QStringLiteral(".removed")); }

void move(const fs::path& from, const fs::path& to)
{
    std::error_code error;
    fs::create_directories(to.parent_path(), error);
    if (!error)
        fs::rename(from, to, error);
    if (error)
        throw FileError(from.string(), error.message());
}

void readWork(const QString& work, std::vector<RunRecord>& records, QStringList& problems)
{
    try {
        RunList list = readRunFolders(pathOf(work).string());
        std::move(list.runs.begin(), list.runs.end(), std::back_inserter(records));
        for (const std::string& problem : list.problems)
            problems << QString::fromStdString(problem);
    } catch (const FileError& error) {
        problems << QString::fromUtf8(error.what());
    }
}

} // namespace

TrainingArchive::TrainingArchive(const QString& folder, QObject* parent)
    : QObject(parent)
    , m_folder(folder)
{
    for (NewestJob* job : {&m_listing, &m_opening, &m_adopting})
        connect(job, &NewestJob::failed, this, &TrainingArchive::failed);
}

void TrainingArchive::list()
{
    struct Found {
        std::vector<RunRecord> records;
        QStringList problems;
    };
    const auto found = std::make_shared<Found>();
    m_listing.want(
        [folder = m_folder, found](const JobContext& context) {
            std::error_code ignored; // it is looked for again next time
            fs::remove_all(pathOf(asideIn(folder)), ignored);
            for (const QString& work : worksIn(folder))
                if (!context.stop.stop_requested())
                    readWork(work, found->records, found->problems);
        },
        [this, found] { emit listed(std::move(found->records), found->problems); });
}

void TrainingArchive::open(const std::string& runFolder)
{
    const auto found = std::make_shared<std::optional<Checkpoint>>();
    m_opening.want([runFolder, found](const JobContext&) { *found = readCheckpoint(checkpointPath(runFolder)); },
        [this, runFolder, found] {
            Checkpoint& checkpoint = **found;
            EpochMetrics metrics;
            metrics.epoch = -1;
            if (!checkpoint.history.empty())
                metrics = checkpoint.history.back();
            emit opened(runFolder, checkpoint.id, metrics, std::move(checkpoint.network));
        });
}

void TrainingArchive::adopt(const QString& file)
{
    const auto record = std::make_shared<RunRecord>();
    m_adopting.want(
        [file, folder = m_folder, work = newWork(m_folder), record](const JobContext&) {
            const QString all = QFileInfo(folder).canonicalFilePath(); // empty before the first run
            const QString run = QFileInfo(file).canonicalPath();
            const bool ours = !all.isEmpty() && run.startsWith(all + u'/');
            *record = ours ? readRunFolder(pathOf(QDir(folder).filePath(QDir(all).relativeFilePath(run))).string())
                           : adoptCheckpoint(pathOf(file).string(), pathOf(work).string());
        },
        [this, record] { emit adopted(*record); });
}

void TrainingArchive::stop()
{
    m_listing.stop();
    m_opening.stop();
    m_adopting.stop();
}

std::string TrainingArchive::moveAside(const std::string& runFolder)
{
    const fs::path from(runFolder);
    const fs::path to = pathOf(newWork(asideIn(m_folder))) / from.filename();
    move(from, to);
    std::error_code notEmpty; // or it is not ours; then it stays
    fs::remove(from.parent_path(), notEmpty);
    return to.string();
}

void TrainingArchive::putBack(const std::string& aside, const std::string& runFolder) { move(aside, runFolder); }

} // namespace endospike
