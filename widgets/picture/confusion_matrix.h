// How often each class was taken for which: rows are the truth, columns the answer. A cell can be chosen with the mouse
// or the arrow keys; choosing it again lets go of it.
#pragma once

#include <QStringList>
#include <QWidget>

#include <optional>
#include <utility>
#include <vector>

namespace endospike {

struct Theme;

class ConfusionMatrix : public QWidget {
    Q_OBJECT
public:
    struct Cell {
        int truth;
        int answer;
        friend bool operator==(const Cell&, const Cell&) = default;
    };

    explicit ConfusionMatrix(QWidget* parent = nullptr);

    void setTitle(const QString& title);
    void setNames(const QStringList& names);
    /// [truth][answer], as many as there are names squared; others show an empty matrix.
    void setCounts(std::vector<int> counts);
    int countAt(Cell cell) const;
    /// Share of right answers; NaN without any.
    double accuracy() const;

    std::optional<Cell> current() const { return m_current; }
    void setCurrent(std::optional<Cell> cell); ///< does not emit
    QRectF cellRect(Cell cell) const;
    /// "Shirt taken for Coat: 120 of 1000"
    QString describe(Cell cell) const;

    /// In the light theme, for figures.
    void draw(QPainter& painter, QSize size, bool figure) const;
    void drawFigure(QPainter& painter, QSize size) const { draw(painter, size, true); }

    QSize sizeHint() const override { return {380, 400}; }
    QSize minimumSizeHint() const override { return {160, 160}; }

signals:
    void cellChosen(std::optional<endospike::ConfusionMatrix::Cell> cell); ///< by the user

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    bool event(QEvent* event) override;

private:
    struct Frame {
        QRectF cells;
        double side = 0; ///< of one cell
    };
    Frame frameIn(QSize size) const;
    std::optional<Cell> cellAt(QPointF place) const;
    void choose(std::optional<Cell> cell);
    int classes() const { return static_cast<int>(m_names.size()); }
    int rowTotal(int truth) const;
    void drawCell(QPainter& painter, const Frame& frame, Cell cell, const Theme& look) const;
    void drawNames(QPainter& painter, const Frame& frame, const Theme& look) const;

    QString m_title;
    QStringList m_names;
    std::vector<int> m_counts;
    std::optional<Cell> m_current;
};

} // namespace endospike
