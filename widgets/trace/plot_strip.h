// The strip above a stack of plots: a switch for each of them (a menu where there is no room), the time under the
// crosshair, options, the owner's tools, and whether the plots follow the newest samples. Says what is wished and
// changes nothing by itself.
#pragma once

#include "widgets/look/theme.h"

#include <QWidget>

#include <vector>

class QHBoxLayout;
class QLabel;
class QMenu;
class QToolButton;

namespace endospike {

class PlotStrip : public QWidget {
    Q_OBJECT
public:
    explicit PlotStrip(QWidget* parent = nullptr);

    void addPanel(const QString& key, const QString& title, bool shown);
    void setPanelShown(const QString& key, bool shown);
    void addTool(QToolButton* tool);
    QMenu* options() const;
    void setFollows(bool follows);
    /// Empty for none.
    void setReadout(const QString& text);

    void setTheme(const Theme& theme);
    /// Switches side by side if they fit into this width, else in a menu.
    void place(int width);

signals:
    void panelToggled(const QString& key, bool shown);
    void followsToggled(bool follows);

private:
    struct Switch {
        QString key;
        QToolButton* chip;
        QAction* action;
    };

    QHBoxLayout* m_row;
    std::vector<Switch> m_switches;
    std::vector<QToolButton*> m_tools;
    QToolButton* m_panelMenu;
    QToolButton* m_optionMenu;
    QToolButton* m_follows;
    QLabel* m_readout;
};

} // namespace endospike
