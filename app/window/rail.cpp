#include "app/window/rail.h"

#include "widgets/look/theme.h"

#include <QButtonGroup>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

namespace endospike {

QKeySequence railKey(int number)
{
    constexpr int keys = 9;
    if (number > 2 * keys)
        return {};
    const auto digit = static_cast<Qt::Key>(Qt::Key_1 + (number - 1) % keys);
    return number <= keys ? QKeySequence(Qt::CTRL | digit) : QKeySequence(Qt::CTRL | Qt::ALT | digit);
}

Rail::Rail(QWidget* parent)
    : QWidget(parent)
    , m_buttons(new QButtonGroup(this))
    , m_column(new QVBoxLayout(this))
{
    setObjectName(QStringLiteral("rail"));
    setAccessibleName(tr("Laboratories"));
    m_column->setContentsMargins(4, 8, 4, 8);
    m_column->addStretch();
}

QToolButton* Rail::add(const QString& name, std::string_view icon, const QString& tip, const QKeySequence& key,
    const std::function<void()>& run)
{
    auto* button = new QToolButton;
    button->setText(name);
    button->setIcon(themedIcon(icon));
    button->setIconSize({24, 24});
    button->setToolButtonStyle(Qt::ToolButtonTextUnderIcon);
    button->setCheckable(true);
    button->setAutoRaise(true);
    const auto fit = [button] { // the largest type would take the width from what is shown
        QFont type = currentTheme().baseFont();
        type.setPointSize(std::min(type.pointSize(), 12));
        button->setFont(type);
    };
    connect(&themeNotifier(), &ThemeNotifier::themeChanged, button, fit);
    fit();
    button->setAccessibleName(name);
    button->setToolTip(
        key.isEmpty() ? tip : QStringLiteral("%1 (%2)").arg(tip, key.toString(QKeySequence::NativeText)));
    button->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    connect(button, &QToolButton::clicked, this, run);
    m_buttons->addButton(button);
    m_column->insertWidget(m_column->count() - 1, button);
    return button;
}

} // namespace endospike
