// The networks of a plan: tick, colour, name. One that is not ticked is left out of the plan and keeps its row, so that
// a tick brings it back as it was. Wishes are reported; nothing is changed here.
#pragma once

#include "sim/network/training_plan.h"

#include <QWidget>

#include <memory>
#include <vector>

class QCheckBox;
class QLineEdit;
class QToolButton;
class QVBoxLayout;

namespace endospike {

class TrainingNetworkList : public QWidget {
    Q_OBJECT

public:
    explicit TrainingNetworkList(QWidget* parent = nullptr);
    ~TrainingNetworkList() override;

    /// Rows that are not ticked stay where they are, unless the plan holds their name again.
    void setNetworks(const std::vector<NetworkPlan>& networks);
    void forgetUnticked(); ///< another document

    int count() const { return static_cast<int>(m_rows.size()); }
    int current() const { return m_current; } ///< row, -1 with none
    void setCurrent(int row);
    const NetworkPlan& network(int row) const;
    bool isTicked(int row) const;

    QWidget* headerActions() const { return m_actions; } ///< add, duplicate, remove; for a section's header
    QToolButton* addButton() const { return m_add; }
    QToolButton* duplicateButton() const { return m_duplicate; }
    QToolButton* removeButton() const { return m_remove; }
    QCheckBox* box(int row) const;
    QLineEdit* nameEdit(int row) const;
    QWidget* rowWidget(int row) const;
    void startRename(int row);

signals:
    void currentChanged(); ///< another row, or another network in it
    /// The plan's networks as they are to be.
    void networksWanted(const QString& what, const std::vector<endospike::NetworkPlan>& networks);
    void refused(const QString& sentence);

protected:
    void keyPressEvent(QKeyEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;

private:
    struct Entry {
        NetworkPlan plan;
        bool ticked;
    };
    struct Row;
    void buildActions();
    void rebuild();
    std::unique_ptr<Row> buildRow(int index);
    void refresh();
    void refreshSelection();
    void want(const QString& what);
    void tick(int index, bool ticked);
    void add(const NetworkKind& kind);
    void duplicate();
    void remove();
    void finishRename(int index, bool accept);
    bool isFree(const std::string& name) const;
    std::string freeName(const std::string& wanted) const;

    std::vector<Entry> m_entries;
    std::vector<std::unique_ptr<Row>> m_rows;
    int m_current = -1;
    QWidget* m_actions;
    QToolButton* m_add = nullptr;
    QToolButton* m_duplicate = nullptr;
    QToolButton* m_remove = nullptr;
    QWidget* m_empty;
    QVBoxLayout* m_list;
};

} // namespace endospike
