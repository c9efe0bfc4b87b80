#include "widgets/picture/image_grid.h"

#include "widgets/look/theme.h"
#include "widgets/picture/answer_marks.h"

#include <QHelpEvent>
#include <QKeyEvent>
#include <QPainter>
#include <QScrollBar>
#include <QToolTip>

#include <algorithm>

namespace endospike {

namespace {
constexpr int inset = 6;
constexpr int glyph = 9;
} // namespace

ImageGrid::ImageGrid(QWidget* parent)
    : QAbstractScrollArea(parent)
{
    setFrameShape(QFrame::NoFrame);
    setFocusPolicy(Qt::StrongFocus);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOn); // the columns do not move when it comes
    viewport()->setMouseTracking(true);
    setAccessibleName(tr("Pictures"));
    connect(&themeNotifier(), &ThemeNotifier::themeChanged, this, &ImageGrid::layOut);
}

void ImageGrid::setItems(int count, Supply supply)
{
    m_count = count;
    m_supply = std::move(supply);
    m_current = std::min(m_current, count - 1);
    m_hovered = -1;
    layOut();
}

void ImageGrid::setPictureSide(int side_px)
{
    m_side = side_px;
    layOut();
}

void ImageGrid::setLineCount(int lines)
{
    m_lines = lines;
    layOut();
}

void ImageGrid::setCorners(bool corners)
{
    m_corners = corners;
    layOut();
}

void ImageGrid::setEmptyText(const QString& text)
{
    m_emptyText = text;
    viewport()->update();
}

int ImageGrid::lineHeight() const { return QFontMetrics(currentTheme().axisFont()).height(); }

QSize ImageGrid::cell() const
{
    const QFontMetrics metrics(currentTheme().axisFont());
    const int text = m_lines == 0 ? 0 : metrics.horizontalAdvance(QStringLiteral("Ankle boot")) + glyph + 4;
    return {std::max(m_side, m_corners ? text : 0) + 2 * inset,
        m_side + 2 * inset + (m_lines > 0 ? 2 + m_lines * lineHeight() : 0)};
}

int ImageGrid::columns() const { return std::max(1, viewport()->width() / cell().width()); }

void ImageGrid::layOut()
{
    const int rows = (m_count + columns() - 1) / columns();
    const int height = rows * cell().height();
    verticalScrollBar()->setRange(0, std::max(0, height - viewport()->height()));
    verticalScrollBar()->setSingleStep(cell().height() / 2);
    verticalScrollBar()->setPageStep(std::max(cell().height(), viewport()->height()));
    viewport()->update();
}

QRect ImageGrid::itemRect(int item) const
{
    const QSize size = cell();
    const int spread = viewport()->width() / columns();
    return {item % columns() * spread, item / columns() * size.height() - verticalScrollBar()->value(), size.width(),
        size.height()};
}

int ImageGrid::itemAt(QPoint place) const
{
    const int row = (place.y() + verticalScrollBar()->value()) / cell().height();
    const int column = place.x() * columns() / std::max(1, viewport()->width());
    const int item = row * columns() + column;
    return item >= 0 && item < m_count && itemRect(item).contains(place) ? item : -1;
}

void ImageGrid::setCurrent(int item)
{
    m_current = std::clamp(item, -1, m_count - 1);
    if (m_current >= 0) {
        const QRect place = itemRect(m_current);
        const int off = place.top() < 0 ? place.top() : std::max(0, place.bottom() + 1 - viewport()->height());
        verticalScrollBar()->setValue(verticalScrollBar()->value() + off);
        if (m_supply) {
            const GridPicture picture = m_supply(m_current);
            setAccessibleDescription(picture.tip.isEmpty() ? picture.lines[0] + u' ' + picture.lines[1] : picture.tip);
        }
    }
    viewport()->update();
}

void ImageGrid::choose(int item)
{
    item = std::clamp(item, 0, m_count - 1);
    if (m_count == 0 || item == m_current)
        return;
    setCurrent(item);
    emit chosen(m_current);
}

void ImageGrid::resizeEvent(QResizeEvent*)
{
    layOut();
    setCurrent(m_current);
}

void ImageGrid::mousePressEvent(QMouseEvent* event)
{
    if (const int item = itemAt(event->position().toPoint()); event->button() == Qt::LeftButton && item >= 0)
        choose(item);
}

void ImageGrid::keyPressEvent(QKeyEvent* event)
{
    const int page = std::max(1, viewport()->height() / cell().height()) * columns();
    const int from = std::max(0, m_current);
    switch (event->key()) {
    case Qt::Key_Left:
        return choose(from - 1);
    case Qt::Key_Right:
        return choose(m_current + 1);
    case Qt::Key_Up:
        return from >= columns() ? choose(from - columns()) : void();
    case Qt::Key_Down:
        return from + columns() < m_count ? choose(from + columns()) : void();
    case Qt::Key_PageUp:
        return choose(from - page);
    case Qt::Key_PageDown:
        return choose(from + page);
    case Qt::Key_Home:
        return choose(0);
    case Qt::Key_End:
        return choose(m_count - 1);
    default:
        QAbstractScrollArea::keyPressEvent(event);
    }
}

bool ImageGrid::viewportEvent(QEvent* event)
{
    if (event->type() == QEvent::MouseMove || event->type() == QEvent::Leave || event->type() == QEvent::Wheel) {
        const int before = m_hovered;
        m_hovered =
            event->type() == QEvent::Leave ? -1 : itemAt(static_cast<QSinglePointEvent*>(event)->position().toPoint());
        if (before != m_hovered)
            viewport()->update();
    } else if (event->type() == QEvent::ToolTip) {
        const auto* help = static_cast<QHelpEvent*>(event);
        const int item = itemAt(help->pos());
        if (item < 0 || !m_supply) {
            QToolTip::hideText();
        } else {
            const GridPicture picture = m_supply(item);
            QToolTip::showText(help->globalPos(),
                picture.tip.isEmpty() ? picture.lines[0] + u'\n' + picture.lines[1] : picture.tip, viewport(),
                itemRect(item));
        }
        return true;
    }
    return QAbstractScrollArea::viewportEvent(event);
}

void ImageGrid::paintEvent(QPaintEvent* event)
{
    const Theme& look = currentTheme();
    QPainter painter(viewport());
    if (m_count == 0 || !m_supply) {
        painter.setPen(look.mutedText);
        painter.drawText(viewport()->rect().adjusted(16, 0, -16, 0), Qt::AlignCenter | Qt::TextWordWrap, m_emptyText);
    } else {
        const int height = cell().height();
        const int first = (event->rect().top() + verticalScrollBar()->value()) / height * columns();
        const int last = ((event->rect().bottom() + verticalScrollBar()->value()) / height + 1) * columns();
        for (int item = std::max(0, first); item < std::min(last, m_count); ++item)
            drawItem(painter, item);
    }
    if (hasFocus()) {
        painter.setPen(QPen(look.accent, 2));
        painter.setBrush(Qt::NoBrush);
        painter.drawRect(viewport()->rect().adjusted(1, 1, -1, -1));
    }
}

void ImageGrid::drawItem(QPainter& painter, int item) const
{
    const Theme& look = currentTheme();
    const GridPicture picture = m_supply(item);
    const QRect place = itemRect(item);
    if (item == m_current || item == m_hovered) {
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(item == m_current ? QPen(look.accent, 2) : QPen(Qt::NoPen));
        painter.setBrush(item == m_current ? look.selected : look.hover);
        painter.drawRoundedRect(QRectF(place).adjusted(1, 1, -1, -1), 4, 4);
        painter.setRenderHint(QPainter::Antialiasing, false);
    }
    const QRect frame(place.left() + (place.width() - m_side) / 2, place.top() + inset, m_side, m_side);
    painter.fillRect(frame, look.plot);
    painter.drawImage(frame, picture.image);
    painter.setPen(look.border);
    painter.setBrush(Qt::NoBrush);
    painter.drawRect(frame.adjusted(0, 0, -1, -1));
    for (int corner = 0; corner < 2; ++corner)
        drawAnswerBracket(painter, frame, corner, picture.marks[static_cast<std::size_t>(corner)]);
    drawLines(painter, picture, place.adjusted(inset, m_side + inset + 2, -inset, 0));
}

void ImageGrid::drawLines(QPainter& painter, const GridPicture& picture, QRect area) const
{
    const Theme& look = currentTheme();
    painter.setFont(look.axisFont());
    const QFontMetrics metrics(look.axisFont());
    for (int line = 0; line < m_lines; ++line) {
        const auto at = static_cast<std::size_t>(line);
        QRect text(area.left(), area.top() + line * lineHeight(), area.width(), lineHeight());
        if (m_corners) {
            const int side = glyph * lineHeight() / 15;
            drawAnswerMark(
                painter, QRectF(text.left(), text.center().y() - side / 2.0, side, side), line, picture.marks[at]);
            text.setLeft(text.left() + side + 4);
        }
        painter.setPen(look.text);
        painter.drawText(text, (m_corners ? Qt::AlignLeft : Qt::AlignHCenter) | Qt::AlignVCenter,
            metrics.elidedText(picture.lines[at], Qt::ElideRight, text.width()));
    }
}

} // namespace endospike
