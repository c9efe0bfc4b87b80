#include "app/training/notice.h"

#include "widgets/look/theme.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

#include <algorithm>

namespace endospike {

TrainingNotice::TrainingNotice(bool strip, QWidget* parent)
    : QFrame(parent)
    , m_strip(strip)
    , m_text(new QLabel)
    , m_buttons(new QHBoxLayout)
{
    setObjectName(QStringLiteral("trainingNotice"));
    setAttribute(Qt::WA_StyledBackground);
    m_text->setWordWrap(true);
    m_text->setTextInteractionFlags(Qt::TextSelectableByMouse); // a command is to be copied
    m_buttons->setSpacing(8);
    if (strip) {
        auto* row = new QHBoxLayout(this);
        row->setContentsMargins(16, 8, 8, 8);
        row->setSpacing(16);
        row->addWidget(m_text, 1);
        row->addLayout(m_buttons);
    } else {
        m_text->setAlignment(Qt::AlignHCenter);
        m_text->setMinimumWidth(420);
        m_text->setMaximumWidth(560);
        auto* column = new QVBoxLayout(this);
        column->setSpacing(16);
        column->addStretch(2);
        auto* middle = new QHBoxLayout; // an alignment would cut the text to one line
        middle->addStretch(1);
        middle->addWidget(m_text, 100);
        middle->addStretch(1);
        column->addLayout(middle);
        auto* row = new QHBoxLayout;
        row->addStretch(1);
        row->addLayout(m_buttons);
        row->addStretch(1);
        column->addLayout(row);
        column->addStretch(3);
    }
    connect(&themeNotifier(), &ThemeNotifier::themeChanged, this, &TrainingNotice::paint);
    paint();
}

void TrainingNotice::paint()
{
    const Theme& look = currentTheme();
    if (m_strip)
        setStyleSheet(QStringLiteral("#trainingNotice { background: %1; border: 0; border-left: 4px solid %2; "
                                     "border-bottom: 1px solid %3; }")
                          .arg(look.field.name(), look.warning.name(), look.border.name()));
    else
        m_text->setStyleSheet(QStringLiteral("color: %1").arg(look.mutedText.name()));
}

void TrainingNotice::show(const QString& sentence, std::vector<Help> help)
{
    m_text->setText(sentence);
    const bool same = std::ranges::equal(help, m_help, [](const Help& a, const Help& b) { return a.label == b.label; });
    m_help = std::move(help);
    if (!same) {
        for (QPushButton* button : m_shown) {
            button->hide();
            button->deleteLater(); // it may be the one that was pressed
        }
        m_shown.clear();
        for (std::size_t i = 0; i < m_help.size(); ++i) {
            auto* button = new QPushButton(m_help[i].label);
            m_buttons->addWidget(button);
            m_shown.push_back(button);
            connect(button, &QPushButton::clicked, this, [this, i] {
                const auto run = m_help[i].run; // it may change what is shown
                run();
            });
        }
    }
    setVisible(true);
}

QString TrainingNotice::text() const { return m_text->text(); }

QPushButton* TrainingNotice::button(const QString& label) const
{
    const auto at = std::ranges::find_if(m_shown, [&](const QPushButton* button) { return button->text() == label; });
    return at == m_shown.end() ? nullptr : *at;
}

} // namespace endospike
