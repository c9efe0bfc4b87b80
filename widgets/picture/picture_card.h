// A large button: a small picture that may move while it is seen, a title, a sentence.
#pragma once

#include <QAbstractButton>
#include <QTimer>

#include <functional>

class QPainter;

namespace endospike {

struct Theme;

class PictureCard : public QAbstractButton {
    Q_OBJECT
public:
    /// Draws into the area; `phase` runs from 0 to 1 and begins again.
    using Picture = std::function<void(QPainter& painter, QRectF area, double phase, const Theme& look)>;

    PictureCard(const QString& title, const QString& sentence, Picture picture, QWidget* parent = nullptr);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;

private:
    QString m_sentence;
    Picture m_picture;
    QTimer m_timer;
    double m_phase = 0;
};

} // namespace endospike
