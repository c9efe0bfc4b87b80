// How sure a network is of each class: named bars. The truth is marked beside its name, the answer is printed bold;
// the answer's bar is solid if it is right and hatched if it is wrong.
#pragma once

#include <QStringList>
#include <QWidget>

#include <span>
#include <vector>

class QPainter;

namespace endospike {

struct Theme;

class ProbabilityBars : public QWidget {
    Q_OBJECT
public:
    explicit ProbabilityBars(QWidget* parent = nullptr);

    void setTitle(const QString& title);
    void setNames(const QStringList& names);
    /// One for each name, 0..1; another number of them shows empty bars.
    void setProbabilities(std::span<const float> probabilities);
    void setTruth(int index); ///< -1: not known
    int truth() const { return m_truth; }
    int answer() const; ///< the most probable class; -1 without any
    /// "Coat 62 %, Shirt 30 %; it is a Shirt"
    QString sentence() const;

    void draw(QPainter& painter, QSize size, bool figure) const;
    void drawFigure(QPainter& painter, QSize size) const { draw(painter, size, true); }

    QSize sizeHint() const override { return {260, 230}; }
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    void changed();
    void drawRow(QPainter& painter, QRectF row, int index, const Theme& look) const;
    double nameWidth(const Theme& look) const;

    QString m_title;
    QStringList m_names;
    std::vector<float> m_probabilities;
    int m_truth = -1;
};

} // namespace endospike
