// What a crash left behind is offered, one piece after the other.
#pragma once

#include "app/document/recovery.h"

namespace endospike {

class MessageBar;
class Workbench;

class RecoveryOffer : public QObject {
    Q_OBJECT

public:
    /// Both outlive this.
    RecoveryOffer(Workbench& workbench, MessageBar& messages, QObject* parent);

    /// Asks about the newest piece, if there is one.
    void offer();

private:
    void recover(const Recovery::Found& found);

    Workbench& m_workbench;
    MessageBar& m_messages;
};

} // namespace endospike
