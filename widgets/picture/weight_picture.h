// Weights as pictures: blue below zero, neutral at zero, orange above (told apart by any kind of colour vision), with a
// scale bar. Several pictures stand beside each other under one scale.
#pragma once

#include "sim/network/network.h"

#include <QImage>
#include <QWidget>

#include <optional>

class QPainter;

namespace endospike {

struct Theme;

/// -1 .. 1; 0 is the theme's plot background. Values beyond are clamped, NaN is neutral.
QColor divergingColor(double value, const Theme& theme);

/// The largest magnitude in the pictures; 0 if there is none.
double largestWeight(const WeightPictures& weights);

/// All pictures in a near-square arrangement, one pixel for each weight, a border's pixel between them.
QImage weightImage(const WeightPictures& weights, double most, const Theme& theme);

class WeightPicture : public QWidget {
    Q_OBJECT
public:
    explicit WeightPicture(QWidget* parent = nullptr);

    void setTitle(const QString& title);
    void setWeights(WeightPictures weights);
    const WeightPictures& weights() const { return m_weights; }
    /// Shown at full colour; 0: the largest of these pictures.
    void setScale(double most);
    double scale() const;
    /// The weight under a place of the widget.
    struct Reading {
        int picture;
        int row;
        int column;
        double value;
    };
    std::optional<Reading> readingAt(QPointF place) const;

    void draw(QPainter& painter, QSize size, bool figure) const;
    void drawFigure(QPainter& painter, QSize size) const { draw(painter, size, true); }

    QSize sizeHint() const override { return {240, 280}; }
    QSize minimumSizeHint() const override { return {120, 150}; }

protected:
    void paintEvent(QPaintEvent* event) override;
    bool event(QEvent* event) override;

private:
    struct Frame {
        int across = 1; ///< pictures in a row
        double pixel = 0;
        double gap = 0;
        QPointF origin;
        QSizeF picture;
        double nameHeight = 0;
    };
    Frame frameIn(QSize size) const;
    QRectF pictureRect(const Frame& frame, int index) const;
    void drawScale(QPainter& painter, QRectF area, const Theme& look) const;

    QString m_title;
    WeightPictures m_weights;
    double m_scale = 0;
};

} // namespace endospike
