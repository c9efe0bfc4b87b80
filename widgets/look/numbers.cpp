#include "widgets/look/numbers.h"

#include <cmath>

namespace endospike {

namespace {

QString dash() { return QStringLiteral("–"); }

QString grouped(QString digits)
{
    for (qsizetype at = digits.size() - 3; at > (digits.startsWith(u'-') ? 1 : 0); at -= 3)
        digits.insert(at, QChar(0x202f));
    return digits;
}

} // namespace

QString fixedNumber(double value, int decimals)
{
    return std::isnan(value) ? dash() : QString::number(value, 'f', decimals).replace(u'-', QChar(0x2212));
}

QString plotNumber(double value, int significantDigits)
{
    return std::isnan(value) ? dash() : QString::number(value, 'g', significantDigits).replace(u'-', QChar(0x2212));
}

QString groupedCount(qint64 count) { return grouped(QString::number(count)); }

QString groupedNumber(double value) { return std::isfinite(value) ? grouped(QString::number(value, 'f', 0)) : dash(); }

QString superscript(int number)
{
    static const QString digits = QStringLiteral("⁰¹²³⁴⁵⁶⁷⁸⁹");
    QString text = number < 0 ? QStringLiteral("⁻") : QString();
    for (const QChar c : QString::number(std::abs(number)))
        text += digits[c.digitValue()];
    return text;
}

QString decadeText(int exponent)
{
    return exponent >= -2 && exponent <= 3 ? QString::number(std::pow(10, exponent))
                                           : QStringLiteral("10") + superscript(exponent);
}

} // namespace endospike
