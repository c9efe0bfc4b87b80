#include "widgets/form/parameter_form.h"

#include "widgets/form/number_spin.h"
#include "widgets/form/quiet_combo.h"
#include "widgets/form/value_slider.h"
#include "widgets/look/text.h"
#include "widgets/look/theme.h"

#include <QCheckBox>
#include <QComboBox>
#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

namespace endospike {

namespace {

QString number(double value) { return QString::fromStdString(shortNumber(value)); }

QString withUnit(const Parameter& row, const QString& text)
{
    return row.unit.empty() ? text : text + QStringLiteral(" ") + qstring(row.unit);
}

} // namespace

struct ParameterForm::Row {
    QWidget* box = nullptr;
    QHBoxLayout* top = nullptr;
    QLabel* label = nullptr;
    QToolButton* restore = nullptr;
    NumberSpin* spin = nullptr;
    ValueSlider* slider = nullptr;
    QComboBox* combo = nullptr;
    QCheckBox* check = nullptr;
};

ParameterForm::ParameterForm(QWidget* parent)
    : QWidget(parent)
{
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(8);
    layout->setAlignment(Qt::AlignTop);
    connect(&themeNotifier(), &ThemeNotifier::themeChanged, this, &ParameterForm::updateLabels);
}

// A control with the focus reports its last edit when it goes: it must go while there is still a form to report to.
ParameterForm::~ParameterForm()
{
    for (const auto& row : m_rows)
        delete row->box;
}

void ParameterForm::setValues(const ParameterValues& values)
{
    const bool sameTable = values.table().data() == m_values.table().data() && values.size() == m_values.size();
    m_values = values;
    if (!sameTable)
        rebuild();
    for (int row = 0; row < static_cast<int>(m_rows.size()); ++row)
        refresh(row);
}

void ParameterForm::setHiddenRows(std::vector<int> rows)
{
    m_hidden = std::move(rows);
    for (int i = 0; i < static_cast<int>(m_rows.size()); ++i)
        m_rows[i]->box->setVisible(std::find(m_hidden.begin(), m_hidden.end(), i) == m_hidden.end());
}

void ParameterForm::setRowEnabled(int row, bool enabled, const QString& reason)
{
    m_rows.at(row)->box->setEnabled(enabled);
    const QString tip = toolTip(m_values.table()[row]);
    m_rows[row]->box->setToolTip(enabled || reason.isEmpty() ? tip : tip + QStringLiteral("<p>%1</p>").arg(reason));
}

NumberSpin* ParameterForm::spin(int row) const { return m_rows.at(row)->spin; }
ValueSlider* ParameterForm::slider(int row) const { return m_rows.at(row)->slider; }
QComboBox* ParameterForm::combo(int row) const { return m_rows.at(row)->combo; }
QCheckBox* ParameterForm::check(int row) const { return m_rows.at(row)->check; }
QToolButton* ParameterForm::restoreButton(int row) const { return m_rows.at(row)->restore; }

QString ParameterForm::valueText(const Parameter& row, double value)
{
    return qstring(endospike::valueText(row, value));
}

QString ParameterForm::toolTip(const Parameter& row)
{
    QString head = QStringLiteral("<b>%1</b>").arg(qstring(row.label).toHtmlEscaped());
    if (!row.symbol.empty())
        head += QStringLiteral(" ") + qstring(row.symbol);
    QString facts;
    if (row.kind == ParameterKind::real || row.kind == ParameterKind::integer)
        facts = tr("Allowed %1 to %2, typical %3 to %4")
                    .arg(number(row.minimum), withUnit(row, number(row.maximum)), number(row.typicalMinimum),
                        withUnit(row, number(row.typicalMaximum)))
            + QStringLiteral("<br>");
    for (const Choice& choice : row.choices)
        facts += QStringLiteral("<i>%1</i>: %2<br>")
                     .arg(qstring(choice.label).toHtmlEscaped(), qstring(choice.meaning).toHtmlEscaped());
    facts += tr("Default %1").arg(valueText(row, row.initial));
    return QStringLiteral("<html><p>%1</p><p>%2</p><p>%3</p></html>")
        .arg(head, qstring(row.meaning).toHtmlEscaped(), facts);
}

void ParameterForm::rebuild()
{
    for (const auto& row : m_rows)
        delete row->box;
    m_rows.clear();
    const ParameterTable table = m_values.table();
    for (int i = 0; i < static_cast<int>(table.size()); ++i) {
        m_rows.push_back(std::make_unique<Row>());
        Row& row = *m_rows.back();
        row.box = new QWidget(this);
        row.box->setToolTip(toolTip(table[i]));
        row.box->setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
        auto* column = new QVBoxLayout(row.box);
        column->setContentsMargins(0, 0, 0, 0);
        column->setSpacing(0);
        row.top = new QHBoxLayout;
        row.top->setSpacing(8);
        column->addLayout(row.top);
        if (table[i].kind == ParameterKind::flag) {
            buildFlag(row, i, table[i]);
        } else {
            row.label = new QLabel(row.box);
            row.label->setTextFormat(Qt::RichText);
            row.label->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
            row.top->addWidget(row.label, 1);
            if (table[i].kind == ParameterKind::choice)
                buildChoice(row, i, table[i]);
            else
                buildNumber(row, i, table[i]);
        }
        buildRestore(row, i, table[i]);
        layout()->addWidget(row.box);
    }
    setHiddenRows(m_hidden);
    updateLabels();
}

void ParameterForm::buildNumber(Row& row, int index, const Parameter& parameter)
{
    auto* line = new QHBoxLayout;
    line->setSpacing(8);
    row.slider = new ValueSlider(row.box);
    row.slider->setScale(parameter.typicalMinimum, parameter.typicalMaximum, parameter.logarithmic,
        parameter.kind == ParameterKind::integer);
    row.slider->setMark(parameter.initial);
    row.spin = new NumberSpin(parameter, row.box);
    const QString name = parameter.unit.empty()
        ? qstring(parameter.label)
        : qstring(parameter.label) + QStringLiteral(", ") + qstring(parameter.unit);
    row.slider->setAccessibleName(name);
    row.spin->setAccessibleName(name);
    row.slider->setAccessibleDescription(qstring(parameter.meaning));
    row.spin->setAccessibleDescription(qstring(parameter.meaning));
    row.label->setBuddy(row.spin);
    line->addWidget(row.slider, 1);
    line->addWidget(row.spin);
    static_cast<QVBoxLayout*>(row.box->layout())->addLayout(line);
    connect(row.slider, &ValueSlider::edited, this, [this, index](double v, bool more) { edit(index, v, more); });
    connect(row.spin, &NumberSpin::edited, this, [this, index](double v, bool more) { edit(index, v, more); });
}

void ParameterForm::buildChoice(Row& row, int index, const Parameter& parameter)
{
    row.combo = new QuietCombo(row.box);
    row.combo->setAccessibleName(qstring(parameter.label));
    row.combo->setAccessibleDescription(qstring(parameter.meaning));
    for (const Choice& choice : parameter.choices) {
        row.combo->addItem(qstring(choice.label), qstring(choice.key));
        row.combo->setItemData(row.combo->count() - 1, qstring(choice.meaning), Qt::ToolTipRole);
    }
    row.label->setBuddy(row.combo);
    row.box->layout()->addWidget(row.combo);
    connect(row.combo, &QComboBox::activated, this, [this, index](int choice) { edit(index, choice, false); });
}

void ParameterForm::buildFlag(Row& row, int index, const Parameter& parameter)
{
    row.check = new QCheckBox(qstring(parameter.label), row.box);
    row.check->setAccessibleDescription(qstring(parameter.meaning));
    row.top->addWidget(row.check, 1);
    connect(row.check, &QCheckBox::clicked, this, [this, index](bool on) { edit(index, on ? 1 : 0, false); });
}

void ParameterForm::buildRestore(Row& row, int index, const Parameter& parameter)
{
    const QString value = valueText(parameter, parameter.initial);
    row.restore = new QToolButton(row.box);
    row.restore->setObjectName(QStringLiteral("restore"));
    row.restore->setAutoRaise(true);
    row.restore->setIcon(themedIcon("restore"));
    row.restore->setToolTip(tr("Differs from the default. Click to restore %1.").arg(value));
    row.restore->setAccessibleName(tr("Restore %1 to %2").arg(qstring(parameter.label), value));
    row.restore->setStyleSheet(QStringLiteral("QToolButton { padding: 0; }"));
    row.top->addWidget(row.restore);
    connect(row.restore, &QToolButton::clicked, this,
        [this, index] { edit(index, m_values.table()[index].initial, false); });
}

void ParameterForm::edit(int index, double value, bool continuing)
{
    if (!refusal(m_values.table()[index], value).empty())
        return;
    m_values.set(static_cast<std::size_t>(index), value);
    refresh(index);
    emit valueEdited(index, value, continuing);
}

void ParameterForm::refresh(int index)
{
    const Row& row = *m_rows[index];
    const double value = m_values[index];
    if (row.spin)
        row.spin->show(value);
    if (row.slider)
        row.slider->show(value);
    if (row.combo)
        row.combo->setCurrentIndex(static_cast<int>(value));
    if (row.check)
        row.check->setChecked(value != 0);
    row.restore->setVisible(!m_values.isDefault(index));
}

void ParameterForm::updateLabels()
{
    const QString muted = currentTheme().mutedText.name();
    for (int i = 0; i < static_cast<int>(m_rows.size()); ++i) {
        const Parameter& parameter = m_values.table()[i];
        const int side = fontMetrics().height() + 4;
        m_rows[i]->restore->setFixedSize(side, side);
        m_rows[i]->restore->setIconSize({side - 4, side - 4});
        // Every row is as high with its mark as without.
        if (m_rows[i]->check)
            m_rows[i]->box->setFixedHeight(side + 4);
        if (!m_rows[i]->label)
            continue;
        QString text = qstring(parameter.label).toHtmlEscaped();
        if (!parameter.symbol.empty())
            text += QStringLiteral("&nbsp; <span style=\"color:%1\">%2</span>").arg(muted, qstring(parameter.symbol));
        m_rows[i]->label->setText(text);
        m_rows[i]->label->setFixedHeight(side);
    }
}

void ParameterForm::changeEvent(QEvent* event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::FontChange)
        updateLabels();
}

QString differencesText(const ParameterValues& values)
{
    QStringList words;
    for (std::size_t row = 0; row < values.size(); ++row)
        if (!values.isDefault(row)) {
            const Parameter& parameter = values.table()[row];
            QString value = QString::number(values[row], 'g', 4);
            if (parameter.kind == ParameterKind::choice)
                value = qstring(parameter.choices[static_cast<std::size_t>(values[row])].label);
            words << QStringLiteral("%1 %2 %3").arg(qstring(parameter.label), value, qstring(parameter.unit)).trimmed();
        }
    return words.isEmpty() ? QStringLiteral("–") : words.join(QStringLiteral(", "));
}

} // namespace endospike
