#include "widgets/trace/plot_column.h"

#include "widgets/trace/time_plot.h"

#include <algorithm>

namespace endospike {

PlotColumn::PlotColumn(QWidget* parent)
    : QSplitter(Qt::Vertical, parent)
{
    setChildrenCollapsible(false);
    setHandleWidth(4);
}

void PlotColumn::add(const PlotPanel& panel, TimePlot* plot, int height)
{
    plot->setObjectName(QStringLiteral("plot_%1").arg(panel.key));
    plot->setMinimumSize(160, 56);
    addWidget(plot); // first: shown without a parent it would be a window for a moment
    plot->setVisible(panel.visible);
    setStretchFactor(count() - 1, height);
    m_panels.push_back({panel, plot, height});
}

std::vector<PlotPanel> PlotColumn::panels() const
{
    std::vector<PlotPanel> list;
    for (const Panel& one : m_panels)
        list.push_back(one.panel);
    return list;
}

bool PlotColumn::isShown(const QString& key) const
{
    return std::ranges::any_of(m_panels, [&](const Panel& one) { return one.panel.key == key && one.panel.visible; });
}

bool PlotColumn::setShown(const QString& key, bool shown)
{
    const auto found = std::ranges::find_if(m_panels, [&](const Panel& one) { return one.panel.key == key; });
    if (found == m_panels.end() || found->panel.visible == shown)
        return false;
    const QList<int> heights = sizes();
    found->panel.visible = shown;
    found->plot->setVisible(shown);
    if (shown)
        makeRoom(heights, *found);
    arrange();
    return true;
}

void PlotColumn::makeRoom(QList<int> heights, const Panel& shown)
{
    int total = 0;
    int weights = 0;
    for (const int height : heights)
        total += height;
    for (const Panel& one : m_panels)
        if (one.panel.visible)
            weights += one.height;
    // Its own share; the others keep their proportions.
    const auto index = static_cast<qsizetype>(&shown - m_panels.data());
    const int share = total * shown.height / std::max(1, weights);
    for (int& height : heights)
        height = total > 0 ? static_cast<int>(static_cast<qint64>(height) * (total - share) / total) : height;
    heights[index] = share;
    setSizes(heights);
}

TimePlot* PlotColumn::plot(const QString& key) const
{
    for (const Panel& one : m_panels)
        if (one.panel.key == key)
            return one.plot;
    return nullptr;
}

TimePlot* PlotColumn::top() const
{
    for (const Panel& one : m_panels)
        if (one.panel.visible)
            return one.plot;
    return m_panels.front().plot;
}

TimePlot* PlotColumn::lowest() const
{
    TimePlot* lowest = nullptr;
    for (const Panel& one : m_panels)
        if (one.panel.visible)
            lowest = one.plot;
    return lowest;
}

int PlotColumn::rightMargin() const
{
    int right = 0;
    for (const Panel& one : m_panels)
        if (one.panel.visible)
            right = std::max(right, one.plot->wantedRightMargin());
    return right;
}

void PlotColumn::arrange()
{
    const int right = rightMargin();
    for (const Panel& one : m_panels) {
        one.plot->setTimeAxisShown(one.plot == lowest());
        one.plot->setRightMargin(right);
    }
}

FigureRequest PlotColumn::figure(const QString& caption) const
{
    FigureRequest request{{}, caption};
    for (const Panel& one : m_panels)
        if (one.panel.visible)
            request.pictures.emplace_back(one.plot->size(),
                [plot = one.plot, last = one.plot == lowest(), right = rightMargin()](
                    QCPPainter& painter, QSize size) { plot->drawFigure(painter, size, last, right); });
    return request;
}

std::vector<PlotColumn::Layout> PlotColumn::layouts() const
{
    std::vector<Layout> list;
    const QList<int> heights = sizes();
    for (std::size_t i = 0; i < m_panels.size(); ++i)
        list.push_back({m_panels[i].panel.key, m_panels[i].panel.visible, heights[static_cast<qsizetype>(i)]});
    return list;
}

void PlotColumn::setHeights(const std::vector<Layout>& layouts)
{
    QList<int> heights = sizes();
    for (const Layout& layout : layouts)
        for (std::size_t i = 0; i < m_panels.size(); ++i)
            if (m_panels[i].panel.key == layout.key && layout.height > 0)
                heights[static_cast<qsizetype>(i)] = layout.height;
    setSizes(heights);
}

} // namespace endospike
