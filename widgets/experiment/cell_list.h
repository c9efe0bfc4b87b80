// The cells of an experiment: line style, visibility, name, model. Wishes are reported; nothing is changed here.
#pragma once

#include "sim/neuron/neuron_plan.h"

#include <QWidget>

#include <memory>
#include <vector>

class QLineEdit;
class QToolButton;
class QVBoxLayout;

namespace endospike {

class CellList : public QWidget {
    Q_OBJECT
public:
    explicit CellList(QWidget* parent = nullptr);
    ~CellList() override;

    void setCells(const NeuronPlan& plan);
    /// Shows this cell as selected; does not emit. An unknown id selects the first cell.
    void setSelected(int cellId);
    int selectedId() const { return m_selected; } ///< -1 with no cells

    // The controls, for composing and for tests.
    QWidget* headerActions() const
    {
        return m_headerActions;
    } ///< add, duplicate, remove; may be moved into a section header
    QToolButton* addButton() const { return m_add; }
    QToolButton* duplicateButton() const { return m_duplicate; }
    QToolButton* removeButton() const { return m_remove; }
    int count() const { return static_cast<int>(m_rows.size()); }
    QWidget* rowWidget(int cellId) const;
    QToolButton* visibilityButton(int cellId) const;
    QLineEdit* nameEdit(int cellId) const;

public slots:
    void startRename(int cellId);

signals:
    void addRequested(const QString& modelKey);
    void duplicateRequested(int cellId);
    void removeRequested(int cellId);
    void renameRequested(int cellId, const QString& name);
    void visibilityRequested(int cellId, bool visible);
    void modelChangeRequested(int cellId, const QString& modelKey);
    void selected(int cellId); ///< by the user

protected:
    void keyPressEvent(QKeyEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;

private:
    struct Row;
    void buildActions();
    void rebuild();
    std::unique_ptr<Row> buildRow(int id);
    void finishRename(int cellId, bool accept);
    void refresh();
    void refreshSelection();
    void select(int cellId);
    void moveSelection(int by);
    void showMenu(int cellId, const QPoint& globalPosition);
    Row* row(int cellId) const;

    NeuronPlan m_plan;
    std::vector<std::unique_ptr<Row>> m_rows;
    int m_selected = -1;
    QWidget* m_headerActions;
    QToolButton* m_add;
    QToolButton* m_duplicate;
    QToolButton* m_remove;
    QWidget* m_empty;
    QVBoxLayout* m_list;
};

} // namespace endospike
