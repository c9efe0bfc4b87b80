// Drives the real endospike-cli as a shell would.
#pragma once

#include <QProcess>
#include <QStringList>

#include <sys/resource.h>

struct Answer {
    int code;
    QByteArray out;
    QByteArray err;
};

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
    if (!process.waitForFinished(60'000) || process.exitStatus() != QProcess::NormalExit)
        return {-1, process.readAllStandardOutput(), process.readAllStandardError()};
    return {process.exitCode(), process.readAllStandardOutput(), process.readAllStandardError()};
}
