// A form generated from a parameter table. It shows values and reports edits; the document is somebody else's.
#pragma once

#include "sim/base/parameter.h"

#include <QWidget>

#include <memory>
#include <vector>

class QCheckBox;
class QComboBox;
class QToolButton;

namespace endospike {

class NumberSpin;
class ValueSlider;

/// A gesture is any number of edits with continuing = true closed by one with continuing = false; a lone edit with
/// false is a gesture of its own. One gesture is one undo step.
class ParameterForm : public QWidget {
    Q_OBJECT
public:
    explicit ParameterForm(QWidget* parent = nullptr);
    ~ParameterForm() override;

    /// Shows the values. Controls are rebuilt only when the table is another one; a control that the user holds or
    /// types in is left alone.
    void setValues(const ParameterValues& values);
    const ParameterValues& values() const { return m_values; }

    /// Rows that are shown elsewhere. Kept for tables set later.
    void setHiddenRows(std::vector<int> rows);
    /// Disables a row that has no effect under the present values; the reason joins its tooltip.
    void setRowEnabled(int row, bool enabled, const QString& reason = {});

    /// The controls of a row, null where the row has none of that kind.
    NumberSpin* spin(int row) const;
    ValueSlider* slider(int row) const;
    QComboBox* combo(int row) const;
    QCheckBox* check(int row) const;
    /// Visible where the value differs from the default; a click restores it.
    QToolButton* restoreButton(int row) const;

    /// "120 mS/cm²", "on", "Runge-Kutta 4": a value as a person reads it.
    static QString valueText(const Parameter& row, double value);
    /// Meaning, symbol, unit, range and default as rich text.
    static QString toolTip(const Parameter& row);

signals:
    void valueEdited(int row, double value, bool continuing);

protected:
    void changeEvent(QEvent* event) override;

private:
    struct Row;
    void rebuild();
    void buildNumber(Row& row, int index, const Parameter& parameter);
    void buildChoice(Row& row, int index, const Parameter& parameter);
    void buildFlag(Row& row, int index, const Parameter& parameter);
    void buildRestore(Row& row, int index, const Parameter& parameter);
    void edit(int index, double value, bool continuing);
    void refresh(int index);
    void updateLabels();

    ParameterValues m_values;
    std::vector<int> m_hidden;
    std::vector<std::unique_ptr<Row>> m_rows;
};

/// "Learning rate 0.001, input scale 0.0039": what differs from the defaults; a dash for nothing.
QString differencesText(const ParameterValues& values);

} // namespace endospike
