#include "app/document/recovery.h"

#include "app/document/document.h"
#include "sim/base/errors.h"
#include "sim/base/whole_file.h"

#include <QDir>
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QUuid>

namespace endospike {

namespace {

constexpr const char* suffix = ".recovery";

QString lockOf(const QString& file) { return file + QStringLiteral(".lock"); }

} // namespace

Recovery::Recovery(Document& document, const QString& folder, QObject* parent)
    : QObject(parent)
    , m_document(document)
    , m_folder(folder)
    , m_file(folder + QLatin1Char('/') + QUuid::createUuid().toString(QUuid::WithoutBraces) + QLatin1String(suffix))
{
    QDir().mkpath(folder);
    m_lock = std::make_unique<QLockFile>(lockOf(m_file));
    m_lock->setStaleLockTime(0); // stale when its owner is gone, not after some time
    m_lock->tryLock(0);
    connect(&m_timer, &QTimer::timeout, this, &Recovery::update);
    m_timer.start(interval_ms);
}

Recovery::~Recovery() { end(); }

void Recovery::end()
{
    m_timer.stop();
    QFile::remove(m_file);
}

std::optional<Recovery::Found> Recovery::findLost()
{
    const QDir folder(m_folder);
    const QStringList names = folder.entryList({QStringLiteral("*") + QLatin1String(suffix)}, QDir::Files, QDir::Time);
    for (const QString& name : names) {
        const QString file = folder.filePath(name);
        if (file == m_file)
            continue;
        const auto lock = std::make_shared<QLockFile>(lockOf(file));
        lock->setStaleLockTime(0);
        if (!lock->tryLock(0))
            continue; // another program is running with it
        if (auto found = read(file)) {
            found->lock = lock;
            return found;
        }
        QFile::remove(file);
    }
    return std::nullopt;
}

std::optional<Recovery::Found> Recovery::read(const QString& file) const
{
    try {
        const std::string bytes = readWholeFile(QFile::encodeName(file).toStdString(), 2 * maximumDocumentBytes);
        const QJsonObject object = QJsonDocument::fromJson(QByteArray::fromStdString(bytes)).object();
        return Found{experimentFromJson(object.value("experiment").toString().toStdString()),
            object.value("path").toString(),
            QDateTime::fromString(object.value("written").toString(), Qt::ISODateWithMs), file, nullptr};
    } catch (const std::runtime_error&) {
        return std::nullopt;
    }
}

void Recovery::discard(const Found& found) { QFile::remove(found.file); }

void Recovery::update()
{
    if (!m_document.isModified()) {
        if (m_written)
            QFile::remove(m_file);
        m_written = false;
        return;
    }
    if (m_written && m_writtenRevision == m_document.revision())
        return;
    const QJsonObject object{{"path", m_document.path()},
        {"written", QDateTime::currentDateTime().toString(Qt::ISODateWithMs)},
        {"experiment", QString::fromStdString(toJson(m_document.experiment()))}};
    try {
        writeWholeFile(QFile::encodeName(m_file).toStdString(), QJsonDocument(object).toJson().toStdString());
        m_written = true;
        m_writtenRevision = m_document.revision();
        m_failed = false;
    } catch (const FileError& error) {
        if (!std::exchange(m_failed, true))
            emit failed(tr("Unsaved work cannot be kept safe: %1").arg(QString::fromUtf8(error.what())));
    }
}

} // namespace endospike
