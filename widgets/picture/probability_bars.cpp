#include "widgets/picture/probability_bars.h"

#include "widgets/look/theme.h"
#include "widgets/picture/answer_marks.h"

#include <QPainter>

#include <algorithm>

namespace endospike {

namespace {
QString percent(float p)
{
    return QStringLiteral("%1 %").arg(100 * static_cast<double>(p), 0, 'f', p < 0.0995f ? 1 : 0);
}
} // namespace

ProbabilityBars::ProbabilityBars(QWidget* parent)
    : QWidget(parent)
{
    connect(&themeNotifier(), &ThemeNotifier::themeChanged, this, [this] {
        updateGeometry();
        update();
    });
}

void ProbabilityBars::changed()
{
    setAccessibleDescription(sentence());
    update();
}

void ProbabilityBars::setTitle(const QString& title)
{
    m_title = title;
    setAccessibleName(title);
    changed();
}

void ProbabilityBars::setNames(const QStringList& names)
{
    m_names = names;
    changed();
}

void ProbabilityBars::setProbabilities(std::span<const float> probabilities)
{
    m_probabilities.assign(probabilities.begin(), probabilities.end());
    if (static_cast<qsizetype>(m_probabilities.size()) != m_names.size())
        m_probabilities.clear();
    changed();
}

void ProbabilityBars::setTruth(int index)
{
    m_truth = index;
    changed();
}

int ProbabilityBars::answer() const
{
    return m_probabilities.empty()
        ? -1
        : static_cast<int>(std::ranges::max_element(m_probabilities) - m_probabilities.begin());
}

QString ProbabilityBars::sentence() const
{
    const int said = answer();
    if (said < 0)
        return {};
    const QString text = tr("%1, %2").arg(m_names[said], percent(m_probabilities[static_cast<std::size_t>(said)]));
    if (m_truth < 0 || m_truth >= m_names.size())
        return text;
    return m_truth == said ? tr("%1: right").arg(text) : tr("%1: wrong, it is %2").arg(text, m_names[m_truth]);
}

QSize ProbabilityBars::minimumSizeHint() const
{
    const int line = QFontMetrics(currentTheme().axisFont()).height();
    return {12 * line, 9 * line};
}

void ProbabilityBars::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    draw(painter, size(), false);
}

double ProbabilityBars::nameWidth(const Theme& look) const
{
    QFont bold = look.axisFont();
    bold.setBold(true);
    double width = 0;
    for (const QString& name : m_names)
        width = std::max(width, QFontMetricsF(bold).horizontalAdvance(name));
    return width;
}

void ProbabilityBars::draw(QPainter& painter, QSize size, bool figure) const
{
    const Theme& look = figure ? theme(ThemeKind::light) : currentTheme();
    const QFontMetricsF metrics(look.axisFont());
    QFont bold = look.axisFont();
    bold.setBold(true);
    painter.setFont(bold);
    painter.setPen(look.text);
    painter.drawText(QRectF(0, 0, size.width(), metrics.height() + 2), Qt::AlignLeft | Qt::AlignVCenter, m_title);
    const double top = metrics.height() + 4;
    const auto rows = static_cast<double>(std::max<qsizetype>(1, m_names.size()));
    const double height = std::min((size.height() - top) / rows, 2 * metrics.height());
    for (int i = 0; i < m_names.size(); ++i)
        drawRow(painter, {0, top + i * height, static_cast<double>(size.width()), height}, i, look);
}

void ProbabilityBars::drawRow(QPainter& painter, QRectF row, int index, const Theme& look) const
{
    const int said = answer();
    QFont font = look.axisFont();
    font.setBold(index == said);
    painter.setFont(font);
    const QFontMetricsF metrics(font);
    const double mark = metrics.height() * 0.6;
    const double names = nameWidth(look) + mark + 8;
    painter.setPen(index == said || index == m_truth ? look.text : look.mutedText);
    painter.drawText(QRectF(row.left() + mark + 4, row.top(), names - mark - 8, row.height()),
        Qt::AlignRight | Qt::AlignVCenter, m_names[index]);
    if (index == m_truth) { // a pointer to the true class
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(Qt::NoPen);
        painter.setBrush(look.text);
        const double y = row.center().y();
        painter.drawPolygon(QPolygonF{{QPointF(row.left() + 1, y - mark / 2), QPointF(row.left() + mark, y),
            QPointF(row.left() + 1, y + mark / 2)}});
        painter.setRenderHint(QPainter::Antialiasing, false);
    }
    const double values = metrics.horizontalAdvance(QStringLiteral("100 %")) + 8;
    const double room = std::max(10.0, row.width() - names - values);
    const double thickness = std::clamp(row.height() - 4, 3.0, 16.0);
    const QRectF track(row.left() + names, row.center().y() - thickness / 2, room, thickness);
    painter.fillRect(track, look.grid);
    if (said < 0)
        return;
    const float p = m_probabilities[static_cast<std::size_t>(index)];
    const QRectF bar(track.topLeft(), QSizeF(room * std::clamp(static_cast<double>(p), 0.0, 1.0), thickness));
    const bool wrong = index == said && m_truth >= 0 && said != m_truth;
    painter.fillRect(bar, index == said ? answerColor(!wrong) : look.mutedText);
    if (wrong)
        painter.fillRect(bar, QBrush(look.plot, Qt::BDiagPattern));
    painter.setPen(index == said ? look.text : look.mutedText);
    painter.drawText(
        QRectF(track.right() + 4, row.top(), values - 4, row.height()), Qt::AlignRight | Qt::AlignVCenter, percent(p));
}

} // namespace endospike
