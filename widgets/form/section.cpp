#include "widgets/form/section.h"

#include "widgets/look/theme.h"

#include <QAbstractButton>
#include <QHBoxLayout>
#include <QPainter>
#include <QVBoxLayout>

namespace endospike {

namespace {

// Text flush with the left edge of the body, triangle at the right.
class Header : public QAbstractButton {
public:
    explicit Header(QWidget* parent)
        : QAbstractButton(parent)
    {
        setCheckable(true);
        setChecked(true);
        setFocusPolicy(Qt::TabFocus);
        setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
        setAttribute(Qt::WA_Hover);
    }
    QSize sizeHint() const override { return {80, fontMetrics().height() + 12}; }
    QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent*) override
    {
        const Theme& look = currentTheme();
        QPainter painter(this);
        painter.setRenderHint(QPainter::Antialiasing);
        if (hasFocus()) {
            painter.setPen(QPen(look.accent, 2));
            painter.drawLine(QPointF(0, height() - 2), QPointF(width(), height() - 2));
        }
        QFont bold = font();
        bold.setWeight(QFont::DemiBold);
        painter.setFont(bold);
        painter.setPen(look.text);
        const QRect line = rect().adjusted(0, 0, isCheckable() ? -20 : 0, 0);
        painter.drawText(line, Qt::AlignLeft | Qt::AlignVCenter,
            QFontMetrics(bold).elidedText(text(), Qt::ElideRight, line.width()));
        if (!isCheckable())
            return;
        painter.setPen(
            QPen(underMouse() ? look.text : look.mutedText, 1.6, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
        painter.translate(width() - 8.0, height() / 2.0);
        painter.rotate(isChecked() ? 90 : 0);
        painter.drawPolyline(QPolygonF({QPointF(-2, -4), QPointF(2, 0), QPointF(-2, 4)}));
    }
};

} // namespace

Section::Section(const QString& title, QWidget* body, QWidget* parent)
    : QWidget(parent)
    , m_header(new Header(this))
    , m_headerLayout(new QHBoxLayout)
    , m_body(body)
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 4, 0, 8);
    column->setSpacing(4);
    m_headerLayout->setSpacing(0);
    m_headerLayout->addWidget(m_header, 1);
    column->addLayout(m_headerLayout);
    column->addWidget(m_body);
    setTitle(title);
    connect(m_header, &QAbstractButton::toggled, m_body, &QWidget::setVisible);
    connect(m_header, &QAbstractButton::clicked, this, [this] { emit expandedChanged(isExpanded()); });
}

void Section::setTitle(const QString& title)
{
    m_header->setText(title);
    m_header->setAccessibleName(title);
    m_header->update();
}

QString Section::title() const { return m_header->text(); }

void Section::setHeaderWidget(QWidget* widget) { m_headerLayout->addWidget(widget); }

void Section::setFoldable(bool foldable)
{
    setExpanded(true);
    m_header->setCheckable(foldable);
    m_header->setFocusPolicy(foldable ? Qt::TabFocus : Qt::NoFocus);
}

void Section::setExpanded(bool expanded)
{
    if (m_header->isCheckable())
        m_header->setChecked(expanded);
}

bool Section::isExpanded() const { return !m_body->isHidden(); }

void Section::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setPen(currentTheme().grid);
    painter.drawLine(0, 0, width(), 0);
}

} // namespace endospike
