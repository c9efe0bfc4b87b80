#include "app/window/workbench.h"

#include "sim/base/errors.h"
#include "sim/runs/safetensors.h"

#include <QFile>
#include <QFileInfo>

#include <algorithm>

namespace endospike {

namespace {

/// Throws FileError if no laboratory trains what the file holds.
const BenchKind& kindOfTrained(const QString& path)
{
    const std::string file = QFile::encodeName(path).toStdString();
    const std::string format = readMetadata(file, "format");
    for (const BenchKind& kind : benchKinds())
        if (std::ranges::find(kind.trainedFormats, format) != kind.trainedFormats.end())
            return kind;
    throw FileError(file, "holds no network or policy that Endospike trained");
}

} // namespace

Workbench::Workbench(const Surroundings& surroundings, Settings& settings, MessageBar& messages, QWidget& window)
    : m_settings(settings)
{
    for (const BenchKind& kind : benchKinds()) {
        m_benches.push_back(std::make_unique<Bench>(kind, surroundings, settings, messages, window));
        connectBench(*m_benches.back());
    }
}

Workbench::~Workbench()
{
    hide(); // no page is shown in place of one that goes
    end();
    m_benches.clear();
}

void Workbench::connectBench(Bench& bench)
{
    m_undo.addStack(&bench.document().undoStack());
    bench.files().setRoute([this](std::string_view laboratory) -> DocumentCommands& {
        Bench& owner = find(laboratory);
        show(owner);
        return owner.files();
    });
    connect(&bench.files(), &DocumentCommands::trainedWanted, this, &Workbench::openTrained);
    connect(&bench, &Bench::pageMade, this, [this, &bench](Page* page) { addPage(bench, page); });
    for (const auto change : {&Document::edited, &Document::replaced, &Document::nameChanged})
        connect(&bench.document(), change, this, [this, &bench] {
            if (m_bench == &bench)
                emit documentChanged();
        });
}

void Workbench::addPage(Bench& bench, Page* page)
{
    addWidget(page);
    connect(page, &Page::stateChanged, this, [this, &bench] {
        if (m_bench == &bench)
            emit stateChanged();
    });
    // After the page itself has heard of it.
    connect(
        &bench.document(), &Document::replaced, page, [this, &bench] { bench.restart(m_begun && m_bench == &bench); });
}

Bench& Workbench::find(std::string_view laboratory) const
{
    for (const auto& bench : m_benches)
        if (bench->kind().key == laboratory)
            return *bench;
    throw DocumentError("laboratory", {}, "has no page in the window; the command line runs its documents");
}

bool Workbench::isLaboratoryInFront() const { return m_bench && currentWidget() == &m_bench->page(); }

PageParts Workbench::parts() const { return static_cast<Front*>(currentWidget())->parts(); }

void Workbench::show(Bench& bench)
{
    Bench* const before = m_bench;
    const bool wasInFront = isLaboratoryInFront();
    if (wasInFront && before == &bench)
        return;
    if (wasInFront)
        before->leave();
    m_bench = &bench;
    m_undo.setActiveStack(&bench.document().undoStack());
    setCurrentWidget(&bench.page());
    if (before && !wasInFront)
        bench.page().home()->setFocus(); // not the first text field, which would take the keys
    bench.enter(m_begun);
    emit frontChanged();
}

void Workbench::showAside(Front& aside)
{
    if (isLaboratoryInFront())
        m_bench->leave();
    if (indexOf(&aside) < 0)
        addWidget(&aside);
    setCurrentWidget(&aside);
    m_undo.setActiveStack(nullptr);
    emit frontChanged();
}

void Workbench::begin()
{
    m_begun = true;
    m_bench->restart(true);
}

void Workbench::end()
{
    m_begun = false;
    for (const auto& bench : m_benches)
        bench->stop();
}

bool Workbench::mayClose(const std::function<void()>& again)
{
    for (const auto& bench : m_benches)
        if (!bench->mayClose()) {
            show(*bench);
            bench->askToClose(again);
            return false;
        }
    return true;
}

void Workbench::openTrained(const QString& path)
{
    try {
        Bench& owner = find(kindOfTrained(path).key);
        show(owner);
        if (TrainedOpener* opener = owner.page().parts().opener)
            opener->openTrained(path);
        m_settings.addRecentFile(path);
        m_settings.setLastFolder(QFileInfo(path).absolutePath());
    } catch (const FileError& error) {
        m_settings.removeRecentFile(QFileInfo(path).absoluteFilePath());
        m_bench->files().say(
            tr("“%1” cannot be opened: %2").arg(QFileInfo(path).fileName(), QString::fromStdString(error.why)));
    }
}

} // namespace endospike
