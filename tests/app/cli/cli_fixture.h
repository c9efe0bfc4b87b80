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
