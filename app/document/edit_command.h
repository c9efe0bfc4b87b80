// The one undo step: the experiment before and after.
#pragma once

#include "sim/document/experiment.h"

#include <QString>
#include <QUndoCommand>

namespace endospike {

class Document;

class EditCommand : public QUndoCommand {
public:
    /// `place` names what is edited ("cells.3.parameters.gna"); edits of one place that `continues` an earlier one
    /// merge into its step.
    EditCommand(Document& document, Experiment after, const QString& what, const QString& place, bool continues);

    void undo() override;
    void redo() override;
    int id() const override { return 1; }
    bool mergeWith(const QUndoCommand* other) override;

private:
    Document& m_document;
    Experiment m_before;
    Experiment m_after;
    QString m_place;
    bool m_continues;
};

} // namespace endospike
