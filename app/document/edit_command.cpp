#include "app/document/edit_command.h"

#include "app/document/document.h"

namespace endospike {

EditCommand::EditCommand(
    Document& document, Experiment after, const QString& what, const QString& place, bool continues)
    : QUndoCommand(what)
    , m_document(document)
    , m_before(document.experiment())
    , m_after(std::move(after))
    , m_place(place)
    , m_continues(continues)
{
}

void EditCommand::undo() { m_document.setFromCommand(m_before); }

void EditCommand::redo() { m_document.setFromCommand(m_after); }

bool EditCommand::mergeWith(const QUndoCommand* other)
{
    const auto* next = static_cast<const EditCommand*>(other); // same id, so the same class
    if (!next->m_continues || next->m_place.isEmpty() || next->m_place != m_place)
        return false;
    m_after = next->m_after;
    setObsolete(m_after == m_before); // dragged back to where it was: nothing to undo
    return true;
}

} // namespace endospike
