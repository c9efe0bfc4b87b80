// The laboratories, one of them in front, or something beside them that lies in front of it.
#pragma once

#include "app/window/bench.h"

#include <QStackedWidget>
#include <QUndoGroup>

#include <memory>
#include <vector>

namespace endospike {

class Workbench : public QStackedWidget {
    Q_OBJECT

public:
    /// A bench for each row of benchKinds(). All outlive this; `window` is the parent of dialogs.
    Workbench(const Surroundings& surroundings, Settings& settings, MessageBar& messages, QWidget& window);
    ~Workbench() override;

    const std::vector<std::unique_ptr<Bench>>& benches() const { return m_benches; }
    /// Throws DocumentError for a laboratory without a page.
    Bench& find(std::string_view laboratory) const;
    /// In front, or behind what lies in front.
    Bench& bench() const { return *m_bench; }
    bool isLaboratoryInFront() const;
    /// Of what is in front.
    PageParts parts() const;
    QUndoGroup& undo() { return m_undo; }

    void show(Bench& bench);
    void showAside(Front& aside);
    /// The laboratory in front begins to compute.
    void begin();
    void end();

    /// A trained network or policy, in the laboratory that trains such; what cannot be opened is said.
    void openTrained(const QString& path);
    /// True if nothing would be lost; else asks, and calls `again` once a laboratory may be closed.
    bool mayClose(const std::function<void()>& again);

signals:
    void frontChanged();
    /// The page in front runs or not, or has other parts.
    void stateChanged();
    /// Of the laboratory in front: content, name or whether it is saved.
    void documentChanged();

private:
    void connectBench(Bench& bench);
    void addPage(Bench& bench, Page* page);

    Settings& m_settings;
    QUndoGroup m_undo;
    std::vector<std::unique_ptr<Bench>> m_benches;
    Bench* m_bench = nullptr;
    bool m_begun = false;
};

} // namespace endospike
