// A laboratory in the window: its page, its own document, and what acts on it.
#pragma once

#include "app/document/document.h"
#include "app/document/recovery.h"
#include "app/window/document_commands.h"
#include "app/window/laboratories.h"
#include "sim/document/laboratory.h"

#include <QObject>
#include <QPointer>

namespace endospike {

class Bench : public QObject {
    Q_OBJECT

public:
    /// All of them outlive this. `window` is the parent of dialogs. Throws DocumentError if the engine has no such
    /// laboratory.
    Bench(const BenchKind& kind, const Surroundings& surroundings, Settings& settings, MessageBar& messages,
        QWidget& window);
    ~Bench() override;

    const BenchKind& kind() const { return m_kind; }
    const LaboratoryKind& laboratory() const { return m_laboratory; }
    Document& document() { return m_document; }
    DocumentCommands& files() { return m_files; }
    Recovery& recovery() { return m_recovery; }
    /// Made when it is first asked for, laid out as it was at the last end.
    Page& page();

    /// Comes to the front, or back to it; nothing is computed before the program has begun.
    void enter(bool begun);
    void leave();
    /// The page begins anew with its document: now, or when it comes to the front next.
    void restart(bool now);
    void stop();
    void saveLayout();

    /// Nothing would be lost, or it is to be lost.
    bool mayClose() const { return m_givenUp || !m_document.isModified(); }
    void askToClose(const std::function<void()>& then);

signals:
    void pageMade(endospike::Page* page);

private:
    void connectPage();

    const BenchKind& m_kind;
    const LaboratoryKind& m_laboratory;
    const Surroundings& m_surroundings;
    Settings& m_settings;
    MessageBar& m_messages;
    Document m_document;
    DocumentCommands m_files;
    Recovery m_recovery;
    QPointer<Page> m_page;
    bool m_started = false;
    bool m_givenUp = false;
};

} // namespace endospike
