// Where to begin: three things to see, the files of last time, the examples.
#pragma once

#include <QWidget>

#include <vector>

class QAbstractButton;
class QVBoxLayout;

namespace endospike {

class WelcomePage : public QWidget {
    Q_OBJECT

public:
    struct Link {
        QString text;
        QString target; ///< path of a file, or of an example's resource
        QString tip;
    };
    enum Card { neuron, equivalence, training };

    explicit WelcomePage(QWidget* parent = nullptr);

    /// Whole paths; their file names are shown.
    void setRecentFiles(const QStringList& paths);
    void setExamples(const std::vector<Link>& examples);

    QAbstractButton* card(Card which) const { return m_cards[static_cast<std::size_t>(which)]; }
    std::vector<QAbstractButton*> recentLinks() const { return linksIn(m_recent); }
    std::vector<QAbstractButton*> exampleLinks() const { return linksIn(m_examples); }

signals:
    void neuronWanted();
    void equivalenceWanted();
    /// The quick demonstration is to open and to start.
    void trainingWanted();
    void fileWanted(const QString& path);
    void exampleWanted(const QString& resource);

private:
    static std::vector<QAbstractButton*> linksIn(QVBoxLayout* column);
    QVBoxLayout* addList(class QHBoxLayout* row, const QString& title);
    void fill(QVBoxLayout* column, const std::vector<Link>& links, void (WelcomePage::*wanted)(const QString&));

    std::vector<QAbstractButton*> m_cards;
    QVBoxLayout* m_recent = nullptr;
    QVBoxLayout* m_examples = nullptr;
};

} // namespace endospike
