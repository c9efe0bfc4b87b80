#include "widgets/look/theme.h"

#include <QApplication>
#include <QPalette>
#include <QStyleFactory>

#include <algorithm>
#include <array>
#include <cmath>

// Q_INIT_RESOURCE must stand outside of every namespace.
static void loadResources() { Q_INIT_RESOURCE(widgets); }

namespace endospike {

namespace {

QColor ink(const char* name) { return QColor(QLatin1String(name)); }

Theme lightTheme()
{
    return {ThemeKind::light, ink("#F7F7F5"), ink("#FFFFFF"), ink("#FFFFFF"), ink("#1B1F24"), ink("#555B63"),
        ink("#E6E6E3"), ink("#CFD1CE"), ink("#ECECE8"), ink("#DEE4EC"), ink("#3D5A80"), ink("#B02A1A"), ink("#30363D"),
        10, 9, 13, 1.6};
}

Theme darkTheme()
{
    return {ThemeKind::dark, ink("#1E2126"), ink("#16181C"), ink("#16181C"), ink("#E8E8E6"), ink("#AEB4BB"),
        ink("#2C3036"), ink("#3B4048"), ink("#2A2E35"), ink("#33414F"), ink("#98C1D9"), ink("#FF8A70"), ink("#D5D5D2"),
        10, 9, 13, 1.6};
}

Theme projectorTheme()
{
    return {ThemeKind::projector, ink("#FFFFFF"), ink("#FFFFFF"), ink("#FFFFFF"), ink("#000000"), ink("#33383E"),
        ink("#D4D4D0"), ink("#7A7F85"), ink("#EDEDEA"), ink("#D3DEEA"), ink("#1D3557"), ink("#9B1C0E"), ink("#111111"),
        16, 14, 20, 3.0};
}

ThemeKind& presentKind()
{
    static ThemeKind kind = ThemeKind::light;
    return kind;
}

QFont sized(int points)
{
    QFont font = QApplication::font();
    font.setPointSize(points);
    return font;
}

double luminance(const QColor& color)
{
    const auto linear = [](double c) { return c <= 0.04045 ? c / 12.92 : std::pow((c + 0.055) / 1.055, 2.4); };
    return 0.2126 * linear(color.redF()) + 0.7152 * linear(color.greenF()) + 0.0722 * linear(color.blueF());
}

QPalette paletteOf(const Theme& t)
{
    QPalette palette;
    const auto set = [&](QPalette::ColorRole role, const QColor& normal, const QColor& disabled) {
        palette.setColor(QPalette::Active, role, normal);
        palette.setColor(QPalette::Inactive, role, normal);
        palette.setColor(QPalette::Disabled, role, disabled);
    };
    const bool dark = t.kind == ThemeKind::dark;
    const QColor faint = dark ? ink("#6B7178") : ink("#9A9FA5");
    set(QPalette::Window, t.window, t.window);
    set(QPalette::WindowText, t.text, faint);
    set(QPalette::Base, t.field, t.window);
    set(QPalette::AlternateBase, t.hover, t.hover);
    set(QPalette::Text, t.text, faint);
    set(QPalette::PlaceholderText, t.mutedText, faint);
    set(QPalette::Button, t.window, t.window);
    set(QPalette::ButtonText, t.text, faint);
    set(QPalette::BrightText, t.warning, t.warning);
    set(QPalette::ToolTipBase, dark ? t.hover : t.plot, t.plot);
    set(QPalette::ToolTipText, t.text, t.text);
    set(QPalette::Highlight, t.accent, t.border);
    set(QPalette::HighlightedText, dark ? t.plot : ink("#FFFFFF"), faint);
    set(QPalette::Link, t.accent, faint);
    set(QPalette::LinkVisited, t.accent, faint);
    set(QPalette::Light, dark ? t.border : ink("#FFFFFF"), t.hover);
    set(QPalette::Midlight, t.hover, t.hover);
    set(QPalette::Mid, t.border, t.border);
    set(QPalette::Dark, dark ? ink("#101215") : t.mutedText, t.border);
    set(QPalette::Shadow, dark ? ink("#000000") : t.border, t.border);
    return palette;
}

const char* const styleTemplate = R"(
QToolTip { background: $tip; color: $text; border: 1px solid $border; padding: 4px 8px; }
QPushButton, QToolButton { background: transparent; color: $text; border: 1px solid transparent; border-radius: 4px; padding: 4px 8px; }
QPushButton { border-color: $border; min-height: 16px; }
QToolButton { padding: 4px; }
QToolButton[popupMode="1"] { padding-right: 16px; }
QToolButton::menu-button { border: none; width: 14px; }
QToolButton::menu-indicator { image: none; }
QPushButton:hover, QToolButton:hover { background: $hover; }
QPushButton:pressed, QPushButton:checked, QToolButton:pressed, QToolButton:checked { background: $selected; }
QPushButton:default { border-color: $accent; }
QPushButton:disabled, QToolButton:disabled { color: $faint; border-color: transparent; }
QPushButton:focus, QToolButton:focus { border: 2px solid $accent; padding: 3px 7px; }
QToolButton:focus { padding: 3px; }
QLineEdit, QAbstractSpinBox, QComboBox, QPlainTextEdit, QTextEdit {
    background: $field; color: $text; border: 1px solid $border; border-radius: 4px; padding: 2px 6px; min-height: 18px;
    selection-background-color: $accent; selection-color: $onAccent; }
QAbstractSpinBox { padding: 2px 4px; }
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button { width: 0; border: none; }
QLineEdit:hover, QAbstractSpinBox:hover, QComboBox:hover { border-color: $muted; }
QLineEdit:focus, QAbstractSpinBox:focus, QComboBox:focus, QPlainTextEdit:focus, QTextEdit:focus { border: 2px solid $accent; padding: 1px 5px; }
QAbstractSpinBox:focus { padding: 1px 3px; }
QLineEdit:disabled, QAbstractSpinBox:disabled, QComboBox:disabled { color: $faint; background: $window; }
QComboBox::drop-down { border: none; width: 20px; }
QComboBox::down-arrow { image: url(:/endospike/widgets/chevron-$tone.svg); width: 10px; height: 10px; }
QComboBox QAbstractItemView { background: $field; color: $text; border: 1px solid $border; selection-background-color: $selected; selection-color: $text; }
QCheckBox::indicator, QListView::indicator { width: 1em; height: 1em; border: 1px solid $muted; border-radius: 3px; background: $field; }
QCheckBox::indicator:hover, QCheckBox::indicator:focus { border-color: $accent; }
QCheckBox::indicator:checked, QListView::indicator:checked { image: url(:/endospike/widgets/check-$tone.svg); }
QCheckBox::indicator:disabled { border-color: $border; background: $window; }
QCheckBox:focus { color: $accent; }
QSlider { min-height: 20px; border: 2px solid transparent; border-radius: 4px; }
QSlider:focus { border-color: $accent; }
QSlider::groove:horizontal { height: 4px; border-radius: 2px; background: $border; }
QSlider::sub-page:horizontal { height: 4px; border-radius: 2px; background: $muted; }
QSlider::handle:horizontal { width: 14px; height: 14px; margin: -5px 0; border-radius: 7px; background: $accent; }
QSlider::handle:horizontal:hover { background: $text; }
QSlider::sub-page:horizontal:disabled, QSlider::handle:horizontal:disabled { background: $border; }
QListView, QTreeView, QTableView { background: transparent; color: $text; border: none; outline: none; selection-background-color: $selected; selection-color: $text; }
QListView::item:hover, QTreeView::item:hover { background: $hover; }
QListView::item:selected, QTreeView::item:selected { background: $selected; color: $text; }
QListView:focus, QTreeView:focus, QTableView:focus { border: 2px solid $accent; border-radius: 4px; }
QHeaderView::section { background: $window; color: $muted; border: none; border-bottom: 1px solid $border; padding: 4px 8px; }
QScrollArea { border: none; background: transparent; }
QScrollArea > QWidget > QWidget { background: transparent; }
QScrollBar:vertical { background: transparent; width: 10px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 10px; margin: 0; }
QScrollBar::handle { background: $border; border-radius: 3px; margin: 2px; min-height: 24px; min-width: 24px; }
QScrollBar::handle:hover { background: $muted; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: none; }
QMenuBar { background: $window; color: $text; }
QMenuBar::item { background: transparent; padding: 4px 8px; border-radius: 4px; }
QMenuBar::item:selected { background: $hover; }
QMenu { background: $field; color: $text; border: 1px solid $border; padding: 4px; }
QMenu::item { padding: 4px 24px 4px 24px; border-radius: 4px; }
QMenu::item:selected { background: $selected; }
QMenu::item:disabled { color: $faint; }
QMenu::separator { height: 1px; background: $border; margin: 4px 8px; }
QSplitter::handle { background: transparent; }
QSplitter::handle:hover { background: $selected; }
QStatusBar { background: $window; color: $muted; }
QStatusBar::item { border: none; }
QToolBar { background: $window; border: none; spacing: 4px; }
QProgressBar { background: $border; border: none; border-radius: 2px; max-height: 4px; text-align: center; color: transparent; }
QProgressBar::chunk { background: $accent; border-radius: 2px; }
QTabBar::tab { background: transparent; color: $muted; padding: 4px 12px; border: none; border-bottom: 2px solid transparent; }
QTabBar::tab:selected { color: $text; border-bottom-color: $accent; }
QTabBar::tab:focus { border-bottom-color: $text; }
QTabWidget::pane { border: none; border-top: 1px solid $border; }
)";

QString styleSheetOf(const Theme& t)
{
    const bool dark = t.kind == ThemeKind::dark;
    const std::array<std::pair<const char*, QString>, 13> tokens{{
        {"$onAccent", dark ? t.plot.name() : QStringLiteral("#FFFFFF")},
        {"$accent", t.accent.name()},
        {"$border", t.border.name()},
        {"$faint", dark ? QStringLiteral("#6B7178") : QStringLiteral("#9A9FA5")},
        {"$field", t.field.name()},
        {"$hover", t.hover.name()},
        {"$muted", t.mutedText.name()},
        {"$selected", t.selected.name()},
        {"$text", t.text.name()},
        {"$tip", dark ? t.hover.name() : t.plot.name()},
        {"$tone", dark ? QStringLiteral("light") : QStringLiteral("dark")},
        {"$warning", t.warning.name()},
        {"$window", t.window.name()},
    }};
    QString sheet = QString::fromLatin1(styleTemplate);
    for (const auto& [token, value] : tokens)
        sheet.replace(QLatin1String(token), value);
    return sheet;
}

} // namespace

QFont Theme::baseFont() const { return sized(basePoints); }
QFont Theme::axisFont() const { return sized(axisPoints); }
QFont Theme::titleFont() const { return sized(titlePoints); }

const Theme& theme(ThemeKind kind)
{
    static const Theme light = lightTheme();
    static const Theme dark = darkTheme();
    static const Theme projector = projectorTheme();
    switch (kind) {
    case ThemeKind::dark:
        return dark;
    case ThemeKind::projector:
        return projector;
    case ThemeKind::light:
        break;
    }
    return light;
}

const Theme& currentTheme() { return theme(presentKind()); }

ThemeNotifier& themeNotifier()
{
    static ThemeNotifier notifier;
    return notifier;
}

void applyTheme(QApplication& app, ThemeKind kind)
{
    loadResources();
    presentKind() = kind;
    const Theme& t = theme(kind);
    // Without a style sheet the other changes are cheap; with one, each of them would polish every widget anew.
    app.setStyleSheet({});
    if (QApplication::style()->objectName() != QLatin1String("fusion"))
        app.setStyle(QStyleFactory::create(QStringLiteral("Fusion")));
    app.setPalette(paletteOf(t));
    QApplication::setFont(t.baseFont());
    // Qt tells windows alone, and what was made before it had a parent keeps the size that it began with.
    for (QWidget* widget : QApplication::allWidgets())
        if (!widget->testAttribute(Qt::WA_SetFont))
            widget->setFont({});
    app.setStyleSheet(styleSheetOf(t));
    emit themeNotifier().themeChanged(t);
}

QColor hueColor(Hue hue)
{
    switch (hue) {
    case Hue::vermilion:
        return ink("#D55E00");
    case Hue::orange:
        return ink("#E69F00");
    case Hue::green:
        return ink("#009E73");
    case Hue::purple:
        return ink("#CC79A7");
    case Hue::blue:
        return ink("#0072B2");
    case Hue::sky:
        return ink("#56B4E9");
    case Hue::neutral:
        return {};
    case Hue::grey:
        break;
    }
    return ink("#808080");
}

double contrastRatio(const QColor& a, const QColor& b)
{
    const double first = luminance(a);
    const double second = luminance(b);
    return (std::max(first, second) + 0.05) / (std::min(first, second) + 0.05);
}

QColor readableOn(const QColor& color, const QColor& background, double ratio)
{
    if (contrastRatio(color, background) >= ratio)
        return color;
    float hue = 0, saturation = 0, lightness = 0;
    color.getHslF(&hue, &saturation, &lightness);
    hue = std::max(hue, 0.0f); // grey has none
    const float end = luminance(background) > 0.18 ? 0.0f : 1.0f;
    float near = lightness;
    float far = end;
    for (int i = 0; i < 20; ++i) {
        const float middle = (near + far) / 2;
        (contrastRatio(QColor::fromHslF(hue, saturation, middle), background) >= ratio ? far : near) = middle;
    }
    return QColor::fromHslF(hue, saturation, far).toRgb();
}

QPen curvePen(const QColor& color, int variant, const Theme& t)
{
    // Three lightnesses times three dashes, taken along the diagonal so that neighbours differ in both.
    const int shade = variant % 3;
    const int dash = (shade + variant / 3) % 4;
    QColor base = readableOn(color, t.plot);
    if (shade > 0) {
        const double most = contrastRatio(t.plot, luminance(t.plot) > 0.18 ? Qt::black : Qt::white);
        const double target = contrastRatio(base, t.plot) * (shade == 1 ? 1.7 : 2.8);
        base = readableOn(base, t.plot, std::min(target, most * (shade == 1 ? 0.5 : 0.65)));
    }
    QPen pen(base, t.lineWidth, Qt::SolidLine, Qt::FlatCap, Qt::RoundJoin);
    static const QList<qreal> dashes[] = {{}, {6, 2.5}, {2, 1.5}, {8, 2, 1.5, 2}};
    if (dash > 0)
        pen.setDashPattern(dashes[dash]);
    return pen;
}

} // namespace endospike
