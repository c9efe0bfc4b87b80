// Where the window keeps what it computes: each work has a folder RUNS/LABORATORY/20261125-221305-123, named after the
// time when it began.
#pragma once

#include <QDateTime>
#include <QString>
#include <QStringList>
#include <QTemporaryDir>

#include <memory>

namespace endospike {

/// Of all laboratories.
class RunsFolder {
public:
    /// Empty: a temporary one that goes with this.
    explicit RunsFolder(const QString& path);

    const QString& path() const { return m_path; }
    /// Of the works of one laboratory.
    QString of(const QString& laboratory) const;

private:
    std::unique_ptr<QTemporaryDir> m_temporary;
    QString m_path;
};

/// For a work in `folder` that begins now. Makes nothing.
QString newWork(const QString& folder);

/// Everything in `folder` that may be a work, newest first; last what is not named after a time.
QStringList worksIn(const QString& folder);

/// When a work began, from its folder's name; invalid if that does not begin with a time.
QDateTime timeOfWork(const QString& work);

} // namespace endospike
