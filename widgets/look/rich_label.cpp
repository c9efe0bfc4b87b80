#include "widgets/look/rich_label.h"

#include <QFontMetricsF>
#include <QPainter>

namespace endospike {

namespace {

struct Run {
    QString text;
    QFont font;
    double rise; ///< of the baseline, px
};

QFont smaller(QFont font)
{
    if (font.pixelSize() > 0)
        font.setPixelSize(qMax(6, qRound(font.pixelSize() * 0.76)));
    else
        font.setPointSizeF(font.pointSizeF() * 0.76);
    return font;
}

template <class Take>
void forEachRun(const QFont& font, const QString& text, Take take)
{
    Run run{{}, font, 0};
    const double height = QFontMetricsF(font).ascent();
    const auto flush = [&] {
        run.text.replace(QLatin1String("&lt;"), QLatin1String("<")).replace(QLatin1String("&gt;"), QLatin1String(">"));
        run.text.replace(QLatin1String("&quot;"), QLatin1String("\""))
            .replace(QLatin1String("&amp;"), QLatin1String("&"));
        if (!run.text.isEmpty())
            take(run);
        run.text.clear();
    };
    for (qsizetype i = 0; i < text.size(); ++i) {
        const qsizetype end = text[i] == u'<' ? text.indexOf(u'>', i) : -1;
        if (end < 0) {
            run.text += text[i];
            continue;
        }
        flush();
        const QString tag = text.mid(i + 1, end - i - 1).toLower();
        i = end;
        if (tag == u"sub" || tag == u"sup") {
            run.font = smaller(run.font);
            run.rise = tag == u"sub" ? -0.2 * height : 0.38 * height;
        } else if (tag == u"/sub" || tag == u"/sup") {
            const bool italic = run.font.italic();
            run.font = font;
            run.font.setItalic(italic);
            run.rise = 0;
        } else if (tag == u"i" || tag == u"/i") {
            run.font.setItalic(tag == u"i");
        } else if (tag == u"b" || tag == u"/b") {
            run.font.setBold(tag == u"b");
        }
    }
    flush();
}

} // namespace

double richWidth(const QFont& font, const QString& text)
{
    double width = 0;
    forEachRun(font, text, [&](const Run& run) { width += QFontMetricsF(run.font).horizontalAdvance(run.text); });
    return width;
}

double drawRich(QPainter& painter, const QFont& font, QPointF baseline, const QString& text)
{
    double width = 0;
    forEachRun(font, text, [&](const Run& run) {
        painter.setFont(run.font);
        painter.drawText(baseline + QPointF(width, -run.rise), run.text);
        width += QFontMetricsF(run.font).horizontalAdvance(run.text);
    });
    painter.setFont(font);
    return width;
}

QString plainText(const QString& text)
{
    QString plain;
    forEachRun(QFont(), text, [&](const Run& run) { plain += run.text; });
    return plain;
}

} // namespace endospike
