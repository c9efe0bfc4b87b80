#include "widgets/trace/plot_stack.h"

#include "widgets/look/numbers.h"
#include "widgets/trace/plot_strip.h"
#include "widgets/trace/time_plot.h"

#include <QDataStream>
#include <QIODevice>
#include <QKeyEvent>
#include <QMenu>
#include <QPainter>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

namespace endospike {

namespace {

constexpr quint32 layoutMagic = 0x45535053;
constexpr quint32 layoutVersion = 1;

} // namespace

PlotStack::PlotStack(QWidget* parent)
    : QWidget(parent)
    , m_axis([this] { return m_column->top()->plotArea().width() * m_column->top()->devicePixelRatioF(); })
    , m_strip(new PlotStrip)
    , m_column(new PlotColumn)
{
    setFocusPolicy(Qt::StrongFocus);
    setAccessibleName(tr("Plots"));
    setAccessibleDescription(
        tr("Arrow keys pan, plus and minus zoom, Home shows everything, End follows the newest samples, "
           "Control with an arrow moves the crosshair"));
    auto* whole = new QVBoxLayout(this);
    whole->setContentsMargins(2, 2, 2, 2);
    whole->setSpacing(0);
    whole->addWidget(m_strip);
    whole->addWidget(m_column, 1);
    addOptions();
    connect(m_strip, &PlotStrip::panelToggled, this, &PlotStack::setPanelVisible);
    connect(m_strip, &PlotStrip::followsToggled, this, &PlotStack::setFollowLive);
    connect(&m_axis, &TimeAxis::rangeChanged, this, &PlotStack::showRange);
    connect(&m_axis, &TimeAxis::followsChanged, m_strip, &PlotStrip::setFollows);
    connect(&m_axis, &TimeAxis::followsChanged, this, &PlotStack::followLiveChanged);
    for (const PanelKind& kind : cellPanels())
        addPanel(QString::fromLatin1(kind.key), tr(kind.title), kind.make(), kind.shown, kind.height);
    connect(&themeNotifier(), &ThemeNotifier::themeChanged, this, &PlotStack::setTheme);
    setTheme(currentTheme());
    fillPanels();
}

PlotStack::~PlotStack() = default;

void PlotStack::addOptions()
{
    QMenu* menu = m_strip->options();
    const auto add = [&](const QString& text, bool on, void (PlotStack::*set)(bool)) {
        QAction* action = menu->addAction(text);
        action->setCheckable(true);
        action->setChecked(on);
        connect(action, &QAction::toggled, this, set);
        return action;
    };
    m_linesAction = add(
        tr("Rest, threshold and reversal potentials"), m_scene.referenceLines, &PlotStack::setReferenceLinesVisible);
    m_allAction = add(tr("Gates and currents of all cells"), m_scene.allCells, &PlotStack::setAllCellsInDetail);
    menu->addSeparator();
    connect(menu->addAction(themedIcon("fit"), tr("Show everything")), &QAction::triggered, this, &PlotStack::fit);
}

void PlotStack::addPanel(const QString& key, const QString& title, TimePlot* plot, bool shown, int height)
{
    m_strip->addPanel(key, title, shown);
    m_column->add({key, title, shown}, plot, height);
    connectPlot(plot);
}

void PlotStack::connectPlot(TimePlot* plot)
{
    connect(plot, &TimePlot::pressed, this, [this] { setFocus(Qt::MouseFocusReason); });
    connect(plot, &TimePlot::panned, &m_axis, &TimeAxis::pan);
    connect(plot, &TimePlot::zoomed, &m_axis, &TimeAxis::zoom);
    connect(plot, &TimePlot::fitRequested, this, &PlotStack::fit);
    connect(plot, &TimePlot::hovered, this, [this](double time_ms) {
        m_hover = (time_ms - visibleRange().from_ms) / visibleRange().span_ms();
        setCrosshair(time_ms);
    });
    connect(plot, &TimePlot::unhovered, this, [this] {
        m_hover.reset();
        setCrosshair(std::nullopt);
    });
}

void PlotStack::setPlan(const NeuronPlan& plan)
{
    if (plan == m_scene.plan)
        return;
    m_scene.plan = plan;
    fillPanels();
}

void PlotStack::setSelectedCell(int cellId)
{
    if (cellId == m_scene.selectedCell)
        return;
    m_scene.selectedCell = cellId;
    fillPanels();
}

void PlotStack::setAllCellsInDetail(bool all)
{
    if (all == m_scene.allCells)
        return;
    m_scene.allCells = all;
    m_allAction->setChecked(all);
    fillPanels();
}

void PlotStack::setReferenceLinesVisible(bool visible)
{
    if (visible == m_scene.referenceLines)
        return;
    m_scene.referenceLines = visible;
    m_linesAction->setChecked(visible);
    fillPanels();
}

void PlotStack::fillPanels()
{
    for (const Cell& cell : m_scene.plan.cells)
        if (cell.id == m_scene.selectedCell && hasGroup(*cell.model, ChannelGroup::gate))
            m_scene.detailCell = cell.id;
    for (const PanelKind& kind : cellPanels())
        kind.fill(*plot(QLatin1String(kind.key)), m_scene);
    arrange();
}

void PlotStack::setHistory(const TraceHistory* history)
{
    m_axis.setHistory(history);
    m_column->forEach([&](TimePlot& plot) { plot.setHistory(history); });
}

void PlotStack::refresh()
{
    m_axis.refresh();
    if (m_hover)
        setCrosshair(visibleRange().from_ms + *m_hover * visibleRange().span_ms());
    m_column->forEach([&](TimePlot& plot) { plot.refresh(); });
}

void PlotStack::showRange(double from_ms, double to_ms)
{
    m_column->forEach([&](TimePlot& plot) { plot.setTimeRange(from_ms, to_ms); });
    emit visibleRangeChanged(from_ms, to_ms);
}

void PlotStack::fit()
{
    m_column->forEach([&](TimePlot& plot) { plot.fitValues(); });
    m_axis.fit();
}

void PlotStack::setPanelVisible(const QString& key, bool visible)
{
    if (!m_column->setShown(key, visible))
        return;
    m_strip->setPanelShown(key, visible);
    emit panelVisibilityChanged(key, visible);
}

void PlotStack::arrange()
{
    m_column->arrange();
    m_strip->place(width());
}

void PlotStack::addTool(QToolButton* tool)
{
    m_strip->addTool(tool);
    setTheme(currentTheme());
}

void PlotStack::setTheme(const Theme& theme)
{
    m_strip->setTheme(theme);
    m_column->forEach([&](TimePlot& plot) { plot.setTheme(theme); });
    arrange();
    update();
}

int PlotStack::framesPerSecond() const { return m_column->top()->framesPerSecond(); }

void PlotStack::resizeEvent(QResizeEvent*) { m_strip->place(width()); }

void PlotStack::paintEvent(QPaintEvent*)
{
    if (!m_showFocus)
        return;
    QPainter painter(this);
    painter.setPen(QPen(currentTheme().accent, 2));
    painter.drawRect(rect().adjusted(1, 1, -1, -1));
}

void PlotStack::focusInEvent(QFocusEvent* event)
{
    m_showFocus = event->reason() == Qt::TabFocusReason || event->reason() == Qt::BacktabFocusReason
        || event->reason() == Qt::ShortcutFocusReason;
    update();
}

void PlotStack::focusOutEvent(QFocusEvent*)
{
    m_showFocus = false;
    update();
}

void PlotStack::setCrosshair(std::optional<double> time_ms)
{
    if (time_ms == m_crosshair_ms)
        return;
    m_crosshair_ms = time_ms;
    m_column->forEach([&](TimePlot& plot) { plot.setCrosshair(time_ms); });
    updateReadout();
    emit crosshairChanged();
}

void PlotStack::updateReadout()
{
    m_strip->setReadout(m_crosshair_ms
            ? tr("t = %1 ms").arg(fixedNumber(*m_crosshair_ms, visibleRange().span_ms() < 20 ? 3 : 2))
            : QString());
}

void PlotStack::keyPressEvent(QKeyEvent* event)
{
    const TimeRange range = visibleRange();
    const double center_ms = m_crosshair_ms.value_or((range.from_ms + range.to_ms) / 2);
    const bool control = event->modifiers() & Qt::ControlModifier;
    const double sign = event->key() == Qt::Key_Left ? -1 : 1;
    switch (event->key()) {
    case Qt::Key_Left:
    case Qt::Key_Right:
        if (control) {
            m_hover.reset();
            setCrosshair(std::clamp(center_ms + sign * m_axis.pixel_ms(), range.from_ms, range.to_ms));
        } else {
            m_axis.pan(sign * 0.1 * range.span_ms());
        }
        return;
    case Qt::Key_Plus:
    case Qt::Key_Equal:
        return m_axis.zoom(0.8, center_ms);
    case Qt::Key_Minus:
        return m_axis.zoom(1.25, center_ms);
    case Qt::Key_Home:
        return fit();
    case Qt::Key_End:
        return setFollowLive(true);
    case Qt::Key_Escape:
        if (m_crosshair_ms)
            return setCrosshair(std::nullopt);
        break;
    default:
        break;
    }
    QWidget::keyPressEvent(event);
}

QByteArray PlotStack::saveLayout() const
{
    QByteArray state;
    QDataStream out(&state, QIODevice::WriteOnly);
    out.setVersion(QDataStream::Qt_6_0);
    out << layoutMagic << layoutVersion << m_scene.allCells << m_scene.referenceLines << visibleRange().span_ms();
    const std::vector<PlotColumn::Layout> layouts = m_column->layouts();
    out << static_cast<qint32>(layouts.size());
    for (const PlotColumn::Layout& layout : layouts)
        out << layout.key << layout.shown << layout.height;
    return state;
}

bool PlotStack::restoreLayout(const QByteArray& state)
{
    QDataStream in(state);
    in.setVersion(QDataStream::Qt_6_0);
    quint32 magic = 0, version = 0;
    bool allCells = false, referenceLines = false;
    double span_ms = 0;
    qint32 count = 0;
    in >> magic >> version >> allCells >> referenceLines >> span_ms >> count;
    if (in.status() != QDataStream::Ok || magic != layoutMagic || version != layoutVersion || count < 0 || count > 64
        || !TimeAxis::allows(span_ms))
        return false;
    std::vector<PlotColumn::Layout> layouts(static_cast<std::size_t>(count));
    for (PlotColumn::Layout& layout : layouts)
        in >> layout.key >> layout.shown >> layout.height;
    if (in.status() != QDataStream::Ok)
        return false;
    setAllCellsInDetail(allCells);
    setReferenceLinesVisible(referenceLines);
    setTimeSpan(span_ms);
    for (const PlotColumn::Layout& layout : layouts)
        setPanelVisible(layout.key, layout.shown);
    m_column->setHeights(layouts);
    return true;
}

} // namespace endospike
