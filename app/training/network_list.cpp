#include "app/training/network_list.h"

#include "widgets/form/list_row.h"
#include "widgets/look/text.h"
#include "widgets/look/theme.h"
#include "widgets/look/tool_icons.h"

#include <QCheckBox>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QMenu>
#include <QPainter>
#include <QRegularExpression>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>

namespace endospike {

namespace {

constexpr std::size_t longestName_bytes = 60; // as documents allow

/// A short piece of the network's curve.
QPixmap swatch(const QColor& color, int variant)
{
    QPixmap pixmap(56, 32);
    pixmap.setDevicePixelRatio(2);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    QPen pen = curvePen(color, variant, currentTheme());
    pen.setWidthF(std::max(2.5, pen.widthF()));
    pen.setCapStyle(Qt::FlatCap);
    painter.setPen(pen);
    painter.drawLine(QPointF(1, 8), QPointF(27, 8));
    return pixmap;
}

} // namespace

struct TrainingNetworkList::Row {
    ListRow* box;
    QCheckBox* check;
    QLabel* swatch;
    NameEdit* name;
    QLabel* note;
};

TrainingNetworkList::TrainingNetworkList(QWidget* parent)
    : QWidget(parent)
    , m_actions(new QWidget(this))
    , m_empty(new QLabel(tr("No network yet: add one with +."), this))
    , m_list(new QVBoxLayout)
{
    setFocusPolicy(Qt::StrongFocus);
    setAccessibleName(tr("Networks"));
    buildActions();
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(4);
    column->addWidget(m_empty);
    m_list->setSpacing(0);
    column->addLayout(m_list);
    connect(&themeNotifier(), &ThemeNotifier::themeChanged, this, &TrainingNetworkList::refresh);
    refresh();
}

// A name being edited reports itself when it loses the focus, which it does by being deleted.
TrainingNetworkList::~TrainingNetworkList()
{
    const auto rows = std::exchange(m_rows, {});
    for (const auto& row : rows)
        delete row->box;
}

void TrainingNetworkList::buildActions()
{
    auto* line = new QHBoxLayout(m_actions);
    line->setContentsMargins(0, 0, 0, 0);
    line->setSpacing(0);
    const auto button = [&](std::string_view icon, const QString& name) {
        auto* made = new QToolButton(m_actions);
        made->setAutoRaise(true);
        made->setIcon(themedIcon(icon));
        made->setAccessibleName(name);
        made->setToolTip(name);
        line->addWidget(made);
        return made;
    };
    m_add = button("add", tr("Add a network"));
    m_duplicate = button("duplicate", tr("Duplicate the chosen network"));
    m_remove = button("remove", tr("Remove the chosen network"));
    m_add->setPopupMode(QToolButton::InstantPopup);
    auto* menu = new QMenu(m_add);
    menu->setToolTipsVisible(true);
    bool convolutional = false;
    for (const NetworkKind& kind : networkKinds()) {
        if (kind.convolutional && !std::exchange(convolutional, true))
            menu->addSeparator();
        QAction* action = menu->addAction(QIcon(swatch(hueColor(kind.hue), 0)), qstring(kind.name));
        action->setToolTip(qstring(kind.summary));
        action->setObjectName(qstring(kind.key));
        connect(action, &QAction::triggered, this, [this, &kind] { add(kind); });
    }
    m_add->setMenu(menu);
    connect(m_duplicate, &QToolButton::clicked, this, &TrainingNetworkList::duplicate);
    connect(m_remove, &QToolButton::clicked, this, &TrainingNetworkList::remove);
}

void TrainingNetworkList::setNetworks(const std::vector<NetworkPlan>& networks)
{
    const NetworkPlan* chosen = m_current >= 0 ? &network(m_current) : nullptr;
    const std::string name = chosen ? chosen->name : std::string();
    std::vector<Entry> entries;
    for (const NetworkPlan& plan : networks)
        entries.push_back({plan, true});
    for (std::size_t i = 0; i < m_entries.size(); ++i)
        if (const Entry& old = m_entries[i]; !old.ticked
            && std::ranges::none_of(networks, [&](const NetworkPlan& plan) { return plan.name == old.plan.name; }))
            entries.insert(entries.begin() + static_cast<std::ptrdiff_t>(std::min(i, entries.size())), old);
    const bool same = std::ranges::equal(
        entries, m_entries, [](const Entry& a, const Entry& b) { return a.plan.name == b.plan.name; });
    m_entries = std::move(entries);
    if (!same)
        rebuild();
    const auto at = std::ranges::find_if(m_entries, [&](const Entry& entry) { return entry.plan.name == name; });
    m_current = m_entries.empty() ? -1
        : at != m_entries.end()   ? static_cast<int>(at - m_entries.begin())
                                  : std::clamp(m_current, 0, count() - 1);
    refresh();
    emit currentChanged();
}

void TrainingNetworkList::forgetUnticked()
{
    std::erase_if(m_entries, [](const Entry& entry) { return !entry.ticked; });
    m_current = std::min(m_current, static_cast<int>(m_entries.size()) - 1);
    rebuild();
    refresh();
}

void TrainingNetworkList::setCurrent(int row)
{
    if (row == m_current || row < 0 || row >= count())
        return;
    m_current = row;
    refreshSelection();
    emit currentChanged();
}

const NetworkPlan& TrainingNetworkList::network(int row) const
{
    return m_entries.at(static_cast<std::size_t>(row)).plan;
}
bool TrainingNetworkList::isTicked(int row) const { return m_entries.at(static_cast<std::size_t>(row)).ticked; }
QCheckBox* TrainingNetworkList::box(int row) const { return m_rows.at(static_cast<std::size_t>(row))->check; }
QLineEdit* TrainingNetworkList::nameEdit(int row) const { return m_rows.at(static_cast<std::size_t>(row))->name; }
QWidget* TrainingNetworkList::rowWidget(int row) const { return m_rows.at(static_cast<std::size_t>(row))->box; }

void TrainingNetworkList::rebuild()
{
    // Not deleted at once: the control that asked for it may still be on the stack.
    const auto old = std::exchange(m_rows, {});
    for (const auto& row : old) {
        row->box->hide();
        row->box->deleteLater();
    }
    for (std::size_t i = 0; i < m_entries.size(); ++i) {
        m_rows.push_back(buildRow(static_cast<int>(i)));
        m_list->addWidget(m_rows.back()->box);
        m_rows.back()->box->show();
    }
}

std::unique_ptr<TrainingNetworkList::Row> TrainingNetworkList::buildRow(int index)
{
    auto row = std::make_unique<Row>();
    row->box = new ListRow(this);
    auto* line = new QHBoxLayout(row->box);
    line->setContentsMargins(4, 2, 8, 2);
    line->setSpacing(4);
    row->check = new QCheckBox(row->box);
    row->check->setToolTip(tr("Train this network"));
    row->swatch = new QLabel(row->box);
    row->name = new NameEdit(row->box);
    row->note = new QLabel(row->box);
    line->addWidget(row->check);
    line->addWidget(row->swatch);
    line->addWidget(row->name, 1);
    line->addWidget(row->note);
    for (QWidget* widget : std::initializer_list<QWidget*>{row->box, row->name}) {
        widget->installEventFilter(this);
        widget->setProperty("row", index);
    }
    connect(row->check, &QCheckBox::clicked, this, [this, index](bool on) { tick(index, on); });
    connect(row->name, &QLineEdit::editingFinished, this, [this, index] { finishRename(index, true); });
    return row;
}

void TrainingNetworkList::refresh()
{
    std::vector<Hue> hues;
    for (std::size_t i = 0; i < m_rows.size(); ++i) {
        const Entry& entry = m_entries[i];
        const NetworkKind& kind = *entry.plan.kind;
        Row& row = *m_rows[i];
        const QString name = QString::fromStdString(entry.plan.name);
        row.check->setChecked(entry.ticked);
        row.check->setAccessibleName(tr("Train %1").arg(name));
        const auto variant = std::ranges::count(hues, kind.hue);
        hues.push_back(kind.hue);
        row.swatch->setPixmap(swatch(hueColor(kind.hue), static_cast<int>(variant)));
        if (row.name->isReadOnly())
            row.name->setName(name);
        row.name->setAccessibleName(tr("Name of the network %1").arg(name));
        const bool published = entry.plan.parameters == ParameterValues(kind.parameters);
        const bool best = !published && entry.plan.parameters == ownBestParameters(kind);
        row.note->setText(published ? tr("published") : best ? tr("best") : tr("edited"));
        row.note->setFont(currentTheme().axisFont());
        row.note->setStyleSheet(QStringLiteral("color: %1").arg(currentTheme().mutedText.name()));
        row.box->setToolTip(
            QStringLiteral("<html><b>%1</b> (%2)<br>%3</html>")
                .arg(name.toHtmlEscaped(), qstring(kind.name).toHtmlEscaped(), qstring(kind.summary).toHtmlEscaped()));
    }
    m_empty->setVisible(m_rows.empty());
    const bool full = m_entries.size() >= maximumNetworks;
    m_add->setEnabled(!full);
    m_duplicate->setEnabled(!full && m_current >= 0);
    m_remove->setEnabled(m_current >= 0);
    fitToolIcons(*m_actions);
    refreshSelection();
}

void TrainingNetworkList::refreshSelection()
{
    for (std::size_t i = 0; i < m_rows.size(); ++i)
        m_rows[i]->box->setSelected(static_cast<int>(i) == m_current, hasFocus());
}

void TrainingNetworkList::want(const QString& what)
{
    std::vector<NetworkPlan> networks;
    for (const Entry& entry : m_entries)
        if (entry.ticked)
            networks.push_back(entry.plan);
    emit networksWanted(what, networks);
}

void TrainingNetworkList::tick(int index, bool ticked)
{
    Entry& entry = m_entries[static_cast<std::size_t>(index)];
    entry.ticked = ticked;
    m_current = index;
    want((ticked ? tr("Train %1") : tr("Do not train %1")).arg(QString::fromStdString(entry.plan.name)));
}

bool TrainingNetworkList::isFree(const std::string& name) const
{
    return std::ranges::none_of(m_entries, [&](const Entry& entry) { return entry.plan.name == name; });
}

/// "LIF fc", else "LIF fc 2", ...; of "LIF fc 2" too.
std::string TrainingNetworkList::freeName(const std::string& wanted) const
{
    if (isFree(wanted))
        return wanted;
    static const QRegularExpression counted(QStringLiteral(" \\d+$"));
    const QString stem = QString::fromStdString(wanted).remove(counted);
    for (int number = 2;; ++number) {
        const QString suffix = QStringLiteral(" %1").arg(number);
        QString head = stem;
        while (static_cast<std::size_t>((head + suffix).toUtf8().size()) > longestName_bytes)
            head.chop(1);
        if (std::string name = (head + suffix).toStdString(); isFree(name))
            return name;
    }
}

void TrainingNetworkList::add(const NetworkKind& kind)
{
    NetworkPlan plan(kind);
    plan.name = freeName(plan.name);
    m_entries.push_back({plan, true});
    m_current = static_cast<int>(m_entries.size()) - 1;
    rebuild();
    want(tr("Add %1").arg(QString::fromStdString(plan.name)));
}

void TrainingNetworkList::duplicate()
{
    if (m_current < 0)
        return;
    NetworkPlan plan = network(m_current);
    plan.name = freeName(plan.name);
    m_entries.insert(m_entries.begin() + m_current + 1, {plan, true});
    ++m_current;
    rebuild();
    want(tr("Duplicate as %1").arg(QString::fromStdString(plan.name)));
}

void TrainingNetworkList::remove()
{
    if (m_current < 0)
        return;
    const std::string name = network(m_current).name;
    m_entries.erase(m_entries.begin() + m_current);
    m_current = std::min(m_current, static_cast<int>(m_entries.size()) - 1);
    rebuild();
    refresh();
    emit currentChanged();
    want(tr("Remove %1").arg(QString::fromStdString(name)));
}

void TrainingNetworkList::startRename(int row) { m_rows.at(static_cast<std::size_t>(row))->name->begin(); }

void TrainingNetworkList::finishRename(int index, bool accept)
{
    if (index >= count() || nameEdit(index)->isReadOnly())
        return;
    const std::string typed = m_rows[static_cast<std::size_t>(index)]
                                  ->name->finish(QString::fromStdString(network(index).name), this)
                                  .toStdString();
    if (!accept || typed.empty() || typed == network(index).name)
        return;
    if (!isFree(typed))
        return emit refused(
            tr("There is another network called “%1”; choose another name.").arg(QString::fromStdString(typed)));
    if (typed.size() > longestName_bytes)
        return emit refused(tr("The name is too long: at most %1 bytes.").arg(longestName_bytes));
    const QString before = QString::fromStdString(network(index).name);
    m_entries[static_cast<std::size_t>(index)].plan.name = typed;
    m_current = index;
    refresh();
    if (isTicked(index))
        want(tr("Rename %1").arg(before));
}

void TrainingNetworkList::keyPressEvent(QKeyEvent* event)
{
    if (event->key() == Qt::Key_Up)
        setCurrent(std::max(0, m_current - 1));
    else if (event->key() == Qt::Key_Down)
        setCurrent(m_current + 1);
    else if (event->key() == Qt::Key_Delete)
        remove();
    else if (event->key() == Qt::Key_F2 && m_current >= 0)
        startRename(m_current);
    else if (event->key() == Qt::Key_D && event->modifiers() == Qt::ControlModifier && m_duplicate->isEnabled())
        duplicate();
    else
        QWidget::keyPressEvent(event);
}

bool TrainingNetworkList::eventFilter(QObject* watched, QEvent* event)
{
    const QVariant property = watched->property("row");
    const int index = property.isValid() ? property.toInt() : -1;
    if (index < 0 || index >= count() || (watched != rowWidget(index) && watched != nameEdit(index)))
        return QWidget::eventFilter(watched, event);
    const bool renaming = !nameEdit(index)->isReadOnly();
    if (event->type() == QEvent::MouseButtonPress && !renaming) {
        setFocus();
        setCurrent(index);
        return true;
    }
    if (event->type() == QEvent::MouseButtonDblClick && !renaming) {
        startRename(index);
        return true;
    }
    if (event->type() == QEvent::KeyPress && renaming && static_cast<QKeyEvent*>(event)->key() == Qt::Key_Escape) {
        finishRename(index, false);
        return true;
    }
    return QWidget::eventFilter(watched, event);
}

void TrainingNetworkList::focusInEvent(QFocusEvent* event)
{
    QWidget::focusInEvent(event);
    refreshSelection();
}

void TrainingNetworkList::focusOutEvent(QFocusEvent* event)
{
    QWidget::focusOutEvent(event);
    refreshSelection();
}

} // namespace endospike
