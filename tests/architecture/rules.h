// The rules of the house that can be read off its source, as functions from a tree of files to what is wrong with it.
#pragma once

#include <QMap>
#include <QString>
#include <QStringList>

#include <span>

namespace endospike {

/// Path from the root, as in an #include, to the text of the file.
using SourceTree = QMap<QString, QString>;

struct ArchitectureRule {
    const char* name;
    QStringList (*faults)(const SourceTree& tree); ///< a sentence each, with the files to look at
};

std::span<const ArchitectureRule> architectureRules();

} // namespace endospike
