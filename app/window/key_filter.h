// Keys that no menu entry can hold: a key that acts while it is down, Enter on buttons, leaving a field.
#pragma once

#include <QObject>
#include <QString>

#include <vector>

class QAbstractButton;
class QAbstractSpinBox;
class QKeyEvent;
class QWidget;

namespace endospike {

class LiveTransport;
class Workbench;

/// Sees every key of the program before its widgets do, and minds those of one window.
class KeyFilter : public QObject {
    Q_OBJECT

public:
    /// Both outlive this.
    KeyFilter(QWidget& window, Workbench& workbench, QObject* parent);

    struct Key {
        QString keys;
        QString meaning;
    };
    /// For help.
    static std::vector<Key> keys();

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    bool takesInjection(const QKeyEvent& key, const QWidget& widget);
    void endInjection();
    void leaveField(const QKeyEvent& key, const QWidget& widget);
    static bool pressesButton(const QKeyEvent& key, QWidget& widget);

    QWidget& m_window;
    Workbench& m_workbench;
    LiveTransport* m_injected = nullptr; ///< while the key is down
};

} // namespace endospike
