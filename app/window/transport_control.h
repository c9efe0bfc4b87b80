// The transport bar and the laboratory in front: what the bar is told goes to the page, what the page does is shown.
#pragma once

#include <QObject>

namespace endospike {

class MessageBar;
class TransportBar;
class Workbench;

class TransportControl : public QObject {
    Q_OBJECT

public:
    /// All of them outlive this.
    TransportControl(TransportBar& bar, Workbench& workbench, MessageBar& messages, QObject* parent);

    /// Factor on the present speed; 0: as fast as possible.
    void changeSpeed(double factor);
    void setSpeed(double ms_per_s);
    /// Time and rates, several times a second.
    void showReading();

private:
    void connectBar();
    void showFront();
    void showState();
    void showDuration();
    void editSimulation(int row, double value, bool continuing);

    TransportBar& m_bar;
    Workbench& m_workbench;
    MessageBar& m_messages;
};

} // namespace endospike
