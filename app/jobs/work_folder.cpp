#include "app/jobs/work_folder.h"

#include <QDir>
#include <QFileInfo>
#include <QRegularExpression>

#include <algorithm>

namespace endospike {

RunsFolder::RunsFolder(const QString& path)
    : m_temporary(path.isEmpty() ? std::make_unique<QTemporaryDir>() : nullptr)
    , m_path(m_temporary ? m_temporary->path() : path)
{
}

QString RunsFolder::of(const QString& laboratory) const { return QDir(m_path).filePath(laboratory); }

QString newWork(const QString& folder)
{
    return QDir(folder).filePath(QDateTime::currentDateTime().toString(QStringLiteral("yyyyMMdd-HHmmss-zzz")));
}

QStringList worksIn(const QString& folder)
{
    const QDir all(folder);
    QStringList works = all.entryList(QDir::Dirs | QDir::NoDotAndDotDot, QDir::Name | QDir::Reversed);
    std::ranges::stable_partition(works, [](const QString& name) { return timeOfWork(name).isValid(); });
    for (QString& work : works)
        work = all.filePath(work);
    return works;
}

QDateTime timeOfWork(const QString& work)
{
    static const QRegularExpression time(QStringLiteral("^\\d{8}-\\d{6}(?!\\d)"));
    return QDateTime::fromString(time.match(QFileInfo(work).fileName()).captured(), QStringLiteral("yyyyMMdd-HHmmss"));
}

} // namespace endospike
