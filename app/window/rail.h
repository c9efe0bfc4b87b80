// The laboratories and what else can be brought to the front, as a column of buttons at the left edge.
#pragma once

#include <QKeySequence>
#include <QWidget>

#include <functional>
#include <string_view>

class QButtonGroup;
class QToolButton;
class QVBoxLayout;

namespace endospike {

/// Ctrl+1 to Ctrl+9, then Ctrl+Alt+1 to Ctrl+Alt+9; no key for what comes after. Counted from 1.
QKeySequence railKey(int number);

class Rail : public QWidget {
    Q_OBJECT

public:
    explicit Rail(QWidget* parent = nullptr);

    /// At the lower end. `tip` is what the button does; its key is added.
    QToolButton* add(const QString& name, std::string_view icon, const QString& tip, const QKeySequence& key,
        const std::function<void()>& run);

private:
    QButtonGroup* m_buttons;
    QVBoxLayout* m_column;
};

} // namespace endospike
