// Asking for a file without blocking the window. Replaceable, so that tests answer at once.
#pragma once

#include <QString>
#include <QStringList>

#include <functional>

class QWidget;

namespace endospike {

struct FileQuestion {
    QString title;
    QString start; ///< folder, or a suggested path when saving
    QStringList filters; ///< "Endospike experiment (*.json)"
    bool saving = false;
    QString suffix; ///< appended to a name without one when saving, without the dot
    bool folder = false; ///< a folder is asked for, not a file
};

/// An absolute path.
using FileChosen = std::function<void(const QString&)>;

/// Calls `chosen` with an absolute path, later or at once; not at all if the person thinks better of it.
using FileChooser = std::function<void(QWidget* parent, const FileQuestion& question, FileChosen chosen)>;

/// The platform's own dialog.
void chooseFileInDialog(QWidget* parent, const FileQuestion& question, FileChosen chosen);

} // namespace endospike
