// The open document: an experiment, where it is stored, and how to get back.
#pragma once

#include "sim/document/experiment.h"

#include <QObject>
#include <QString>
#include <QUndoStack>

namespace endospike {

class Document : public QObject {
    Q_OBJECT

public:
    /// Unsaved and unmodified.
    explicit Document(Experiment experiment, QObject* parent = nullptr);
    ~Document() override;

    const Experiment& experiment() const { return m_experiment; }
    /// Where it is stored; empty if nowhere yet.
    const QString& path() const { return m_path; }
    /// The file's name, or the experiment's title, or "Untitled".
    QString displayName() const;
    bool isModified() const;
    QUndoStack& undoStack() { return m_undo; }
    /// Counts up with every change of the experiment.
    quint64 revision() const { return m_revision; }

    /// One undo step called `what`. Consecutive edits of the same non-empty `place` are one step until endEdit(). An
    /// edit that changes nothing is no step.
    void edit(Experiment after, const QString& what, const QString& place = {});
    /// What was being dragged or typed is done: the next edit is a step of its own.
    void endEdit() { m_openPlace.clear(); }

    /// Another experiment in place of this one; nothing to undo. `modified`: it is stored nowhere as it stands.
    void replace(Experiment experiment, const QString& path, bool modified = false);

    /// Both throw DocumentError or FileError and then leave everything as it was.
    void open(const QString& path);
    void save(const QString& path);

    /// Reads a document without opening it. Throws DocumentError, FileError.
    static Experiment read(const QString& path);

signals:
    /// The experiment was edited (or undone, redone).
    void edited();
    /// Another experiment was put in place.
    void replaced();
    /// The name or the modified mark may have changed.
    void nameChanged();

private:
    friend class EditCommand;
    void setFromCommand(const Experiment& experiment);

    Experiment m_experiment;
    QString m_path;
    QUndoStack m_undo;
    QString m_openPlace;
    bool m_storedNowhere = false;
    quint64 m_revision = 0;
};

} // namespace endospike
