#include "widgets/picture/picture_strip.h"

#include "widgets/look/theme.h"

#include <QMouseEvent>
#include <QPainter>

#include <algorithm>
#include <cmath>

namespace endospike {

namespace {
constexpr int side = 48;
}

PictureStrip::PictureStrip(QWidget* parent)
    : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    connect(&themeNotifier(), &ThemeNotifier::themeChanged, this, [this] {
        updateGeometry();
        update();
    });
}

void PictureStrip::setItems(std::vector<Item> items)
{
    m_items = std::move(items);
    update();
}

void PictureStrip::setCurrent(int item)
{
    m_current = item;
    update();
}

QSize PictureStrip::sizeHint() const { return {480, side + 6 + QFontMetrics(currentTheme().axisFont()).height()}; }

int PictureStrip::cellWidth() const
{
    return std::max(side, QFontMetrics(currentTheme().axisFont()).horizontalAdvance(QStringLiteral("before"))) + 8;
}

std::vector<int> PictureStrip::visibleItems() const
{
    const auto count = static_cast<int>(m_items.size());
    const int room = std::clamp(width() / cellWidth(), 1, std::max(1, count));
    std::vector<int> items;
    for (int place = 0; place < std::min(room, count); ++place)
        items.push_back(room == 1 ? count - 1 : static_cast<int>(std::lround(place * (count - 1.0) / (room - 1))));
    return items;
}

QRect PictureStrip::itemRect(int place) const { return {place * cellWidth(), 0, cellWidth(), height()}; }

void PictureStrip::paintEvent(QPaintEvent*)
{
    const Theme& look = currentTheme();
    QPainter painter(this);
    painter.setFont(look.axisFont());
    const std::vector<int> visible = visibleItems();
    // The nearest visible one stands for a current item between two of them.
    const auto nearest = std::ranges::min_element(visible, {}, [this](int item) { return std::abs(item - m_current); });
    for (int place = 0; place < static_cast<int>(visible.size()); ++place) {
        const Item& item = m_items[static_cast<std::size_t>(visible[static_cast<std::size_t>(place)])];
        const QRect cell = itemRect(place);
        const bool marked =
            m_current >= 0 && nearest != visible.end() && *nearest == visible[static_cast<std::size_t>(place)];
        const QRect frame(cell.left() + (cell.width() - side) / 2, 2, side, side);
        painter.fillRect(frame, look.plot);
        if (!item.image.isNull())
            painter.drawImage(frame, item.image);
        painter.setPen(QPen(marked ? look.accent : look.border, marked ? 3 : 1));
        painter.setBrush(Qt::NoBrush);
        painter.drawRect(frame.adjusted(0, 0, -1, -1));
        painter.setPen(marked ? look.text : look.mutedText);
        painter.drawText(QRect(cell.left(), frame.bottom() + 2, cell.width(), cell.height() - frame.bottom() - 2),
            Qt::AlignHCenter | Qt::AlignTop, item.caption);
    }
}

void PictureStrip::mousePressEvent(QMouseEvent* event)
{
    const auto place = static_cast<std::size_t>(event->position().toPoint().x() / cellWidth());
    const std::vector<int> visible = visibleItems();
    if (event->button() == Qt::LeftButton && place < visible.size())
        emit chosen(visible[place]);
}

} // namespace endospike
