#include "widgets/experiment/cell_list.h"

#include "widgets/experiment/cell_pen.h"
#include "widgets/form/list_row.h"
#include "widgets/look/text.h"
#include "widgets/look/theme.h"
#include "widgets/look/tool_icons.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QMenu>
#include <QPushButton>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>
#include <functional>
#include <utility>

namespace endospike {

namespace {

// A short piece of the cell's curve.
class Swatch : public QWidget {
public:
    explicit Swatch(QWidget* parent)
        : QWidget(parent)
    {
        setFixedSize(28, 20);
        setAttribute(Qt::WA_TransparentForMouseEvents);
    }
    void setPen(const QPen& pen)
    {
        m_pen = pen;
        m_pen.setWidthF(std::max(2.5, pen.widthF()));
        m_pen.setCapStyle(Qt::FlatCap);
        update();
    }

protected:
    void paintEvent(QPaintEvent*) override
    {
        QPainter painter(this);
        painter.setPen(m_pen);
        painter.drawLine(QPointF(1, height() / 2.0), QPointF(width() - 1, height() / 2.0));
    }

private:
    QPen m_pen;
};

void fillModelMenu(QMenu* menu, const std::function<void(const QString&)>& chosen)
{
    menu->setToolTipsVisible(true);
    for (const NeuronModel& model : neuronModels()) {
        QAction* action = menu->addAction(QStringLiteral("%1 (%2)").arg(qstring(model.name), qstring(model.shortName)));
        action->setToolTip(qstring(model.summary));
        action->setObjectName(qstring(model.key));
        QObject::connect(action, &QAction::triggered, menu, [chosen, key = qstring(model.key)] { chosen(key); });
    }
}

} // namespace

struct CellList::Row {
    int id = 0;
    ListRow* box = nullptr;
    Swatch* swatch = nullptr;
    QToolButton* eye = nullptr;
    NameEdit* name = nullptr;
    QLabel* model = nullptr;
};

CellList::CellList(QWidget* parent)
    : QWidget(parent)
    , m_headerActions(new QWidget(this))
    , m_empty(new QWidget(this))
    , m_list(new QVBoxLayout)
{
    setFocusPolicy(Qt::StrongFocus);
    setAccessibleName(tr("Cells"));
    buildActions();

    auto* hint = new QVBoxLayout(m_empty);
    hint->setContentsMargins(0, 0, 0, 0);
    hint->addWidget(new QLabel(tr("No cell yet."), m_empty));
    if (!neuronModels().empty()) {
        const NeuronModel& first = neuronModels().front();
        auto* button = new QPushButton(tr("Add a %1 cell").arg(qstring(first.name)), m_empty);
        hint->addWidget(button);
        connect(button, &QPushButton::clicked, this, [this, key = qstring(first.key)] { emit addRequested(key); });
    }

    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(4);
    column->addWidget(m_headerActions, 0, Qt::AlignRight);
    column->addWidget(m_empty);
    m_list->setSpacing(0);
    column->addLayout(m_list);
    connect(&themeNotifier(), &ThemeNotifier::themeChanged, this, &CellList::refresh);
    refresh();
}

// A name being edited reports itself when it loses the focus, which it does by being deleted.
CellList::~CellList()
{
    const auto rows = std::exchange(m_rows, {});
    for (const auto& r : rows)
        delete r->box;
}

void CellList::buildActions()
{
    auto* line = new QHBoxLayout(m_headerActions);
    line->setContentsMargins(0, 0, 0, 0);
    line->setSpacing(0);
    const auto button = [&](std::string_view icon, const QString& name) {
        auto* made = new QToolButton(m_headerActions);
        made->setAutoRaise(true);
        made->setIcon(themedIcon(icon));
        made->setAccessibleName(name);
        line->addWidget(made);
        return made;
    };
    m_add = button("add", tr("Add a cell"));
    m_duplicate = button("duplicate", tr("Duplicate the selected cell"));
    m_remove = button("remove", tr("Remove the selected cell"));
    m_add->setPopupMode(QToolButton::InstantPopup);
    auto* menu = new QMenu(m_add);
    fillModelMenu(menu, [this](const QString& key) { emit addRequested(key); });
    m_add->setMenu(menu);
    connect(m_duplicate, &QToolButton::clicked, this, [this] { emit duplicateRequested(m_selected); });
    connect(m_remove, &QToolButton::clicked, this, [this] { emit removeRequested(m_selected); });
}

void CellList::setCells(const NeuronPlan& plan)
{
    m_plan = plan;
    refresh();
}

void CellList::setSelected(int cellId)
{
    const auto known = std::any_of(m_rows.begin(), m_rows.end(), [&](const auto& r) { return r->id == cellId; });
    m_selected = known ? cellId : m_rows.empty() ? -1 : m_rows.front()->id;
    refreshSelection();
}

CellList::Row* CellList::row(int cellId) const
{
    for (const auto& r : m_rows)
        if (r->id == cellId)
            return r.get();
    return nullptr;
}

QWidget* CellList::rowWidget(int cellId) const { return row(cellId) ? row(cellId)->box : nullptr; }
QToolButton* CellList::visibilityButton(int cellId) const { return row(cellId) ? row(cellId)->eye : nullptr; }
QLineEdit* CellList::nameEdit(int cellId) const { return row(cellId) ? row(cellId)->name : nullptr; }

void CellList::refresh()
{
    const std::vector<Cell>& cells = m_plan.cells;
    if (!std::equal(m_rows.begin(), m_rows.end(), cells.begin(), cells.end(),
            [](const auto& r, const Cell& c) { return r->id == c.id; }))
        rebuild();
    for (std::size_t i = 0; i < m_rows.size(); ++i) {
        Row& r = *m_rows[i];
        const Cell& cell = cells[i];
        const QString name = QString::fromStdString(cell.name);
        r.swatch->setPen(cellPen(m_plan, static_cast<int>(i), currentTheme()));
        r.eye->setChecked(cell.visible);
        r.eye->setIcon(themedIcon(cell.visible ? "eye" : "eye-off"));
        r.eye->setToolTip(
            cell.visible ? tr("Shown in the plots. Click to hide.") : tr("Hidden in the plots. Click to show."));
        r.eye->setAccessibleName(tr("Show %1").arg(name));
        if (r.name->isReadOnly())
            r.name->setName(name);
        r.name->setEnabled(true);
        r.name->setAccessibleName(tr("Name of the cell %1").arg(name));
        r.model->setText(qstring(cell.model->shortName));
        r.model->setStyleSheet(QStringLiteral("color: %1").arg(currentTheme().mutedText.name()));
        r.box->setToolTip(QStringLiteral("<html><b>%1</b> (%2)<br>%3</html>")
                              .arg(name.toHtmlEscaped(), qstring(cell.model->name).toHtmlEscaped(),
                                  qstring(cell.model->summary).toHtmlEscaped()));
        r.box->setAccessibleName(tr("%1, %2").arg(name, qstring(cell.model->name)));
    }
    m_empty->setVisible(cells.empty());
    const bool full = cells.size() >= maximumCells;
    const QString reason = tr("An experiment has at most %1 cells.").arg(maximumCells);
    m_add->setEnabled(!full);
    m_add->setToolTip(full ? reason : tr("Add a cell"));
    m_duplicate->setEnabled(!full && !cells.empty());
    m_duplicate->setToolTip(full ? reason : tr("Duplicate the selected cell (Ctrl+D)"));
    m_remove->setEnabled(!cells.empty());
    m_remove->setToolTip(tr("Remove the selected cell (Delete)"));
    fitToolIcons(*m_headerActions);
    fitToolIcons(*this);
    setSelected(m_selected);
}

void CellList::rebuild()
{
    // Out of the list first: a name that loses the focus by being hidden has nothing to report any more. Not deleted at
    // once: the button that asked for it may still be on the stack.
    const auto old = std::exchange(m_rows, {});
    for (const auto& r : old) {
        r->box->hide();
        r->box->deleteLater();
    }
    for (const Cell& cell : m_plan.cells) {
        m_rows.push_back(buildRow(cell.id));
        m_list->addWidget(m_rows.back()->box);
        m_rows.back()->box->show();
    }
}

std::unique_ptr<CellList::Row> CellList::buildRow(int id)
{
    auto r = std::make_unique<Row>();
    r->id = id;
    r->box = new ListRow(this);
    auto* line = new QHBoxLayout(r->box);
    line->setContentsMargins(8, 2, 4, 2);
    line->setSpacing(8);
    r->swatch = new Swatch(r->box);
    r->name = new NameEdit(r->box);
    r->name->setMaxLength(80);
    r->model = new QLabel(r->box);
    r->eye = new QToolButton(r->box);
    r->eye->setAutoRaise(true);
    r->eye->setCheckable(true);
    // The pictogram says it already; a filled button on every visible row would shout.
    r->eye->setStyleSheet(QStringLiteral("QToolButton:checked:!hover { background: transparent; }"));
    line->addWidget(r->swatch);
    line->addWidget(r->name, 1);
    line->addWidget(r->model);
    line->addWidget(r->eye);
    r->box->installEventFilter(this);
    r->name->installEventFilter(this);
    r->name->setProperty("cell", id);
    r->box->setProperty("cell", id);
    connect(r->eye, &QToolButton::clicked, this, [this, id](bool on) { emit visibilityRequested(id, on); });
    connect(r->name, &QLineEdit::editingFinished, this, [this, id] { finishRename(id, true); });
    return r;
}

void CellList::refreshSelection()
{
    for (const auto& r : m_rows)
        r->box->setSelected(r->id == m_selected, hasFocus());
}

void CellList::select(int cellId)
{
    if (cellId == m_selected)
        return;
    setSelected(cellId);
    emit selected(m_selected);
}

void CellList::moveSelection(int by)
{
    for (int i = 0; i < count(); ++i)
        if (m_rows[static_cast<std::size_t>(i)]->id == m_selected)
            return select(m_rows[static_cast<std::size_t>(std::clamp(i + by, 0, count() - 1))]->id);
}

void CellList::startRename(int cellId)
{
    if (Row* r = row(cellId))
        r->name->begin();
}

void CellList::finishRename(int cellId, bool accept)
{
    Row* r = row(cellId);
    if (!r || r->name->isReadOnly())
        return;
    const auto cell =
        std::find_if(m_plan.cells.begin(), m_plan.cells.end(), [&](const Cell& c) { return c.id == cellId; });
    const QString before = QString::fromStdString(cell->name);
    const QString typed = r->name->finish(before, this); // the document answers with the name that it took
    if (accept && !typed.isEmpty() && typed != before)
        emit renameRequested(cellId, typed);
}

void CellList::showMenu(int cellId, const QPoint& globalPosition)
{
    QMenu menu(this);
    menu.addAction(themedIcon("rename"), tr("Rename\tF2"), this, [this, cellId] { startRename(cellId); });
    QAction* duplicate = menu.addAction(
        themedIcon("duplicate"), tr("Duplicate\tCtrl+D"), this, [this, cellId] { emit duplicateRequested(cellId); });
    duplicate->setEnabled(m_duplicate->isEnabled());
    fillModelMenu(menu.addMenu(tr("Change model to")),
        [this, cellId](const QString& key) { emit modelChangeRequested(cellId, key); });
    menu.addSeparator();
    menu.addAction(themedIcon("remove"), tr("Remove\tDel"), this, [this, cellId] { emit removeRequested(cellId); });
    menu.exec(globalPosition);
}

void CellList::keyPressEvent(QKeyEvent* event)
{
    const bool any = m_selected >= 0 && !m_rows.empty();
    if (event->key() == Qt::Key_Up)
        moveSelection(-1);
    else if (event->key() == Qt::Key_Down)
        moveSelection(1);
    else if (event->key() == Qt::Key_Home)
        moveSelection(-count());
    else if (event->key() == Qt::Key_End)
        moveSelection(count());
    else if (event->key() == Qt::Key_Delete && any)
        emit removeRequested(m_selected);
    else if (event->key() == Qt::Key_F2 && any)
        startRename(m_selected);
    else if (event->key() == Qt::Key_D && event->modifiers() == Qt::ControlModifier && m_duplicate->isEnabled())
        emit duplicateRequested(m_selected);
    else if (event->key() == Qt::Key_Menu && any)
        showMenu(m_selected, rowWidget(m_selected)->mapToGlobal(QPoint(16, rowWidget(m_selected)->height())));
    else
        QWidget::keyPressEvent(event);
}

bool CellList::eventFilter(QObject* watched, QEvent* event)
{
    const int id = watched->property("cell").toInt();
    const Row* r = row(id);
    if (!r)
        return QWidget::eventFilter(watched, event);
    const bool renaming = !r->name->isReadOnly();
    switch (event->type()) {
    case QEvent::MouseButtonPress:
        if (renaming)
            break;
        setFocus();
        select(id);
        return true;
    case QEvent::MouseButtonDblClick:
        if (renaming)
            break;
        startRename(id);
        return true;
    case QEvent::ContextMenu:
        if (renaming)
            break;
        select(id);
        showMenu(id, static_cast<QContextMenuEvent*>(event)->globalPos());
        return true;
    case QEvent::KeyPress:
        if (renaming && static_cast<QKeyEvent*>(event)->key() == Qt::Key_Escape) {
            finishRename(id, false);
            return true;
        }
        break;
    default:
        break;
    }
    return QWidget::eventFilter(watched, event);
}

void CellList::focusInEvent(QFocusEvent* event)
{
    QWidget::focusInEvent(event);
    refreshSelection();
}

void CellList::focusOutEvent(QFocusEvent* event)
{
    QWidget::focusOutEvent(event);
    refreshSelection();
}

} // namespace endospike
