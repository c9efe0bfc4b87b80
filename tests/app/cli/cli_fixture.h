// Drives the real endospike-cli as a shell would.
#pragma once

#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QStringList>
#include <QTemporaryDir>

#include <sys/resource.h>

/// A folder of its own for what the commands of a test read and write.
class CliFolder {
protected:
    QString path(const QString& name) const { return m_folder.filePath(name); }
    QByteArray bytesOf(const QString& name) const
    {
        QFile file(path(name));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }

    QTemporaryDir m_folder;
};

/// Of a text of one JSON object a line; none if a line is something else.
inline QList<QJsonObject> linesOf(const QByteArray& text)
{
    QList<QJsonObject> lines;
    for (const QByteArray& line : text.split('\n'))
        if (!line.isEmpty()) {
            const QJsonDocument json = QJsonDocument::fromJson(line);
            if (!json.isObject())
                return {};
            lines.append(json.object());
        }
    return lines;
}
inline QList<QJsonObject> eventsOf(const QByteArray& text, const QString& event)
{
    QList<QJsonObject> lines = linesOf(text);
    lines.removeIf([&](const QJsonObject& line) { return line["event"] != event; });
    return lines;
}

struct Answer {
    int code;
    QByteArray out;
    QByteArray err;
};

inline Answer answerOf(QProcess& process)
{
    if (!process.waitForFinished(60'000) || process.exitStatus() != QProcess::NormalExit)
        return {-1, process.readAllStandardOutput(), process.readAllStandardError()};
    return {process.exitCode(), process.readAllStandardOutput(), process.readAllStandardError()};
}

inline Answer cli(const QStringList& arguments, const QByteArray& input = {}, rlim_t largestFile = RLIM_INFINITY)
{
    QProcess process;
    if (largestFile != RLIM_INFINITY)
        process.setChildProcessModifier([=] {
            const rlimit limit{largestFile, largestFile};
            setrlimit(RLIMIT_FSIZE, &limit);
        });
    process.start(ENDOSPIKE_CLI, arguments);
    process.write(input);
    process.closeWriteChannel();
    return answerOf(process);
}

#ifdef ENDOSPIKE_MPIRUN
inline Answer cliOfTwoProcesses(const QStringList& arguments)
{
    QProcess process;
    process.start(
        ENDOSPIKE_MPIRUN, QStringList{"--allow-run-as-root", "--oversubscribe", "-n", "2", ENDOSPIKE_CLI} + arguments);
    return answerOf(process);
}
#endif
