// A thin header with a triangle, and a body that it folds away.
#pragma once

#include <QWidget>

class QAbstractButton;
class QHBoxLayout;

namespace endospike {

class Section : public QWidget {
    Q_OBJECT
public:
    Section(const QString& title, QWidget* body, QWidget* parent = nullptr);

    void setTitle(const QString& title);
    QString title() const;
    /// A widget at the right end of the header.
    void setHeaderWidget(QWidget* widget);
    /// A section that cannot be folded has no triangle.
    void setFoldable(bool foldable);
    void setExpanded(bool expanded);
    bool isExpanded() const;
    QAbstractButton* header() const { return m_header; }

signals:
    void expandedChanged(bool expanded);

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QAbstractButton* m_header;
    QHBoxLayout* m_headerLayout;
    QWidget* m_body;
};

} // namespace endospike
