#include "widgets/picture/weight_picture.h"

#include "widgets/look/numbers.h"
#include "widgets/look/rich_label.h"
#include "widgets/look/text.h"
#include "widgets/look/theme.h"
#include "widgets/plot/xy_plot.h"

#include <QHelpEvent>
#include <QPainter>
#include <QToolTip>

#include <algorithm>
#include <array>
#include <cmath>

namespace endospike {

namespace {

constexpr int namedPictures = 4; ///< more than these are not named one by one

using Palette = std::array<QRgb, 513>;

Palette paletteOf(const Theme& look)
{
    Palette colors;
    for (int i = 0; i <= 512; ++i)
        colors[static_cast<std::size_t>(i)] = divergingColor((i - 256) / 256.0, look).rgb();
    return colors;
}

QRgb pick(const Palette& colors, double value, double most)
{
    const double part = most > 0 && std::isfinite(value) ? std::clamp(value / most, -1.0, 1.0) : 0;
    return colors[static_cast<std::size_t>(std::lround(256 + 256 * part))];
}

QImage pictureImage(const WeightPictures& weights, std::size_t index, double most, const Palette& colors)
{
    QImage image(weights.columns, weights.rows, QImage::Format_RGB32);
    const std::vector<float>& values = weights.pictures[index];
    for (int r = 0; r < weights.rows; ++r) {
        auto* line = reinterpret_cast<QRgb*>(image.scanLine(r));
        for (int c = 0; c < weights.columns; ++c)
            line[c] =
                pick(colors, static_cast<double>(values[static_cast<std::size_t>(r * weights.columns + c)]), most);
    }
    return image;
}

} // namespace

QColor divergingColor(double value, const Theme& look)
{
    if (!std::isfinite(value))
        value = 0;
    const bool dark = look.kind == ThemeKind::dark;
    const QColor end = value < 0 ? QColor(dark ? QLatin1String("#7CC4F2") : QLatin1String("#00558C"))
                                 : QColor(dark ? QLatin1String("#FFA04D") : QLatin1String("#B34700"));
    const double part = std::pow(std::min(1.0, std::abs(value)), 0.8);
    const auto channel = [part](float from, float to) { return from + static_cast<float>(part) * (to - from); };
    return QColor::fromRgbF(channel(look.plot.redF(), end.redF()), channel(look.plot.greenF(), end.greenF()),
        channel(look.plot.blueF(), end.blueF()));
}

double largestWeight(const WeightPictures& weights)
{
    double most = 0;
    for (const std::vector<float>& picture : weights.pictures)
        for (const float value : picture)
            if (std::isfinite(value))
                most = std::max(most, std::abs(static_cast<double>(value)));
    return most;
}

QImage weightImage(const WeightPictures& weights, double most, const Theme& look)
{
    const auto count = static_cast<int>(weights.pictures.size());
    if (count == 0 || weights.rows < 1 || weights.columns < 1)
        return {};
    const Palette colors = paletteOf(look);
    const int across = static_cast<int>(std::ceil(std::sqrt(count)));
    const int down = (count + across - 1) / across;
    const int width = weights.columns + 1;
    const int height = weights.rows + 1;
    QImage image(across * width - 1, down * height - 1, QImage::Format_RGB32);
    image.fill(look.plot);
    QPainter painter(&image);
    for (int i = 0; i < count; ++i) {
        painter.fillRect(i % across * width, i / across * height, width, height, look.border);
        painter.drawImage(
            i % across * width, i / across * height, pictureImage(weights, static_cast<std::size_t>(i), most, colors));
    }
    return image;
}

WeightPicture::WeightPicture(QWidget* parent)
    : QWidget(parent)
{
    setAccessibleName(tr("Input weights"));
    connect(&themeNotifier(), &ThemeNotifier::themeChanged, this, [this] { update(); });
}

void WeightPicture::setTitle(const QString& title)
{
    m_title = title;
    setAccessibleName(title);
    update();
}

void WeightPicture::setWeights(WeightPictures weights)
{
    m_weights = std::move(weights);
    update();
}

void WeightPicture::setScale(double most)
{
    m_scale = most;
    update();
}

double WeightPicture::scale() const { return m_scale > 0 ? m_scale : largestWeight(m_weights); }

WeightPicture::Frame WeightPicture::frameIn(QSize size) const
{
    Frame frame;
    const auto count = static_cast<int>(m_weights.pictures.size());
    if (count == 0)
        return frame;
    const double line = QFontMetricsF(currentTheme().axisFont()).height();
    const double top = line + 4;
    const double bottom = line + 18;
    frame.nameHeight = count > 1 && count <= namedPictures ? line : 0;
    frame.gap = count > 1 ? 4 : 0;
    for (int across = 1; across <= count; ++across) { // the arrangement with the largest pixels
        const int down = (count + across - 1) / across;
        const double pixel = std::min((size.width() - 2 - (across - 1) * frame.gap) / (across * m_weights.columns),
            (size.height() - top - bottom - (down - 1) * frame.gap - down * frame.nameHeight)
                / (down * m_weights.rows));
        if (pixel > frame.pixel) {
            frame.pixel = pixel;
            frame.across = across;
        }
    }
    if (frame.pixel > 1)
        frame.pixel = std::floor(frame.pixel * 4) / 4;
    frame.picture = QSizeF(m_weights.columns, m_weights.rows) * frame.pixel;
    frame.origin = QPointF(1, top);
    return frame;
}

QRectF WeightPicture::pictureRect(const Frame& frame, int index) const
{
    return {frame.origin
            + QPointF(index % frame.across * (frame.picture.width() + frame.gap),
                index / frame.across * (frame.picture.height() + frame.gap + frame.nameHeight) + frame.nameHeight),
        frame.picture};
}

std::optional<WeightPicture::Reading> WeightPicture::readingAt(QPointF place) const
{
    const Frame frame = frameIn(size());
    for (int i = 0; i < static_cast<int>(m_weights.pictures.size()); ++i) {
        const QRectF area = pictureRect(frame, i);
        if (!area.contains(place) || frame.pixel <= 0)
            continue;
        const int column = std::min(m_weights.columns - 1, static_cast<int>((place.x() - area.left()) / frame.pixel));
        const int row = std::min(m_weights.rows - 1, static_cast<int>((place.y() - area.top()) / frame.pixel));
        return Reading{i, row, column,
            static_cast<double>(m_weights.pictures[static_cast<std::size_t>(i)]
                                                  [static_cast<std::size_t>(row * m_weights.columns + column)])};
    }
    return std::nullopt;
}

bool WeightPicture::event(QEvent* event)
{
    if (event->type() != QEvent::ToolTip)
        return QWidget::event(event);
    const auto* help = static_cast<QHelpEvent*>(event);
    if (const auto reading = readingAt(help->pos()))
        QToolTip::showText(help->globalPos(),
            tr("row %1, column %2: %3").arg(reading->row).arg(reading->column).arg(plotNumber(reading->value, 4)), this,
            QRect(help->pos(), QSize(2, 2)));
    else
        QToolTip::hideText();
    return true;
}

void WeightPicture::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    draw(painter, size(), false);
}

void WeightPicture::draw(QPainter& painter, QSize size, bool figure) const
{
    const Theme& look = figure ? theme(ThemeKind::light) : currentTheme();
    const QFontMetricsF metrics(look.axisFont());
    painter.setPen(look.text);
    drawRich(painter, look.axisFont(), {0, metrics.ascent()}, m_title);
    const Frame frame = frameIn(size);
    if (frame.pixel <= 0)
        return;
    const Palette colors = paletteOf(look);
    QRectF all;
    for (std::size_t i = 0; i < m_weights.pictures.size(); ++i) {
        const QRectF area = pictureRect(frame, static_cast<int>(i));
        painter.drawImage(area, pictureImage(m_weights, i, scale(), colors));
        painter.setPen(look.border);
        painter.setBrush(Qt::NoBrush);
        painter.drawRect(area);
        if (frame.nameHeight > 0 && i < m_weights.names.size()) {
            painter.setPen(look.mutedText);
            drawRich(
                painter, look.axisFont(), {area.left(), area.top() - metrics.descent()}, qstring(m_weights.names[i]));
        }
        all |= area;
    }
    drawScale(painter, {all.left(), all.bottom() + 6, std::max(all.width(), 140.0), 8}, look);
}

void WeightPicture::drawScale(QPainter& painter, QRectF area, const Theme& look) const
{
    const auto width = static_cast<int>(area.width());
    for (int x = 0; x < width; ++x)
        painter.fillRect(QRectF(area.left() + x, area.top(), 1, area.height()),
            divergingColor(2.0 * x / std::max(1, width - 1) - 1, look));
    painter.setPen(look.border);
    painter.setBrush(Qt::NoBrush);
    painter.drawRect(area);
    const QFontMetricsF metrics(look.axisFont());
    painter.setFont(look.axisFont());
    painter.setPen(look.mutedText);
    const QRectF text(area.left(), area.bottom() + 1, area.width(), metrics.height());
    painter.drawText(text, Qt::AlignLeft, plotNumber(-scale(), 2));
    painter.drawText(text, Qt::AlignHCenter, QStringLiteral("0"));
    painter.drawText(text, Qt::AlignRight, plotNumber(scale(), 2));
}

} // namespace endospike
