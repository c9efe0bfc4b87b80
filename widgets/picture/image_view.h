// A small grey image, enlarged without smoothing, with a way to the previous and the next one.
#pragma once

#include <QImage>
#include <QWidget>

#include <cstdint>
#include <span>

class QLabel;
class QSpinBox;
class QToolButton;

namespace endospike {

class ImageView : public QWidget {
    Q_OBJECT
public:
    explicit ImageView(QWidget* parent = nullptr);

    /// Numbers 0 .. count - 1; none is shown if 0.
    void setCount(int count);
    /// Shows the number; does not emit.
    void setIndex(int index);
    int index() const;
    /// Row by row, 0 black .. 255 white. Throws nothing; an image of another size than rows * columns is not shown.
    void setImage(std::span<const std::uint8_t> pixels, int rows, int columns);
    void clearImage();
    bool hasImage() const { return !m_image.isNull(); }
    void setCaption(const QString& text);

    QToolButton* previousButton() const { return m_previous; }
    QToolButton* nextButton() const { return m_next; }
    QSpinBox* numberSpin() const { return m_number; }
    QString caption() const;

signals:
    void indexEdited(int index); ///< by the user

private:
    class Picture;
    void refreshButtons();

    QImage m_image;
    int m_count = 0;
    Picture* m_picture;
    QToolButton* m_previous;
    QToolButton* m_next;
    QSpinBox* m_number;
    QLabel* m_caption;
};

} // namespace endospike
