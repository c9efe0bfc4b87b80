#include "app/document/document.h"

#include "app/document/edit_command.h"
#include "sim/base/errors.h"
#include "sim/base/whole_file.h"

#include <QFile>
#include <QFileInfo>

namespace endospike {

Document::Document(Experiment experiment, QObject* parent)
    : QObject(parent)
    , m_experiment(std::move(experiment))
{
    m_undo.setUndoLimit(1000);
    connect(&m_undo, &QUndoStack::cleanChanged, this, &Document::nameChanged);
}

/// The stack says while it goes that it is clean; whoever showed the name may be gone.
Document::~Document() { m_undo.disconnect(this); }

QString Document::displayName() const
{
    if (!m_path.isEmpty())
        return QFileInfo(m_path).fileName();
    return m_experiment.title.empty() ? tr("Untitled") : QString::fromStdString(m_experiment.title);
}

bool Document::isModified() const { return m_storedNowhere || !m_undo.isClean(); }

void Document::edit(Experiment after, const QString& what, const QString& place)
{
    if (after == m_experiment)
        return;
    const bool continues = !place.isEmpty() && place == m_openPlace;
    m_openPlace = place;
    m_undo.push(new EditCommand(*this, std::move(after), what, place, continues));
}

void Document::replace(Experiment experiment, const QString& path, bool modified)
{
    m_openPlace.clear();
    m_experiment = std::move(experiment);
    m_path = path;
    m_storedNowhere = modified;
    ++m_revision;
    m_undo.clear();
    emit replaced();
    emit nameChanged();
}

void Document::open(const QString& path)
{
    Experiment experiment = read(path);
    replace(std::move(experiment), QFileInfo(path).absoluteFilePath());
}

void Document::save(const QString& path)
{
    writeWholeFile(QFile::encodeName(path).toStdString(), toJson(m_experiment));
    m_path = QFileInfo(path).absoluteFilePath();
    m_storedNowhere = false;
    m_openPlace.clear();
    m_undo.setClean();
    emit nameChanged();
}

Experiment Document::read(const QString& path)
{
    // A pipe or a device would keep the window waiting.
    const QFileInfo info(path);
    if (info.exists() && !info.isFile())
        throw FileError(path.toStdString(), tr("this is not a file").toStdString());
    return experimentFromJson(readWholeFile(QFile::encodeName(path).toStdString(), maximumDocumentBytes));
}

void Document::setFromCommand(const Experiment& experiment)
{
    m_experiment = experiment;
    ++m_revision;
    emit edited();
}

} // namespace endospike
