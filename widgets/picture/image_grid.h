// Many small pictures in rows that scroll. Only what is visible is asked for, so that the number of pictures does not
// matter. A picture may tell of two answers, one for each corner: a line below it, a mark before the line, a bracket at
// the corner. Arrow and page keys, Home and End move the choice.
#pragma once

#include <QAbstractScrollArea>
#include <QImage>

#include <array>
#include <functional>

namespace endospike {

struct GridPicture {
    enum class Mark { none, right, wrong };

    QImage image;
    std::array<QString, 2> lines; ///< of the top left and the bottom right corner
    std::array<Mark, 2> marks{Mark::none, Mark::none};
    QString tip = {}; ///< in place of the lines
};

class ImageGrid : public QAbstractScrollArea {
    Q_OBJECT
public:
    using Supply = std::function<GridPicture(int item)>;

    explicit ImageGrid(QWidget* parent = nullptr);

    /// Items 0 .. count - 1. The choice stays at its number, or at the last one. `supply` is called while painting.
    void setItems(int count, Supply supply);
    /// The pictures changed, but not how many there are.
    void refresh() { viewport()->update(); }
    int count() const { return m_count; }
    /// Enlarged without smoothing to this size.
    void setPictureSide(int side_px);
    /// 0, 1 or 2 below each picture.
    void setLineCount(int lines);
    /// Whether lines stand for corners, and show which.
    void setCorners(bool corners);
    void setEmptyText(const QString& text);

    int current() const { return m_current; }
    /// Scrolls to it; does not emit. -1: none.
    void setCurrent(int item);

    int columns() const;
    /// In the viewport's coordinates.
    QRect itemRect(int item) const;
    int itemAt(QPoint place) const; ///< -1 if there is none

signals:
    void chosen(int item); ///< by the user

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    bool viewportEvent(QEvent* event) override;

private:
    QSize cell() const;
    int lineHeight() const;
    void layOut();
    void choose(int item);
    void drawItem(QPainter& painter, int item) const;
    void drawLines(QPainter& painter, const GridPicture& picture, QRect area) const;

    int m_count = 0;
    Supply m_supply;
    int m_side = 72;
    int m_lines = 2;
    bool m_corners = true;
    int m_current = -1;
    int m_hovered = -1;
    QString m_emptyText;
};

} // namespace endospike
