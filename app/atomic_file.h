// Whole files, in and out: what stands at a path is either the old bytes or the new ones, never half.
#pragma once

#include <QByteArray>
#include <QString>

namespace endospike {

/// Throws FileError and leaves the old file as it was if anything goes wrong (folder missing, not writable, disk full).
void writeFileAtomically(const QString& path, const QByteArray& bytes);

/// Throws FileError: missing, not a regular file, not readable, larger than `maximumBytes` (refused by its size, before reading).
QByteArray readWholeFile(const QString& path, qint64 maximumBytes);

/// A path as it is shown to people.
QString shownPath(const QString& path);

} // namespace endospike
