// Something that is to be written: where to is asked first, then it is written in the background.
#pragma once

#include "sim/base/job.h"

#include <QString>
#include <QStringList>

#include <functional>

namespace endospike {

struct ExportRequest {
    QString title; ///< of the question
    QString what; ///< follows the document's name in the suggested file name
    QStringList filters; ///< of the file's name; none: a folder is asked for
    QString suffix; ///< without the dot
    /// On a thread of its own. Throws FileError, SimulationError.
    std::function<void(const QString& path, const JobContext& context)> write;
};

} // namespace endospike
