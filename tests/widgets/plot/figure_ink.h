// What is seen on a figure: its words, and its ink in the colours of what is drawn.
#pragma once

#include "widgets/plot/figure.h"

#include <QRegularExpression>
#include <QTest>
#include <QXmlStreamReader>

namespace endospike {

/// The words that a drawing in SVG shows, line by line; what it only describes itself with does not count.
inline QString wordsOn(const QByteArray& svg)
{
    QStringList words;
    for (QXmlStreamReader xml(svg); !xml.atEnd();)
        if (xml.readNext() == QXmlStreamReader::StartElement && xml.name() == QLatin1String("text"))
            words << xml.readElementText(QXmlStreamReader::IncludeChildElements).simplified();
    return words.join(' ');
}

/// Pixels of exactly this colour.
inline int inkOf(const QImage& image, const QColor& color)
{
    int ink = 0;
    for (int y = 0; y < image.height(); ++y)
        for (int x = 0; x < image.width(); ++x)
            ink += image.pixelColor(x, y) == color;
    return ink;
}

/// How many straight pieces a page of PDF strokes in this colour.
inline qsizetype piecesOf(const QByteArray& pdf, const QColor& color)
{
    static const QRegularExpression stroke(
        R"(([\d.]+) ([\d.]+) ([\d.]+) SCN\b(.*?)(?=SCN|$))", QRegularExpression::DotMatchesEverythingOption);
    qsizetype pieces = 0;
    for (qsizetype at = 0; (at = pdf.indexOf("stream\n", at)) >= 0; at = pdf.indexOf("endstream", at) + 9) {
        const QByteArray packed = pdf.mid(at + 7, pdf.indexOf("endstream", at) - at - 7);
        const QByteArray page = qUncompress(QByteArray("\0\x1\0\0", 4) + packed); // with a guess of its length
        for (auto all = stroke.globalMatch(QString::fromLatin1(page)); all.hasNext();)
            if (const auto one = all.next();
                QColor::fromRgbF(one.captured(1).toFloat(), one.captured(2).toFloat(), one.captured(3).toFloat()).rgb()
                == color.rgb())
                pieces += one.captured(4).count(" l\n");
    }
    return pieces;
}

/// More than a legend has: a curve across a part of a plot.
inline constexpr int inkOfACurve = 100;

/// The caption stands on the figure, and there is a curve, bar or dot of every colour.
inline void compareFigure(const FigureRequest& request, const QString& caption, const QList<QColor>& colors)
{
    const QString words = wordsOn(figureSvg(request));
    QVERIFY2(words.contains(caption), qPrintable(words));
    const QImage image = QImage::fromData(figurePng(request, 2), "PNG");
    for (const QColor& color : colors)
        QVERIFY2(inkOf(image, color) > inkOfACurve,
            qPrintable(QString("%1 pixels of %2").arg(inkOf(image, color)).arg(color.name())));
}

} // namespace endospike
