// How verdicts are written, everywhere.
#pragma once

#include "sim/results/verdict.h"

#include <QString>

namespace endospike {

QString mark(Outcome outcome); ///< "✓", "◐", "✗", "–"
QString verdictText(const Verdict& verdict); ///< "holds in part, 2 of 3"
QString relationText(Relation relation); ///< "about equal to"

} // namespace endospike
