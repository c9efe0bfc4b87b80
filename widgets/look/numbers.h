// Numbers as a person reads them: a true minus sign, and a dash for NaN.
#pragma once

#include <QString>

namespace endospike {

QString fixedNumber(double value, int decimals); ///< "−3.20"
QString plotNumber(double value, int significantDigits);
/// Whole, with narrow spaces that do not break: "12 345".
QString groupedCount(qint64 count);
QString groupedNumber(double value); ///< the same of a rounded number; a dash for infinity too

QString superscript(int number); ///< "⁻⁹"
/// 10 to this power: "10⁻⁹", or the plain number where that is short.
QString decadeText(int exponent);

} // namespace endospike
