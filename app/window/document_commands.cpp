#include "app/window/document_commands.h"

#include "app/document/document.h"
#include "app/laboratory/settings.h"
#include "app/window/message_bar.h"
#include "sim/base/errors.h"
#include "sim/base/whole_file.h"
#include "sim/document/laboratory.h"
#include "sim/runs/safetensors.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QMessageBox>
#include <QPushButton>

#include <algorithm>

namespace endospike {

namespace {

constexpr const char* problemKey = "document";
constexpr std::size_t maximumRecordingBytes = 64u << 20;

QString documentFilter() { return DocumentCommands::tr("Endospike experiment (*.json)"); }

bool isTrained(const QString& path) { return QFileInfo(path).suffix().toLower() == QLatin1String("safetensors"); }

Experiment readResource(const QString& resource)
{
    QFile file(resource);
    if (!file.open(QIODevice::ReadOnly))
        throw FileError(resource.toStdString(), file.errorString().toStdString());
    return experimentFromJson(file.readAll().toStdString());
}

} // namespace

std::vector<Example> examples()
{
    std::vector<Example> found;
    const QDir folder(QStringLiteral(":/examples"));
    for (const QString& name : folder.entryList({QStringLiteral("*.json")}, QDir::Files, QDir::Name)) {
        try {
            const Experiment experiment = readResource(folder.filePath(name));
            found.push_back({folder.filePath(name), QString::fromStdString(experiment.title),
                QString::fromStdString(experiment.notes)});
        } catch (const std::runtime_error&) {
            continue;
        }
    }
    return found;
}

DocumentCommands::DocumentCommands(
    Document& document, const Surroundings& surroundings, Settings& settings, MessageBar& messages, QWidget& window)
    : m_document(document)
    , m_surroundings(surroundings)
    , m_settings(settings)
    , m_messages(messages)
    , m_window(window)
{
}

void DocumentCommands::say(const QString& problem)
{
    m_messages.show(QLatin1String(problemKey), MessageBar::Kind::problem, problem);
}

void DocumentCommands::guard(std::function<void()> then)
{
    if (m_document.isModified())
        askAboutChanges(std::move(then));
    else
        then();
}

void DocumentCommands::ask(const FileQuestion& question, const FileChosen& chosen)
{
    m_surroundings.chooseFile(&m_window, question, chosen);
}

void DocumentCommands::askAboutChanges(std::function<void()> then)
{
    if (m_question) { // asked already; the first answer counts
        m_question->raise();
        return;
    }
    auto* box = new QMessageBox(&m_window);
    m_question = box;
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->setIcon(QMessageBox::Question);
    box->setWindowTitle(tr("Unsaved changes"));
    box->setText(tr("“%1” has changes that are not saved.").arg(m_document.displayName()));
    box->setInformativeText(tr("Save them first?"));
    box->setStandardButtons(QMessageBox::Save | QMessageBox::Discard | QMessageBox::Cancel);
    box->setDefaultButton(QMessageBox::Save);
    connect(box, &QMessageBox::buttonClicked, this, [this, box, then = std::move(then)](QAbstractButton* button) {
        const auto answer = box->standardButton(button);
        m_question.clear();
        if (answer == QMessageBox::Save)
            saveThen(then);
        else if (answer == QMessageBox::Discard)
            then();
    });
    box->open();
}

void DocumentCommands::newDocument()
{
    guard([this] {
        m_messages.dismiss(QLatin1String(problemKey));
        m_document.replace(m_document.experiment().laboratory->first(), {});
    });
}

void DocumentCommands::open()
{
    ask({tr("Open an experiment, network or policy"), m_settings.lastFolder(),
            {tr("Endospike experiment, network or policy (*.json *.safetensors)")}, false, {}},
        [this](const QString& path) { openPath(path); });
}

void DocumentCommands::openPath(const QString& path)
{
    if (isTrained(path))
        return emit trainedWanted(path);
    DocumentCommands& owner = commandsFor([&] { return Document::read(path); });
    if (&owner != this)
        return owner.openPath(path);
    guard([this, path] { load(path); });
}

DocumentCommands& DocumentCommands::commandsFor(const std::function<Experiment()>& read)
{
    if (!m_route)
        return *this;
    try {
        return m_route(read().laboratory->key);
    } catch (const std::runtime_error&) { // said when it is opened
    }
    return *this;
}

void DocumentCommands::load(const QString& path)
{
    try {
        m_document.open(path);
        m_settings.addRecentFile(path);
        m_settings.setLastFolder(QFileInfo(path).absolutePath());
        m_messages.dismiss(QLatin1String(problemKey));
    } catch (const DocumentError& error) {
        say(tr("“%1” cannot be opened: %2").arg(QFileInfo(path).fileName(), QString::fromUtf8(error.what())));
    } catch (const FileError& error) {
        m_settings.removeRecentFile(QFileInfo(path).absoluteFilePath());
        say(tr("“%1” cannot be opened: %2").arg(QFileInfo(path).fileName(), QString::fromStdString(error.why)));
    }
}

void DocumentCommands::openExample(const QString& resource)
{
    DocumentCommands& owner = commandsFor([&] { return readResource(resource); });
    if (&owner != this)
        return owner.openExample(resource);
    guard([this, resource] {
        try {
            m_document.replace(readResource(resource), {});
            m_messages.dismiss(QLatin1String(problemKey));
        } catch (const std::runtime_error& error) {
            say(QString::fromUtf8(error.what()));
        }
    });
}

void DocumentCommands::save() { saveThen({}); }

void DocumentCommands::saveAs() { saveAsThen({}); }

void DocumentCommands::saveThen(std::function<void()> then)
{
    if (m_document.path().isEmpty())
        saveAsThen(std::move(then));
    else if (writeTo(m_document.path()) && then)
        then();
}

void DocumentCommands::saveAsThen(std::function<void()> then)
{
    QString suggestion = m_document.path();
    if (suggestion.isEmpty()) {
        QString name = m_document.displayName();
        name.replace(QLatin1Char('/'), QLatin1Char('-'));
        suggestion = QDir(m_settings.lastFolder()).filePath(name + QStringLiteral(".json"));
    }
    ask({tr("Save the experiment"), suggestion, {documentFilter()}, true, QStringLiteral("json")},
        [this, then = std::move(then)](const QString& path) {
            if (writeTo(path) && then)
                then();
        });
}

bool DocumentCommands::writeTo(const QString& path)
{
    try {
        m_document.save(path);
    } catch (const FileError& error) {
        say(tr("“%1” could not be saved: %2. The file is as it was before; try another place with Save as.")
                .arg(QFileInfo(path).fileName(), QString::fromStdString(error.why)));
        return false;
    }
    m_settings.addRecentFile(path);
    m_settings.setLastFolder(QFileInfo(path).absolutePath());
    m_messages.dismiss(QLatin1String(problemKey));
    return true;
}

void DocumentCommands::chooseRecording(int cellId, int part)
{
    ask({tr("Open a recorded current (columns: time in ms, current in µA/cm²)"), m_settings.lastFolder(),
            {tr("Table (*.csv *.tsv *.txt *.dat)"), tr("Any file (*)")}, false, {}},
        [this, cellId, part](const QString& path) { loadRecording(path, cellId, part); });
}

void DocumentCommands::loadRecording(const QString& path, int cellId, int part)
{
    const QString name = QFileInfo(path).fileName();
    try {
        const QFileInfo info(path);
        if (info.exists() && !info.isFile())
            throw FileError(path.toStdString(), tr("this is not a file").toStdString());
        auto recording = std::make_shared<const RecordedCurrent>(
            parseRecordedCurrent(readWholeFile(QFile::encodeName(path).toStdString(), maximumRecordingBytes)));
        Experiment after = m_document.experiment();
        Stimulus* stimulus = &after.neuron.stimulus;
        for (Cell& cell : after.neuron.cells)
            if (cell.id == cellId && cell.ownStimulus)
                stimulus = &*cell.ownStimulus;
        const auto index = static_cast<std::size_t>(part);
        if (part >= 0 && index < stimulus->parts.size() && stimulus->parts[index].kind->hasSamples) {
            stimulus->parts[index].recording = std::move(recording);
        } else {
            const auto kinds = stimulusKinds();
            const auto recorded = std::ranges::find_if(kinds, &StimulusKind::hasSamples);
            StimulusPart whole(*recorded);
            whole.recording = std::move(recording);
            stimulus->parts.assign(1, whole);
        }
        m_document.edit(std::move(after), tr("Recording %1").arg(name));
        m_document.endEdit();
        m_settings.setLastFolder(info.absolutePath());
        m_messages.dismiss(QLatin1String(problemKey));
    } catch (const DocumentError& error) {
        say(tr("“%1” is no recorded current: %2").arg(name, QString::fromUtf8(error.what())));
    } catch (const FileError& error) {
        say(tr("“%1” cannot be opened: %2").arg(name, QString::fromStdString(error.why)));
    }
}

bool DocumentCommands::canDrop(const QString& path)
{
    static const QStringList known{"json", "safetensors", "csv", "tsv", "txt", "dat"};
    return known.contains(QFileInfo(path).suffix().toLower());
}

bool DocumentCommands::dropFile(const QString& path)
{
    if (!canDrop(path))
        return false;
    if (isTrained(path) || QFileInfo(path).suffix().toLower() == QLatin1String("json"))
        openPath(path);
    else
        loadRecording(path, -1, -1);
    return true;
}

} // namespace endospike
