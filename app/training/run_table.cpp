// The table of runs as it is drawn and clicked; what stands in it is RunModel's.
#include "app/training/run_model.h"

#include "widgets/look/numbers.h"
#include "widgets/look/reading_table.h"
#include "widgets/look/theme.h"

#include <QCheckBox>
#include <QEvent>
#include <QHeaderView>
#include <QMouseEvent>
#include <QPainter>
#include <QStyledItemDelegate>

#include <algorithm>

namespace endospike {

namespace {

constexpr int gap = 8;

/// Tick, swatch and name in the first column; a line above the first of the earlier runs.
class RunDelegate : public QStyledItemDelegate {
public:
    RunDelegate(const RunModel& model, RunTable* table)
        : QStyledItemDelegate(table)
        , m_model(model)
        , m_table(*table)
        , m_box(new QCheckBox(table)) // only its style is used
    {
        m_box->hide();
    }

    void initStyleOption(QStyleOptionViewItem* option, const QModelIndex& index) const override
    {
        QStyledItemDelegate::initStyleOption(option, index);
        option->state &= ~QStyle::State_HasFocus;
        if (index.column() != RunModel::network)
            return;
        option->features &= ~(QStyleOptionViewItem::HasCheckIndicator | QStyleOptionViewItem::HasDecoration);
        option->icon = {};
        option->text.clear();
    }

    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override
    {
        QStyledItemDelegate::paint(painter, option, index);
        if (index.column() == RunModel::network)
            paintRun(*painter, option.rect, index);
        const int row = index.row();
        if (row > 0 && m_model.isCurrent(row - 1) && !m_model.isCurrent(row)) {
            painter->setPen(QPen(currentTheme().mutedText, 1));
            painter->drawLine(option.rect.topLeft(), option.rect.topRight());
        }
    }

    bool editorEvent(
        QEvent* event, QAbstractItemModel* model, const QStyleOptionViewItem& option, const QModelIndex& index) override
    {
        if (event->type() == QEvent::KeyPress || index.column() != RunModel::network)
            return QStyledItemDelegate::editorEvent(event, model, option, index);
        if (event->type() != QEvent::MouseButtonRelease && event->type() != QEvent::MouseButtonPress
            && event->type() != QEvent::MouseButtonDblClick)
            return false;
        const auto* mouse = static_cast<QMouseEvent*>(event);
        if (mouse->button() != Qt::LeftButton
            || mouse->position().x() >= m_table.tickRect(index.row()).right() + gap / 2)
            return false;
        if (event->type() == QEvent::MouseButtonRelease)
            model->setData(
                index, m_model.isTicked(m_model.runAt(index.row())) ? Qt::Unchecked : Qt::Checked, Qt::CheckStateRole);
        return true;
    }

private:
    void paintRun(QPainter& painter, const QRect& cell, const QModelIndex& index) const
    {
        QStyleOptionButton box;
        box.rect = m_table.tickRect(index.row());
        box.state = QStyle::State_Enabled
            | (m_model.isTicked(m_model.runAt(index.row())) ? QStyle::State_On : QStyle::State_Off);
        m_table.style()->drawPrimitive(QStyle::PE_IndicatorCheckBox, &box, &painter, m_box);
        int x = box.rect.right() + gap;
        painter.drawPixmap(
            x, cell.center().y() - swatchSize.height() / 2 + 1, index.data(Qt::DecorationRole).value<QPixmap>());
        x += swatchSize.width() + gap;
        painter.setPen(index.data(Qt::ForegroundRole).value<QColor>());
        painter.setFont(m_table.font());
        const QRect rest(x, cell.top(), cell.right() - x, cell.height());
        painter.drawText(rest, Qt::AlignLeft | Qt::AlignVCenter,
            QFontMetrics(m_table.font()).elidedText(index.data().toString(), Qt::ElideRight, rest.width()));
    }

    const RunModel& m_model;
    const RunTable& m_table;
    QCheckBox* m_box;
};

} // namespace

RunTable::RunTable(RunModel& model, QWidget* parent)
    : QTableView(parent)
    , m_model(model)
{
    setModel(&model);
    setAccessibleName(tr("Runs"));
    makeReadingTable(*this);
    horizontalHeader()->setStretchLastSection(true);
    horizontalHeader()->setSortIndicatorShown(true);
    horizontalHeader()->setSortIndicatorClearable(true);
    horizontalHeader()->setSortIndicator(-1, Qt::AscendingOrder);
    setSortingEnabled(true);
    connect(&model, &QAbstractItemModel::modelReset, this, &RunTable::fitColumns);
    setItemDelegate(new RunDelegate(model, this));
    connect(this, &QAbstractItemView::doubleClicked, this, &RunTable::lookWanted);
    connect(selectionModel(), &QItemSelectionModel::selectionChanged, this, [this] {
        if (!m_quiet)
            emit runChosen();
    });
    fitColumns();
}

void RunTable::fitColumns()
{
    verticalHeader()->setDefaultSectionSize(QFontMetrics(currentTheme().baseFont()).height() + 6);
    // Widths hold the widest that a column may show, so that nothing jumps while figures come in.
    const QFontMetrics metrics(currentTheme().baseFont());
    const QString widest[] = {{}, QStringLiteral("888"), tr("unfinished"), QStringLiteral("888 / 888"),
        QStringLiteral("88.8 %"), QStringLiteral("88.8 %"), QStringLiteral("8.888"), groupedNumber(888888),
        tr("88 min 88 s"), QStringLiteral("8888-88-88 88:88")};
    for (int column = 0; column < RunModel::title; ++column) {
        const QString head = m_model.headerData(column, Qt::Horizontal, Qt::DisplayRole).toString();
        int width = metrics.horizontalAdvance(widest[column]) + 16;
        width = std::max(width, metrics.horizontalAdvance(head) + 24); // with the arrow of sorting
        if (column == RunModel::network) {
            for (int row = 0; row < m_model.rowCount(); ++row)
                width = std::max(width,
                    metrics.horizontalAdvance(m_model.index(row, 0).data().toString()) + metrics.height()
                        + swatchSize.width() + 5 * gap);
        }
        setColumnWidth(column, width);
    }
}

std::optional<std::size_t> RunTable::chosen() const
{
    const QModelIndexList rows = selectionModel()->selectedRows();
    return rows.isEmpty() ? std::nullopt : std::optional(m_model.runAt(rows.front().row()));
}

void RunTable::choose(std::optional<std::size_t> run)
{
    m_quiet = true;
    if (run)
        setCurrentIndex(m_model.index(m_model.rowOf(*run), 1));
    else
        clearSelection();
    m_quiet = false;
}

QRect RunTable::tickRect(int row) const
{
    const QRect cell = visualRect(m_model.index(row, RunModel::network));
    const int side = fontMetrics().height() - 2;
    return {cell.left() + gap, cell.center().y() - side / 2 + 1, side, side};
}

QSize RunTable::sizeHint() const
{
    const int rows = std::clamp(m_model.rowCount(), 2, 8);
    return {640, horizontalHeader()->sizeHint().height() + rows * verticalHeader()->defaultSectionSize() + 14};
}

void RunTable::changeEvent(QEvent* event)
{
    QTableView::changeEvent(event);
    if (event->type() == QEvent::FontChange || event->type() == QEvent::StyleChange)
        fitColumns();
}

} // namespace endospike
