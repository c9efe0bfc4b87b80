// In place of a view, or above the runs: what is missing, and the buttons that help.
#pragma once

#include <QFrame>

#include <functional>
#include <vector>

class QHBoxLayout;
class QLabel;
class QPushButton;

namespace endospike {

class TrainingNotice : public QFrame {
    Q_OBJECT

public:
    struct Help {
        QString label;
        std::function<void()> run;
    };
    /// `strip`: one row above something else; else in the middle of its place.
    explicit TrainingNotice(bool strip, QWidget* parent = nullptr);

    /// The same buttons keep standing when only the sentence changes.
    void show(const QString& sentence, std::vector<Help> help);
    QString text() const;
    QPushButton* button(const QString& label) const; ///< or null

private:
    void paint();

    bool m_strip;
    QLabel* m_text;
    QHBoxLayout* m_buttons;
    std::vector<Help> m_help;
    std::vector<QPushButton*> m_shown;
};

} // namespace endospike
