#include "widgets/picture/confusion_matrix.h"

#include "widgets/look/theme.h"

#include <QHelpEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QToolTip>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace endospike {

namespace {

QColor mixed(const QColor& from, const QColor& to, double part)
{
    const auto channel = [part](float a, float b) { return a + static_cast<float>(part) * (b - a); };
    return QColor::fromRgbF(
        channel(from.redF(), to.redF()), channel(from.greenF(), to.greenF()), channel(from.blueF(), to.blueF()));
}

} // namespace

ConfusionMatrix::ConfusionMatrix(QWidget* parent)
    : QWidget(parent)
{
    setFocusPolicy(Qt::StrongFocus);
    setAccessibleName(tr("Confusion matrix"));
    connect(&themeNotifier(), &ThemeNotifier::themeChanged, this, [this] { update(); });
}

void ConfusionMatrix::setTitle(const QString& title)
{
    m_title = title;
    setAccessibleName(tr("Confusion matrix, %1").arg(title));
    update();
}

void ConfusionMatrix::setNames(const QStringList& names)
{
    m_names = names;
    update();
}

void ConfusionMatrix::setCounts(std::vector<int> counts)
{
    m_counts = std::move(counts);
    if (m_counts.size() != static_cast<std::size_t>(classes() * classes()))
        m_counts.clear();
    update();
}

int ConfusionMatrix::countAt(Cell cell) const
{
    return m_counts.empty() ? 0 : m_counts[static_cast<std::size_t>(cell.truth * classes() + cell.answer)];
}

int ConfusionMatrix::rowTotal(int truth) const
{
    int total = 0;
    for (int answer = 0; answer < classes(); ++answer)
        total += countAt({truth, answer});
    return total;
}

double ConfusionMatrix::accuracy() const
{
    const int total = std::accumulate(m_counts.begin(), m_counts.end(), 0);
    int right = 0;
    for (int i = 0; i < classes(); ++i)
        right += countAt({i, i});
    return total > 0 ? static_cast<double>(right) / total : std::numeric_limits<double>::quiet_NaN();
}

QString ConfusionMatrix::describe(Cell cell) const
{
    const QString counts = tr("%1 of %2").arg(countAt(cell)).arg(rowTotal(cell.truth));
    return cell.truth == cell.answer ? tr("%1 recognised: %2").arg(m_names[cell.truth], counts)
                                     : tr("%1 taken for %2: %3").arg(m_names[cell.truth], m_names[cell.answer], counts);
}

void ConfusionMatrix::setCurrent(std::optional<Cell> cell)
{
    m_current = cell;
    setAccessibleDescription(cell ? describe(*cell) : QString());
    update();
}

void ConfusionMatrix::choose(std::optional<Cell> cell)
{
    setCurrent(cell);
    emit cellChosen(cell);
}

ConfusionMatrix::Frame ConfusionMatrix::frameIn(QSize size) const
{
    const QFontMetricsF metrics(currentTheme().axisFont());
    double names = 40;
    for (const QString& name : m_names)
        names = std::max(names, metrics.horizontalAdvance(name) + 10);
    const double top = 2 * metrics.height() + 6;
    const int n = std::max(1, classes());
    const double side = std::floor(std::min((size.width() - names - 4) / n, (size.height() - top - names - 4) / n));
    return {QRectF(names, top, side * n, side * n), side};
}

QRectF ConfusionMatrix::cellRect(Cell cell) const
{
    const Frame frame = frameIn(size());
    return {frame.cells.left() + cell.answer * frame.side, frame.cells.top() + cell.truth * frame.side, frame.side,
        frame.side};
}

std::optional<ConfusionMatrix::Cell> ConfusionMatrix::cellAt(QPointF place) const
{
    const Frame frame = frameIn(size());
    if (!frame.cells.contains(place) || m_counts.empty())
        return std::nullopt;
    return Cell{std::min(classes() - 1, static_cast<int>((place.y() - frame.cells.top()) / frame.side)),
        std::min(classes() - 1, static_cast<int>((place.x() - frame.cells.left()) / frame.side))};
}

void ConfusionMatrix::mousePressEvent(QMouseEvent* event)
{
    if (event->button() != Qt::LeftButton)
        return;
    if (const auto cell = cellAt(event->position()))
        choose(cell == m_current ? std::nullopt : cell);
}

void ConfusionMatrix::keyPressEvent(QKeyEvent* event)
{
    if (m_counts.empty())
        return QWidget::keyPressEvent(event);
    Cell to = m_current.value_or(Cell{0, 0});
    switch (event->key()) {
    case Qt::Key_Left:
        --to.answer;
        break;
    case Qt::Key_Right:
        ++to.answer;
        break;
    case Qt::Key_Up:
        --to.truth;
        break;
    case Qt::Key_Down:
        ++to.truth;
        break;
    case Qt::Key_Escape:
        return m_current ? choose(std::nullopt) : QWidget::keyPressEvent(event);
    default:
        return QWidget::keyPressEvent(event);
    }
    if (!m_current)
        to = {0, 0};
    choose(Cell{std::clamp(to.truth, 0, classes() - 1), std::clamp(to.answer, 0, classes() - 1)});
}

bool ConfusionMatrix::event(QEvent* event)
{
    if (event->type() != QEvent::ToolTip)
        return QWidget::event(event);
    const auto* help = static_cast<QHelpEvent*>(event);
    if (const auto cell = cellAt(help->pos()))
        QToolTip::showText(help->globalPos(), describe(*cell), this, cellRect(*cell).toRect());
    else
        QToolTip::hideText();
    return true;
}

void ConfusionMatrix::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    draw(painter, size(), false);
    if (!hasFocus())
        return;
    painter.setPen(QPen(currentTheme().accent, 2));
    painter.setBrush(Qt::NoBrush);
    painter.drawRect(rect().adjusted(1, 1, -1, -1));
}

void ConfusionMatrix::draw(QPainter& painter, QSize size, bool figure) const
{
    const Theme& look = figure ? theme(ThemeKind::light) : currentTheme();
    const Frame frame = frameIn(size);
    const QFontMetricsF metrics(look.axisFont());
    painter.setPen(look.text);
    QFont bold = look.axisFont();
    bold.setBold(true);
    painter.setFont(bold);
    const double right = accuracy();
    painter.drawText(QRectF(4, 2, size.width() - 8, metrics.height()), Qt::AlignLeft | Qt::AlignVCenter,
        std::isnan(right) ? m_title : tr("%1: %2 % right").arg(m_title).arg(100 * right, 0, 'f', 1));
    painter.setFont(look.axisFont());
    painter.setPen(look.mutedText);
    painter.drawText(QRectF(4, metrics.height() + 3, size.width() - 8, metrics.height()),
        Qt::AlignLeft | Qt::AlignVCenter, tr("rows: what it is, columns: what the network says"));
    painter.fillRect(frame.cells, look.plot);
    for (int truth = 0; truth < classes(); ++truth)
        for (int answer = 0; answer < classes(); ++answer)
            drawCell(painter, frame, {truth, answer}, look);
    painter.setBrush(Qt::NoBrush);
    painter.setPen(look.border);
    painter.drawRect(frame.cells);
    drawNames(painter, frame, look);
    if (m_current && !figure) {
        painter.setPen(QPen(look.text, 2));
        painter.drawRect(cellRect(*m_current).adjusted(1, 1, -1, -1));
    }
}

void ConfusionMatrix::drawCell(QPainter& painter, const Frame& frame, Cell cell, const Theme& look) const
{
    const QRectF place(frame.cells.left() + cell.answer * frame.side, frame.cells.top() + cell.truth * frame.side,
        frame.side, frame.side);
    const int count = countAt(cell);
    const bool right = cell.truth == cell.answer;
    // Few mistakes shall be seen beside many right answers: the root lifts them.
    const double share = std::sqrt(static_cast<double>(count) / std::max(1, rowTotal(cell.truth)));
    const QColor full(right ? QLatin1String("#0072B2") : QLatin1String("#D55E00"));
    const QColor shade = mixed(look.plot, full, (right ? 0.75 : 0.9) * share);
    painter.fillRect(place, shade);
    painter.setPen(look.grid);
    painter.setBrush(Qt::NoBrush);
    painter.drawRect(place);
    if (count == 0 && !right)
        return;
    QFont font = look.axisFont();
    const QString text = QString::number(count);
    const double width = QFontMetricsF(font).horizontalAdvance(text);
    if (width > frame.side - 3)
        font.setPointSizeF(std::max(5.0, font.pointSizeF() * (frame.side - 3) / width));
    font.setBold(right);
    painter.setFont(font);
    painter.setPen(contrastRatio(Qt::black, shade) > contrastRatio(Qt::white, shade) ? Qt::black : Qt::white);
    painter.drawText(place, Qt::AlignCenter, text);
}

void ConfusionMatrix::drawNames(QPainter& painter, const Frame& frame, const Theme& look) const
{
    painter.setFont(look.axisFont());
    for (int i = 0; i < classes(); ++i) {
        painter.setPen(m_current && m_current->truth == i ? look.text : look.mutedText);
        painter.drawText(QRectF(0, frame.cells.top() + i * frame.side, frame.cells.left() - 6, frame.side),
            Qt::AlignRight | Qt::AlignVCenter, m_names[i]);
        painter.setPen(m_current && m_current->answer == i ? look.text : look.mutedText);
        painter.save();
        painter.translate(frame.cells.left() + (i + 0.5) * frame.side, frame.cells.bottom() + 5);
        painter.rotate(-90);
        painter.drawText(QRectF(-300, -frame.side / 2, 300, frame.side), Qt::AlignRight | Qt::AlignVCenter, m_names[i]);
        painter.restore();
    }
}

} // namespace endospike
