// A few pictures in one row, evenly picked from a longer series; one of the series is marked. A click chooses.
#pragma once

#include <QImage>
#include <QWidget>

#include <vector>

namespace endospike {

class PictureStrip : public QWidget {
    Q_OBJECT
public:
    explicit PictureStrip(QWidget* parent = nullptr);

    struct Item {
        QImage image; ///< null: not there yet
        QString caption;
    };
    void setItems(std::vector<Item> items);
    const std::vector<Item>& items() const { return m_items; }
    int current() const { return m_current; }
    void setCurrent(int item); ///< does not emit
    /// The items that have room, first and last included.
    std::vector<int> visibleItems() const;
    QRect itemRect(int place) const; ///< of the place-th visible item

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return {160, sizeHint().height()}; }

signals:
    void chosen(int item); ///< by the user

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;

private:
    int cellWidth() const;

    std::vector<Item> m_items;
    int m_current = -1;
};

} // namespace endospike
