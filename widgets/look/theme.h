// How the program looks: colours, type sizes and line widths of the three themes, and the one meaning of each colour.
// Curves keep their hue in every theme; their lightness is moved where it must, so that they stay readable on the
// plot's background.
#pragma once

#include "sim/base/hue.h"

#include <QColor>
#include <QFont>
#include <QIcon>
#include <QObject>
#include <QPen>

#include <string_view>

class QApplication;

namespace endospike {

enum class ThemeKind { light, dark, projector };

struct Theme {
    ThemeKind kind;
    QColor window;
    QColor plot; ///< background of plots, the brightest (or deepest) surface
    QColor field; ///< background of inputs
    QColor text;
    QColor mutedText; ///< labels and units that step back; still at least 4.5:1 on window and plot
    QColor grid;
    QColor border; ///< outline of inputs and buttons
    QColor hover; ///< background under the mouse
    QColor selected; ///< background of a chosen row or a pressed button
    QColor accent; ///< focus ring, slider, links; a slate that no curve uses
    QColor warning;
    QColor stimulus; ///< the neutral curve of injected current
    int basePoints;
    int axisPoints;
    int titlePoints;
    double lineWidth; ///< of curves, px

    QFont baseFont() const;
    QFont axisFont() const;
    QFont titleFont() const;
};

const Theme& theme(ThemeKind kind);

/// Style, palette, font and stylesheet of the whole program; afterwards currentTheme() is this one and themeNotifier()
/// tells.
void applyTheme(QApplication& app, ThemeKind kind);

/// The theme applied last; light before the first call.
const Theme& currentTheme();

class ThemeNotifier : public QObject {
    Q_OBJECT
signals:
    void themeChanged(const endospike::Theme& theme);
};
ThemeNotifier& themeNotifier();

/// The colour that stands for a model, a gate or a current everywhere; invalid for the theme's neutral.
QColor hueColor(Hue hue);

/// Contrast ratio 1..21 (WCAG 2) of two opaque colours.
double contrastRatio(const QColor& a, const QColor& b);

/// The same hue, moved away from the background's lightness until the contrast is at least `ratio` (or as large as it
/// can be).
QColor readableOn(const QColor& color, const QColor& background, double ratio = 3.2);

/// Number `variant` (0, 1, ...) of the pens that share a hue: they differ by lightness and dash.
QPen curvePen(const QColor& color, int variant, const Theme& theme);

/// A pictogram in the present theme's text colour, drawn anew for each size, resolution and theme. Names: run, pause,
/// stop, step, reset, add, duplicate, remove, rename, neuron, follow, fit, eye, eye-off, restore, undo, redo, open,
/// save, export, sun, moon, projector, settings, inject, panels, close, up, down, left, right, network, equivalence,
/// balance, shield, clock, home, table. Null for others.
QIcon themedIcon(std::string_view name);

} // namespace endospike
