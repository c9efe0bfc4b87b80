#include "widgets/form/segmented_control.h"

#include "widgets/look/theme.h"

#include <QAbstractButton>
#include <QButtonGroup>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QPainter>

namespace endospike {

class SegmentedControl::Segment : public QAbstractButton {
public:
    explicit Segment(const QString& label)
    {
        setText(label);
        setAccessibleName(label);
        setCheckable(true);
        setFocusPolicy(Qt::StrongFocus);
        setAttribute(Qt::WA_Hover);
    }

    QSize sizeHint() const override
    {
        QFont bold = font();
        bold.setBold(true);
        const QFontMetrics metrics(bold);
        return {metrics.horizontalAdvance(text()) + 28, metrics.height() + 10};
    }

protected:
    void paintEvent(QPaintEvent*) override
    {
        const Theme& look = currentTheme();
        QPainter painter(this);
        painter.setRenderHint(QPainter::Antialiasing);
        const QRectF area = QRectF(rect()).adjusted(2, 2, -2, -2);
        painter.setPen(hasFocus() ? QPen(look.accent, 2) : QPen(Qt::NoPen));
        painter.setBrush(isChecked() ? look.selected : underMouse() ? look.hover : QColor(Qt::transparent));
        painter.drawRoundedRect(area, 4, 4);
        QFont type = font();
        type.setBold(isChecked());
        painter.setFont(type);
        painter.setPen(isChecked() ? look.text : look.mutedText);
        painter.drawText(rect(), Qt::AlignCenter, text());
    }
};

SegmentedControl::SegmentedControl(const QStringList& labels, QWidget* parent)
    : QWidget(parent)
    , m_group(new QButtonGroup(this))
{
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(1, 1, 1, 1);
    row->setSpacing(0);
    for (const QString& label : labels) {
        auto* segment = new Segment(label);
        m_group->addButton(segment, static_cast<int>(m_group->buttons().size()));
        row->addWidget(segment);
    }
    setCurrent(0);
    connect(m_group, &QButtonGroup::idClicked, this, &SegmentedControl::chosen);
    connect(&themeNotifier(), &ThemeNotifier::themeChanged, this, [this] {
        for (QAbstractButton* segment : m_group->buttons())
            segment->updateGeometry();
        update();
    });
}

void SegmentedControl::setCurrent(int index)
{
    if (QAbstractButton* segment = m_group->button(index))
        segment->setChecked(true);
}

int SegmentedControl::current() const { return m_group->checkedId(); }
int SegmentedControl::count() const { return static_cast<int>(m_group->buttons().size()); }
QAbstractButton* SegmentedControl::button(int index) const { return m_group->button(index); }

void SegmentedControl::paintEvent(QPaintEvent*)
{
    const Theme& look = currentTheme();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(look.border);
    painter.setBrush(look.field);
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6);
}

void SegmentedControl::keyPressEvent(QKeyEvent* event)
{
    const int by = event->key() == Qt::Key_Right ? 1 : event->key() == Qt::Key_Left ? -1 : 0;
    QAbstractButton* next = m_group->button(current() + by);
    if (by == 0 || !next)
        return QWidget::keyPressEvent(event);
    next->setFocus();
    next->click();
}

} // namespace endospike
