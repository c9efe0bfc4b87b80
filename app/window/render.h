// The first experiment without a display: the window as a picture, its run as a table.
#pragma once

#include "widgets/look/theme.h"

#include <QString>

#include <optional>

namespace endospike {

/// Writes first-run.png (the window, 1280 x 800) and first-run.csv into `folder`, which is made if need be; with a
/// document its name takes the place of "first-run". Returns the two paths. Throws FileError, DocumentError,
/// SimulationError.
std::pair<QString, QString> renderExperiment(
    const QString& folder, const QString& documentPath, std::optional<ThemeKind> theme);

} // namespace endospike
