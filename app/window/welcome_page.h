// Where to begin: what the laboratories show of themselves, the files of last time, the examples.
#pragma once

#include "app/laboratory/front.h"
#include "app/window/laboratories.h"

#include <span>
#include <string_view>
#include <utility>
#include <vector>

class QAbstractButton;
class QVBoxLayout;

namespace endospike {

class WelcomePage : public Front {
    Q_OBJECT

public:
    struct Link {
        QString text;
        QString target; ///< path of a file, or of an example's resource
        QString tip;
    };

    explicit WelcomePage(std::span<const BenchKind> laboratories, QWidget* parent = nullptr);

    /// Whole paths; their file names are shown.
    void setRecentFiles(const QStringList& paths);
    void setExamples(const std::vector<Link>& examples);

    /// Of a laboratory; null for one that shows none.
    QAbstractButton* card(std::string_view key) const;
    std::vector<QAbstractButton*> recentLinks() const { return linksIn(m_recent); }
    std::vector<QAbstractButton*> exampleLinks() const { return linksIn(m_examples); }

signals:
    /// `runs`: its first document is to be opened and started.
    void laboratoryWanted(std::string_view key, bool runs);
    void fileWanted(const QString& path);
    void exampleWanted(const QString& resource);

private:
    static std::vector<QAbstractButton*> linksIn(QVBoxLayout* column);
    QVBoxLayout* addList(class QHBoxLayout* row, const QString& title);
    void fill(QVBoxLayout* column, const std::vector<Link>& links, void (WelcomePage::*wanted)(const QString&));

    std::vector<std::pair<std::string_view, QAbstractButton*>> m_cards;
    QVBoxLayout* m_recent = nullptr;
    QVBoxLayout* m_examples = nullptr;
};

} // namespace endospike
