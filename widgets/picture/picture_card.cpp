#include "widgets/picture/picture_card.h"

#include "widgets/look/theme.h"

#include <QPainter>

#include <cmath>

namespace endospike {

namespace {
constexpr int frame_ms = 50;
constexpr double round_ms = 6000;
constexpr int margin = 16;
} // namespace

PictureCard::PictureCard(const QString& title, const QString& sentence, Picture picture, QWidget* parent)
    : QAbstractButton(parent)
    , m_sentence(sentence)
    , m_picture(std::move(picture))
{
    setText(title);
    setAccessibleName(title);
    setAccessibleDescription(sentence);
    setFocusPolicy(Qt::StrongFocus);
    setCursor(Qt::PointingHandCursor);
    setAttribute(Qt::WA_Hover);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
    m_timer.setInterval(frame_ms);
    connect(&m_timer, &QTimer::timeout, this, [this] {
        m_phase = std::fmod(m_phase + frame_ms / round_ms, 1.0);
        update();
    });
}

QSize PictureCard::sizeHint() const { return {320, 300}; }

QSize PictureCard::minimumSizeHint() const
{
    const int line = QFontMetrics(currentTheme().baseFont()).height();
    return {200, 110 + 6 * line};
}

void PictureCard::showEvent(QShowEvent*) { m_timer.start(); }
void PictureCard::hideEvent(QHideEvent*) { m_timer.stop(); }

void PictureCard::paintEvent(QPaintEvent*)
{
    const Theme& look = currentTheme();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const QRectF frame = QRectF(rect()).adjusted(1, 1, -1, -1);
    painter.setPen(hasFocus() ? QPen(look.accent, 2) : QPen(underMouse() ? look.mutedText : look.border, 1));
    painter.setBrush(isDown() ? look.selected : look.plot);
    painter.drawRoundedRect(frame, 6, 6);

    QFont title = look.titleFont();
    title.setWeight(QFont::DemiBold);
    const QFontMetrics titles(title);
    const QFontMetrics words(look.baseFont());
    const int width = this->width() - 2 * margin;
    const QRect titleRoom = titles.boundingRect(0, 0, width, 400, Qt::TextWordWrap, text());
    const QRect wordRoom = words.boundingRect(0, 0, width, 400, Qt::TextWordWrap, m_sentence);
    const int bottom = titleRoom.height() + 6 + wordRoom.height() + margin;
    const QRectF picture(margin, margin, width, std::max(20, height() - bottom - 2 * margin));
    painter.save();
    m_picture(painter, picture, m_phase, look);
    painter.restore();
    painter.setFont(title);
    painter.setPen(look.text);
    const QRect titleArea(margin, height() - bottom, width, titleRoom.height());
    painter.drawText(titleArea, Qt::TextWordWrap, text());
    painter.setFont(look.baseFont());
    painter.setPen(look.mutedText);
    painter.drawText(QRect(margin, titleArea.bottom() + 6, width, wordRoom.height() + 4), Qt::TextWordWrap, m_sentence);
}

} // namespace endospike
