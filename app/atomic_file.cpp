#include "app/atomic_file.h"

#include "sim/errors.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QLocale>
#include <QSaveFile>

namespace endospike {

namespace {

QString say(const char* text) { return QCoreApplication::translate("AtomicFile", text); }

[[noreturn]] void refuse(const QString& path, const QString& why)
{
    throw FileError(shownPath(path).toStdString(), why.toStdString());
}

} // namespace

void writeFileAtomically(const QString& path, const QByteArray& bytes)
{
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size() || !file.commit())
        refuse(path, file.errorString());
}

QByteArray readWholeFile(const QString& path, qint64 maximumBytes)
{
    const QFileInfo info(path);
    if (!info.exists())
        refuse(path, say("there is no such file"));
    if (!info.isFile())
        refuse(path, say("this is not a file"));
    const auto refuseSize = [&] {
        const QLocale locale = QLocale::c();
        refuse(path, say("the file is too large (%1); at most %2 can be opened")
                         .arg(locale.formattedDataSize(info.size(), 0), locale.formattedDataSize(maximumBytes, 0)));
    };
    if (info.size() > maximumBytes)
        refuseSize();
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        refuse(path, file.errorString());
    QByteArray bytes = file.read(maximumBytes + 1); // the file may have grown since
    if (file.error() != QFileDevice::NoError)
        refuse(path, file.errorString());
    if (bytes.size() > maximumBytes)
        refuseSize();
    return bytes;
}

QString shownPath(const QString& path)
{
    const QString home = QDir::homePath();
    const QString native = QDir::toNativeSeparators(path);
    if (home.size() > 1 && path.startsWith(home + QLatin1Char('/')))
        return QStringLiteral("~") + native.mid(home.size());
    return native;
}

} // namespace endospike
