#include "widgets/picture/image_view.h"

#include "widgets/look/theme.h"

#include <QBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QSpinBox>
#include <QToolButton>

#include <algorithm>
#include <utility>

namespace endospike {

class ImageView::Picture : public QWidget {
public:
    explicit Picture(ImageView* view)
        : QWidget(view)
        , m_view(view)
    {
        QSizePolicy square(QSizePolicy::Expanding, QSizePolicy::Preferred);
        square.setHeightForWidth(true);
        setSizePolicy(square);
        setMinimumSize(84, 84);
        setAccessibleName(tr("Image"));
    }

    QSize sizeHint() const override { return {168, 168}; }
    int heightForWidth(int width) const override { return width; }

protected:
    void paintEvent(QPaintEvent*) override
    {
        const Theme& look = currentTheme();
        QPainter painter(this);
        const int side = std::min(width(), height()) - 2;
        const QRect frame((width() - side) / 2, (height() - side) / 2, side, side);
        painter.fillRect(frame, look.plot);
        if (m_view->hasImage())
            painter.drawImage(frame, m_view->m_image); // no smoothing: every pixel is one number
        painter.setPen(look.border);
        painter.drawRect(frame.adjusted(0, 0, -1, -1));
    }

private:
    ImageView* m_view;
};

ImageView::ImageView(QWidget* parent)
    : QWidget(parent)
    , m_picture(new Picture(this))
    , m_previous(new QToolButton)
    , m_next(new QToolButton)
    , m_number(new QSpinBox)
    , m_caption(new QLabel)
{
    m_previous->setText(QStringLiteral("‹"));
    m_previous->setAccessibleName(tr("Previous image"));
    m_previous->setToolTip(tr("Previous image"));
    m_next->setText(QStringLiteral("›"));
    m_next->setAccessibleName(tr("Next image"));
    m_next->setToolTip(tr("Next image"));
    for (QToolButton* button : {m_previous, m_next})
        button->setAutoRepeat(true);
    m_number->setAccessibleName(tr("Number of the image"));
    m_number->setKeyboardTracking(false);
    m_number->setAlignment(Qt::AlignRight);
    m_caption->setWordWrap(true);
    m_caption->setAlignment(Qt::AlignHCenter);

    auto* choice = new QHBoxLayout;
    choice->setSpacing(4);
    choice->addStretch();
    choice->addWidget(m_previous);
    choice->addWidget(m_number);
    choice->addWidget(m_next);
    choice->addStretch();
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(8);
    column->addWidget(m_picture);
    column->addLayout(choice);
    column->addWidget(m_caption);
    column->addStretch(1);

    connect(m_previous, &QToolButton::clicked, this, [this] { m_number->setValue(m_number->value() - 1); });
    connect(m_next, &QToolButton::clicked, this, [this] { m_number->setValue(m_number->value() + 1); });
    connect(m_number, &QSpinBox::valueChanged, this, [this](int value) {
        refreshButtons();
        emit indexEdited(value);
    });
    connect(&themeNotifier(), &ThemeNotifier::themeChanged, this, [this] { m_picture->update(); });
    setCount(0);
}

void ImageView::setCount(int count)
{
    m_count = count;
    const QSignalBlocker quiet(m_number);
    m_number->setRange(0, std::max(0, count - 1));
    refreshButtons();
}

void ImageView::setIndex(int index)
{
    const QSignalBlocker quiet(m_number);
    m_number->setValue(index);
    refreshButtons();
}

int ImageView::index() const { return m_number->value(); }

void ImageView::setImage(std::span<const std::uint8_t> pixels, int rows, int columns)
{
    if (rows <= 0 || columns <= 0
        || pixels.size() != static_cast<std::size_t>(rows) * static_cast<std::size_t>(columns))
        return clearImage();
    m_image = QImage(columns, rows, QImage::Format_Grayscale8);
    for (int r = 0; r < rows; ++r)
        std::copy_n(pixels.data() + static_cast<std::ptrdiff_t>(r) * columns, columns, m_image.scanLine(r));
    m_picture->update();
}

void ImageView::clearImage()
{
    m_image = QImage();
    m_picture->update();
}

void ImageView::setCaption(const QString& text)
{
    m_caption->setText(text);
    m_picture->setAccessibleDescription(text);
}

QString ImageView::caption() const { return m_caption->text(); }

void ImageView::refreshButtons()
{
    m_number->setEnabled(m_count > 0);
    m_previous->setEnabled(m_count > 0 && m_number->value() > 0);
    m_next->setEnabled(m_count > 0 && m_number->value() < m_count - 1);
}

} // namespace endospike
