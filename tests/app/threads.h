// How many threads this process has.
#pragma once

#include <QDir>

namespace endospike {

inline qsizetype threads()
{
    return QDir(QStringLiteral("/proc/self/task")).entryList(QDir::Dirs | QDir::NoDotAndDotDot).size();
}

} // namespace endospike
