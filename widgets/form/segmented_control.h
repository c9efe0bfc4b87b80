// One of a few, side by side in one frame: a flat choice of views or positions. Arrow keys move the choice.
#pragma once

#include <QWidget>

class QAbstractButton;
class QButtonGroup;

namespace endospike {

class SegmentedControl : public QWidget {
    Q_OBJECT
public:
    explicit SegmentedControl(const QStringList& labels, QWidget* parent = nullptr);

    void setCurrent(int index); ///< does not emit
    int current() const;
    int count() const;
    QAbstractButton* button(int index) const;

    // The same with the names of the choices.
    template <typename Choice>
    void setCurrent(Choice choice)
    {
        setCurrent(static_cast<int>(choice));
    }
    template <typename Choice>
    Choice currentAs() const
    {
        return static_cast<Choice>(current());
    }
    template <typename Choice>
    QAbstractButton* button(Choice choice) const
    {
        return button(static_cast<int>(choice));
    }

signals:
    void chosen(int index); ///< by the user

protected:
    void paintEvent(QPaintEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    class Segment;
    QButtonGroup* m_group;
};

} // namespace endospike
