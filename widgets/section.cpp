#include "widgets/section.h"

#include "widgets/theme.h"

#include <QHBoxLayout>
#include <QPainter>
#include <QToolButton>
#include <QVBoxLayout>

namespace endospike {

Section::Section(const QString& title, QWidget* body, QWidget* parent)
    : QWidget(parent)
    , m_header(new QToolButton(this))
    , m_headerLayout(new QHBoxLayout)
    , m_body(body)
{
    m_header->setObjectName(QStringLiteral("sectionHeader"));
    m_header->setAutoRaise(true);
    m_header->setCheckable(true);
    m_header->setChecked(true);
    m_header->setToolButtonStyle(Qt::ToolButtonTextOnly);
    m_header->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    // Flat and flush with the left edge of what is below, in every theme.
    m_header->setStyleSheet(
        QStringLiteral("QToolButton { border: none; background: transparent; padding: 4px 0; text-align: left;"
                       " font-weight: 600; } QToolButton:focus { text-decoration: underline; }"));
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 8, 0, 8);
    column->setSpacing(4);
    m_headerLayout->setSpacing(0);
    m_headerLayout->addWidget(m_header, 1);
    column->addLayout(m_headerLayout);
    column->addWidget(m_body);
    setTitle(title);
    connect(m_header, &QToolButton::clicked, this, [this](bool on) {
        setExpanded(!m_foldable || on);
        emit expandedChanged(isExpanded());
    });
}

void Section::setTitle(const QString& title)
{
    m_header->setText(title);
    m_header->setAccessibleName(title);
}

QString Section::title() const { return m_header->text(); }

void Section::setHeaderWidget(QWidget* widget) { m_headerLayout->addWidget(widget); }

void Section::setFoldable(bool foldable)
{
    m_foldable = foldable;
    m_header->setCheckable(foldable);
    m_header->setFocusPolicy(foldable ? Qt::StrongFocus : Qt::NoFocus);
    setExpanded(true);
}

void Section::setExpanded(bool expanded)
{
    m_header->setChecked(expanded);
    m_body->setVisible(expanded);
}

bool Section::isExpanded() const { return !m_body->isHidden(); }

void Section::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setPen(currentTheme().grid);
    painter.drawLine(0, 0, width(), 0);
}

} // namespace endospike
