#include "app/window/welcome_page.h"

#include "widgets/look/theme.h"
#include "widgets/picture/picture_card.h"

#include <QFileInfo>
#include <QHBoxLayout>
#include <QLabel>
#include <QScrollArea>
#include <QToolButton>

#include <algorithm>

namespace endospike {

namespace {

constexpr int longestList = 8;

} // namespace

WelcomePage::WelcomePage(std::span<const BenchKind> laboratories, QWidget* parent)
    : Front(parent)
{
    auto* inner = new QWidget;
    auto* column = new QVBoxLayout(inner);
    column->setContentsMargins(32, 32, 32, 32);
    column->setSpacing(32);
    auto* heading = new QLabel(tr("Where would you like to begin?"));
    const auto size = [heading] { heading->setFont(currentTheme().titleFont()); };
    size();
    connect(&themeNotifier(), &ThemeNotifier::themeChanged, heading, size);
    column->addWidget(heading);
    auto* row = new QHBoxLayout;
    row->setSpacing(24);
    for (const BenchKind& kind : laboratories) {
        if (!kind.card)
            continue;
        const WelcomeCard card = kind.card();
        auto* button = new PictureCard(card.title, card.sentence, card.picture);
        connect(button, &QAbstractButton::clicked, this,
            [this, key = kind.key, runs = card.runs] { emit laboratoryWanted(key, runs); });
        row->addWidget(button, 1);
        m_cards.emplace_back(kind.key, button);
    }
    column->addLayout(row, 3);
    auto* lists = new QHBoxLayout;
    lists->setSpacing(24);
    m_recent = addList(lists, tr("Recent files"));
    m_examples = addList(lists, tr("Examples"));
    lists->addStretch(1); // as wide as a card
    column->addLayout(lists, 2);
    auto* scroll = new QScrollArea;
    scroll->setWidget(inner);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    auto* outer = new QVBoxLayout(this);
    outer->setContentsMargins(0, 0, 0, 0);
    outer->addWidget(scroll);
    setRecentFiles({});
}

QAbstractButton* WelcomePage::card(std::string_view key) const
{
    const auto found = std::ranges::find(m_cards, key, &std::pair<std::string_view, QAbstractButton*>::first);
    return found == m_cards.end() ? nullptr : found->second;
}

QVBoxLayout* WelcomePage::addList(QHBoxLayout* row, const QString& title)
{
    auto* outer = new QVBoxLayout;
    outer->setSpacing(8);
    outer->addWidget(new QLabel(QStringLiteral("<b>%1</b>").arg(title)));
    auto* column = new QVBoxLayout;
    column->setSpacing(0);
    outer->addLayout(column);
    outer->addStretch(1);
    row->addLayout(outer, 1);
    return column;
}

void WelcomePage::fill(QVBoxLayout* column, const std::vector<Link>& links, void (WelcomePage::*wanted)(const QString&))
{
    while (QLayoutItem* item = column->takeAt(0)) {
        delete item->widget();
        delete item;
    }
    for (const Link& link : links) {
        auto* button = new QToolButton;
        button->setText(QString(link.text).replace(u'&', QStringLiteral("&&")));
        button->setToolTip(link.tip);
        button->setCursor(Qt::PointingHandCursor);
        connect(
            button, &QToolButton::clicked, this, [this, wanted, target = link.target] { emit(this->*wanted)(target); });
        column->addWidget(button, 0, Qt::AlignLeft);
    }
}

void WelcomePage::setRecentFiles(const QStringList& paths)
{
    std::vector<Link> links;
    for (const QString& path : paths.mid(0, longestList))
        links.push_back({QFileInfo(path).fileName(), path, path});
    fill(m_recent, links, &WelcomePage::fileWanted);
    if (links.empty()) {
        auto* none = new QLabel(tr("Files that you open or save will be listed here."));
        none->setForegroundRole(QPalette::PlaceholderText);
        none->setWordWrap(true);
        m_recent->addWidget(none);
    }
}

void WelcomePage::setExamples(const std::vector<Link>& examples)
{
    fill(m_examples, {examples.begin(), examples.begin() + std::min<std::ptrdiff_t>(longestList, std::ssize(examples))},
        &WelcomePage::exampleWanted);
}

std::vector<QAbstractButton*> WelcomePage::linksIn(QVBoxLayout* column)
{
    std::vector<QAbstractButton*> buttons;
    for (int i = 0; i < column->count(); ++i)
        if (auto* button = qobject_cast<QAbstractButton*>(column->itemAt(i)->widget()))
            buttons.push_back(button);
    return buttons;
}

} // namespace endospike
