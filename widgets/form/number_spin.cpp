#include "widgets/form/number_spin.h"

#include "widgets/look/text.h"

#include <QFontMetrics>
#include <QKeyEvent>
#include <QLineEdit>
#include <QLocale>
#include <QMouseEvent>
#include <QToolTip>
#include <QWheelEvent>

#include <algorithm>
#include <cmath>
#include <utility>

namespace endospike {

namespace {

// Rounding noise of repeated steps goes away at the twelfth digit.
double withoutNoise(double value) { return QString::number(value, 'g', 12).toDouble(); }

int textRoom(const QWidget& like) { return like.fontMetrics().horizontalAdvance(QStringLiteral("0.00000 mS/cm²")); }

} // namespace

NumberSpin::NumberSpin(const Parameter& parameter, QWidget* parent)
    : QDoubleSpinBox(parent)
    , m_parameter(parameter)
{
    setLocale(QLocale::c());
    setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    setKeyboardTracking(false);
    setFocusPolicy(Qt::StrongFocus);
    // So many that no value of a document is rounded for being held here.
    setDecimals(parameter.kind == ParameterKind::real ? 40 : 0);
    setRange(parameter.minimum, parameter.maximum);
    if (!parameter.unit.empty())
        setSuffix(QStringLiteral(" ") + qstring(parameter.unit));
    m_known = parameter.initial;
    setValue(m_known);
    connect(this, &QDoubleSpinBox::editingFinished, this, &NumberSpin::commitTyping);
    connect(this, &QDoubleSpinBox::valueChanged, this, &NumberSpin::tellWhole);
}

void NumberSpin::show(double value)
{
    m_known = value;
    if (!isTyping() && QDoubleSpinBox::value() != value)
        setValue(value);
}

bool NumberSpin::isTyping() const { return hasFocus() && lineEdit()->isModified(); }

QString NumberSpin::textFromValue(double value) const { return m_whole ? wholeText(value) : fittingText(value); }

QString NumberSpin::wholeText(double value) const { return QString::fromStdString(shortNumber(value)); }

// So many digits that number and unit fit into the common width.
QString NumberSpin::fittingText(double value) const
{
    QString text = wholeText(value);
    if (m_parameter.kind == ParameterKind::real)
        for (int digits = 6; digits >= 2 && fontMetrics().horizontalAdvance(text + suffix()) > textRoom(*this);
             --digits)
            text = QString::number(value, 'g', digits);
    return text;
}

double NumberSpin::valueFromText(const QString& text) const
{
    QString number = text;
    if (number.endsWith(suffix()))
        number.chop(suffix().size());
    number = number.trimmed().replace(QLatin1Char(','), QLatin1Char('.'));
    // What is shown may be rounded: it stands for what the document holds.
    if (number == textFromValue(m_known))
        return m_known;
    bool ok = false;
    const double value = QLocale::c().toDouble(number, &ok);
    return ok ? value : m_known;
}

QValidator::State NumberSpin::validate(QString& text, int&) const
{
    QString number = text;
    const QString unit = suffix().trimmed();
    number = number.trimmed();
    if (!unit.isEmpty() && number.endsWith(unit))
        number.chop(unit.size());
    number = number.trimmed().replace(QLatin1Char(','), QLatin1Char('.'));
    for (const QChar c : number)
        if (!QStringLiteral("0123456789+-.eE").contains(c))
            return QValidator::Invalid;
    bool ok = false;
    const double value = QLocale::c().toDouble(number, &ok);
    return ok && refusal(m_parameter, value).empty() ? QValidator::Acceptable : QValidator::Intermediate;
}

// Text that is no allowed value when it is committed: a number goes to the nearest bound and the reason is shown,
// anything else goes back to what the document holds.
void NumberSpin::fixup(QString& text) const
{
    const double typed = valueFromText(text);
    const std::string why = refusal(m_parameter, typed);
    double value = std::isfinite(typed) ? std::min(std::max(typed, m_parameter.minimum), m_parameter.maximum) : m_known;
    if (m_parameter.kind != ParameterKind::real)
        value = std::round(value);
    if (!why.empty() && isVisible())
        QToolTip::showText(mapToGlobal(QPoint(0, height())),
            tr("%1 %2.").arg(qstring(m_parameter.label), QString::fromStdString(why)), const_cast<NumberSpin*>(this),
            {}, 4000);
    text = textFromValue(value) + suffix();
}

// One unit of the second digit of a logarithmic row; else a hundredth of the typical range, made nice.
double NumberSpin::stepAt(double value, bool up) const
{
    if (m_parameter.kind != ParameterKind::real)
        return 1;
    const double range = m_parameter.typicalMaximum - m_parameter.typicalMinimum;
    double rough = range / 100;
    if (m_parameter.logarithmic && value != 0) {
        double decade = std::floor(std::log10(std::abs(value)) + 1e-12);
        const bool towardsZero = up == (value < 0);
        if (towardsZero && std::abs(value) <= std::pow(10, decade) * (1 + 1e-12))
            decade -= 1;
        return std::pow(10, decade - 1);
    }
    if (!(rough > 0))
        rough = 1;
    const double decade = std::pow(10, std::floor(std::log10(rough) + 1e-12));
    const double digit = rough / decade;
    return decade * (digit < 1.5 ? 1 : digit < 3.5 ? 2 : digit < 7.5 ? 5 : 10);
}

void NumberSpin::stepBy(int steps)
{
    interpretText();
    double value = QDoubleSpinBox::value();
    for (int i = 0; i < std::abs(steps); ++i)
        value = withoutNoise(value + (steps > 0 ? 1 : -1) * stepAt(value, steps > 0));
    value = std::min(std::max(value, m_parameter.minimum), m_parameter.maximum);
    if (value == m_known)
        return;
    setValue(value);
    m_known = value;
    m_moved = m_held;
    emit edited(value, m_held);
}

QAbstractSpinBox::StepEnabled NumberSpin::stepEnabled() const
{
    StepEnabled enabled = StepNone;
    if (value() < m_parameter.maximum)
        enabled |= StepUpEnabled;
    if (value() > m_parameter.minimum)
        enabled |= StepDownEnabled;
    return enabled;
}

void NumberSpin::commitTyping()
{
    if (value() == m_known)
        return;
    m_known = value();
    emit edited(m_known, false);
}

void NumberSpin::endGesture()
{
    m_held = false;
    if (std::exchange(m_moved, false))
        emit edited(m_known, false);
}

void NumberSpin::keyPressEvent(QKeyEvent* event)
{
    const int key = event->key();
    if (key == Qt::Key_Escape && isTyping()) {
        lineEdit()->setText(textFromValue(m_known) + suffix());
        setValue(m_known);
        selectAll();
        return;
    }
    if (key == Qt::Key_Up || key == Qt::Key_Down || key == Qt::Key_PageUp || key == Qt::Key_PageDown)
        m_held = true;
    QDoubleSpinBox::keyPressEvent(event);
}

void NumberSpin::keyReleaseEvent(QKeyEvent* event)
{
    QDoubleSpinBox::keyReleaseEvent(event);
    if (!event->isAutoRepeat())
        endGesture();
}

void NumberSpin::mousePressEvent(QMouseEvent* event)
{
    m_held = true;
    QDoubleSpinBox::mousePressEvent(event);
}

void NumberSpin::mouseReleaseEvent(QMouseEvent* event)
{
    QDoubleSpinBox::mouseReleaseEvent(event);
    endGesture();
}

void NumberSpin::focusInEvent(QFocusEvent* event)
{
    showWhole(true);
    QDoubleSpinBox::focusInEvent(event);
}

void NumberSpin::focusOutEvent(QFocusEvent* event)
{
    endGesture();
    QDoubleSpinBox::focusOutEvent(event);
    showWhole(false);
}

void NumberSpin::changeEvent(QEvent* event)
{
    QDoubleSpinBox::changeEvent(event);
    if (event->type() == QEvent::FontChange)
        showWhole(m_whole);
}

void NumberSpin::showWhole(bool whole)
{
    m_whole = whole;
    const QSignalBlocker quiet(lineEdit());
    if (const QString text = textFromValue(value()) + suffix(); text != lineEdit()->text())
        lineEdit()->setText(text);
    tellWhole();
}

// Over a rounded number the tip is the whole one; else the tip of the row serves.
void NumberSpin::tellWhole()
{
    const QString text = wholeText(value());
    setToolTip(text == fittingText(value()) ? QString() : text + suffix());
}

// A wheel that passes over while the form scrolls must not change a value.
void NumberSpin::wheelEvent(QWheelEvent* event)
{
    if (hasFocus())
        QDoubleSpinBox::wheelEvent(event);
    else
        event->ignore();
}

QSize NumberSpin::sizeHint() const { return {commonWidth(*this), QDoubleSpinBox::sizeHint().height()}; }

int NumberSpin::commonWidth(const QWidget& like) { return textRoom(like) + like.fontMetrics().height() + 16; }

} // namespace endospike
