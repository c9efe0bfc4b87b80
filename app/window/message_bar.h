// What the program has to say, in place of dialogs: rows at the top of the page that wait until they are read.
#pragma once

#include <QString>
#include <QWidget>

#include <functional>
#include <map>
#include <vector>

class QLabel;
class QProgressBar;
class QPushButton;
class QVBoxLayout;

namespace endospike {

class MessageBar : public QWidget {
    Q_OBJECT

public:
    enum class Kind {
        note, ///< goes away by itself
        problem,
        question, ///< waits for one of its actions
        progress, ///< with a bar
    };
    struct Action {
        QString label;
        std::function<void()> run;
    };

    explicit MessageBar(QWidget* parent = nullptr);

    /// A message with the same key is replaced. An action closes its row, then runs.
    void show(const QString& key, Kind kind, const QString& text, std::vector<Action> actions = {});
    void setProgress(const QString& key, double fraction, const QString& sentence);
    void dismiss(const QString& key);

    bool has(const QString& key) const { return m_rows.contains(key); }
    /// Empty if there is no such row.
    QString text(const QString& key) const;
    /// The button of an action, or null.
    QPushButton* button(const QString& key, const QString& label) const;

private:
    struct Row {
        QWidget* widget;
        QLabel* text;
        QProgressBar* progress;
        Kind kind;
    };
    void paintRow(const Row& row) const;
    void fillRow(Row& row, const QString& key, const std::vector<Action>& actions);

    QVBoxLayout* m_layout;
    std::map<QString, Row> m_rows;
};

} // namespace endospike
