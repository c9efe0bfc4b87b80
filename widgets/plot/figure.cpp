#include "widgets/plot/figure.h"

#include "widgets/look/theme.h"

#include <QBuffer>
#include <QPdfWriter>
#include <QSvgGenerator>

#include <algorithm>
#include <cmath>

namespace endospike {

namespace {

constexpr int captionGap = 8;

QFont figureFont(const QFont& font)
{
    // Sizes in px: a figure is laid out the same on every device.
    QFont sized = font;
    sized.setPixelSize(std::max(1, qRound(font.pointSizeF() * 96 / 72)));
    return sized;
}

struct Layout {
    std::vector<int> heights;
    int width;
    int captionHeight;

    int height() const
    {
        int sum = captionHeight;
        for (const int h : heights)
            sum += h;
        return sum;
    }
};

int captionHeight(const QString& caption, int width)
{
    if (caption.isEmpty())
        return 0;
    const QFontMetrics metrics(figureFont(theme(ThemeKind::light).axisFont()));
    return metrics.boundingRect(QRect(0, 0, width - 2 * captionGap, 10000), Qt::TextWordWrap, caption).height()
        + 2 * captionGap;
}

Layout layoutOf(const FigureRequest& request)
{
    Layout layout{{}, 0, 0};
    int sum = 0;
    for (const FigurePicture& picture : request.pictures) {
        layout.width = std::max(layout.width, picture.size.width());
        sum += picture.size.height();
    }
    double factor = 1;
    if (request.size_px.width() > 0)
        layout.width = static_cast<int>(std::lround(request.size_px.width()));
    layout.captionHeight = captionHeight(request.caption, layout.width);
    if (request.size_px.height() > 0)
        factor = std::max(1.0, request.size_px.height() - layout.captionHeight) / std::max(1, sum);
    for (const FigurePicture& picture : request.pictures)
        layout.heights.push_back(std::max(40, static_cast<int>(std::lround(picture.size.height() * factor))));
    return layout;
}

void render(QPaintDevice& device, const FigureRequest& request, const Layout& layout, double scale, bool vector)
{
    QCPPainter painter(&device);
    if (vector)
        painter.setMode(QCPPainter::pmVectorized);
    painter.scale(scale, scale);
    const Theme& t = theme(ThemeKind::light);
    painter.fillRect(QRect(0, 0, layout.width, layout.height()), t.plot);
    int top = 0;
    for (std::size_t i = 0; i < request.pictures.size(); ++i) {
        painter.save();
        painter.translate(0, top);
        request.pictures[i].draw(painter, QSize(layout.width, layout.heights[i]));
        painter.restore();
        top += layout.heights[i];
    }
    if (request.caption.isEmpty())
        return;
    painter.setFont(figureFont(t.axisFont()));
    painter.setPen(t.text);
    painter.drawText(
        QRect(captionGap, top + captionGap, layout.width - 2 * captionGap, layout.captionHeight - captionGap),
        Qt::TextWordWrap, request.caption);
}

} // namespace

QImage figureImage(const FigureRequest& request, double scale)
{
    const Layout layout = layoutOf(request);
    const int perMetre = qRound(96 * scale / 0.0254);
    QImage image(QSize(layout.width, layout.height()) * scale, QImage::Format_ARGB32_Premultiplied);
    image.fill(theme(ThemeKind::light).plot);
    render(image, request, layout, scale, false);
    image.setDotsPerMeterX(perMetre);
    image.setDotsPerMeterY(perMetre);
    return image;
}

QByteArray figurePng(const FigureRequest& request, double scale)
{
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    figureImage(request, scale).save(&buffer, "PNG");
    return bytes;
}

QByteArray figureSvg(const FigureRequest& request)
{
    const Layout layout = layoutOf(request);
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    QSvgGenerator generator;
    generator.setOutputDevice(&buffer);
    generator.setResolution(96);
    generator.setSize(QSize(layout.width, layout.height()));
    generator.setViewBox(QRect(0, 0, layout.width, layout.height()));
    generator.setTitle(QStringLiteral("Endospike"));
    generator.setDescription(request.caption);
    render(generator, request, layout, 1, true);
    return bytes;
}

QByteArray figurePdf(const FigureRequest& request)
{
    const Layout layout = layoutOf(request);
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    QPdfWriter writer(&buffer);
    constexpr int resolution = 1200;
    writer.setResolution(resolution);
    writer.setCreator(QStringLiteral("Endospike"));
    writer.setTitle(request.caption);
    writer.setPageSize(
        QPageSize(QSizeF(layout.width, layout.height()) * 72 / 96, QPageSize::Point, QString(), QPageSize::ExactMatch));
    writer.setPageMargins(QMarginsF());
    render(writer, request, layout, resolution / 96.0, true);
    return bytes;
}

void renderFigure(QPaintDevice& device, const FigureRequest& request, double scale)
{
    render(device, request, layoutOf(request), scale, true);
}

} // namespace endospike
