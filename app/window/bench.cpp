#include "app/window/bench.h"

#include "app/window/message_bar.h"
#include "sim/base/errors.h"

namespace endospike {

namespace {

const LaboratoryKind& laboratoryOf(const BenchKind& kind)
{
    if (const LaboratoryKind* laboratory = findLaboratory(kind.key))
        return *laboratory;
    throw DocumentError("laboratory", std::string(kind.key), "has a page in the window, but is no laboratory");
}

} // namespace

Bench::Bench(
    const BenchKind& kind, const Surroundings& surroundings, Settings& settings, MessageBar& messages, QWidget& window)
    : m_kind(kind)
    , m_laboratory(laboratoryOf(kind))
    , m_surroundings(surroundings)
    , m_settings(settings)
    , m_messages(messages)
    , m_document(m_laboratory.first())
    , m_files(m_document, surroundings, settings, messages, window)
    , m_recovery(m_document, surroundings.recoveryFolder)
{
    connect(&m_recovery, &Recovery::failed, this,
        [this](const QString& sentence) { m_messages.show("recovery-failed", MessageBar::Kind::problem, sentence); });
    connect(&m_document, &Document::edited, this, [this] { m_givenUp = false; });
}

Bench::~Bench() { delete m_page; } // before the document that it shows

Page& Bench::page()
{
    if (!m_page) {
        m_page = m_kind.page(m_document, m_surroundings);
        connectPage();
        m_page->restoreLayout(m_settings);
        emit pageMade(m_page);
    }
    return *m_page;
}

void Bench::connectPage()
{
    connect(m_page, &Page::refused, &m_files, &DocumentCommands::say);
    connect(m_page, &Page::undoable, this, [this](const QString& sentence, const std::function<void()>& undo) {
        m_messages.show("undoable", MessageBar::Kind::note, sentence, {{tr("Undo"), undo}});
    });
    connect(m_page, &Page::experimentWanted, this,
        [this](const Experiment& next) { m_files.guard([this, next] { m_document.replace(next, {}); }); });
    connect(m_page, &Page::recordingWanted, &m_files, &DocumentCommands::chooseRecording);
    connect(m_page, &Page::fileWanted, &m_files, &DocumentCommands::ask);
}

void Bench::enter(bool begun)
{
    if (begun && !m_started)
        restart(true);
    else
        page().resume();
}

void Bench::leave() { page().suspend(); }

void Bench::restart(bool now)
{
    m_started = now;
    if (now)
        page().start();
}

void Bench::stop()
{
    if (m_page)
        m_page->stop();
}

void Bench::askToClose(const std::function<void()>& then)
{
    m_files.guard([this, then] {
        m_givenUp = true;
        then();
    });
}

void Bench::saveLayout()
{
    if (m_page)
        m_page->saveLayout(m_settings);
}

} // namespace endospike
