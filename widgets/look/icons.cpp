#include "widgets/look/theme.h"

#include <QIconEngine>
#include <QPainter>
#include <QPixmap>
#include <QSvgRenderer>

namespace endospike {

namespace {

struct Pictogram {
    std::string_view name;
    const char* body; ///< on a 24 x 24 grid; stroked, round
};

// $ stands for the colour of filled shapes.
constexpr Pictogram pictograms[] = {
    {"run", R"(<path d="M8 5 L19 12 L8 19 Z" fill="$"/>)"},
    {"pause", R"(<path d="M8.5 5 V19 M15.5 5 V19" stroke-width="3.4" stroke-linecap="butt"/>)"},
    {"stop", R"(<path d="M6.5 6.5 H17.5 V17.5 H6.5 Z" fill="$"/>)"},
    {"step", R"(<path d="M6 5 L15 12 L6 19 Z" fill="$"/><path d="M18.5 5 V19" stroke-width="2.4"/>)"},
    {"reset", R"(<path d="M6 5.5 V10 H10.5 M6.3 9.6 A7.2 7.2 0 1 1 5 14"/>)"},
    {"add", R"(<path d="M12 5 V19 M5 12 H19"/>)"},
    {"duplicate", R"(<path d="M9 9 H19 V19 H9 Z M15 6 V5 H5 V15 H6"/>)"},
    {"remove", R"(<path d="M5 7 H19 M10 7 V4.5 H14 V7 M7 7 L8 19.5 H16 L17 7 M10.5 10.5 V16 M13.5 10.5 V16"/>)"},
    {"rename", R"(<path d="M5 19 L6 15 L15.5 5.5 L18.5 8.5 L9 18 Z M13.5 7.5 L16.5 10.5"/>)"},
    {"neuron",
        R"(<circle cx="9" cy="10" r="3.6" fill="$"/><path d="M9 6.4 V3 M5.9 8 L3 6 M6 12.4 L3 15 M11.9 7.8 L14 5 M11.6 12.4 L20 20 M17.4 17.6 L20.6 16.6 M17.4 17.6 L16.6 20.8"/>)"},
    {"follow", R"(<path d="M4 12 H15 M10.5 7 L15.5 12 L10.5 17 M19.5 5 V19"/>)"},
    {"fit", R"(<path d="M4 9 V4 H9 M15 4 H20 V9 M20 15 V20 H15 M9 20 H4 V15 M8 12 H16"/>)"},
    {"eye", R"(<path d="M3 12 Q12 2.5 21 12 Q12 21.5 3 12 Z"/><circle cx="12" cy="12" r="2.6" fill="$"/>)"},
    {"eye-off", R"(<path d="M3 12 Q12 2.5 21 12 Q12 21.5 3 12 Z M5 19.5 L19 4.5"/>)"},
    {"restore", R"(<path d="M9 5 L5 9 L9 13 M5.5 9 H14 A5 5 0 0 1 14 19 H9"/>)"},
    {"undo", R"(<path d="M9 5 L5 9 L9 13 M5.5 9 H14 A5 5 0 0 1 14 19 H9"/>)"},
    {"redo", R"(<path d="M15 5 L19 9 L15 13 M18.5 9 H10 A5 5 0 0 0 10 19 H15"/>)"},
    {"open", R"(<path d="M4 19 V6 H10 L12 8.5 H18 V11 M4 19 L7 11 H21 L18 19 Z"/>)"},
    {"save", R"(<path d="M5 5 H16 L19 8 V19 H5 Z M8.5 5 V9.5 H14.5 V5 M8 19 V13.5 H16 V19"/>)"},
    {"export", R"(<path d="M12 15 V4 M7.5 8.5 L12 4 L16.5 8.5 M5 14 V20 H19 V14"/>)"},
    {"sun",
        R"(<circle cx="12" cy="12" r="3.8"/><path d="M12 2.5 V5 M12 19 V21.5 M2.5 12 H5 M19 12 H21.5 M5.3 5.3 L7 7 M17 17 L18.7 18.7 M18.7 5.3 L17 7 M7 17 L5.3 18.7"/>)"},
    {"moon", R"(<path d="M19.5 14.5 A8 8 0 1 1 10 4.5 A6.5 6.5 0 0 0 19.5 14.5 Z"/>)"},
    {"projector", R"(<path d="M3.5 4.5 H20.5 M5 4.5 V15 H19 V4.5 M12 15 V18 M8 20.5 L12 17.5 L16 20.5"/>)"},
    {"settings",
        R"(<path d="M4 7 H11 M17 7 H20 M4 17 H7 M13 17 H20"/><circle cx="14" cy="7" r="2.6"/><circle cx="10" cy="17" r="2.6"/>)"},
    {"inject", R"(<path d="M13.5 3 L6 13.5 H11.5 L10.5 21 L18 10.5 H12.5 Z" fill="$"/>)"},
    {"panels", R"(<path d="M4 4.5 H20 V19.5 H4 Z M4 11 H20 M4 15.5 H20"/>)"},
    {"close", R"(<path d="M6.5 6.5 L17.5 17.5 M17.5 6.5 L6.5 17.5"/>)"},
    {"up", R"(<path d="M6 15 L12 9 L18 15"/>)"},
    {"down", R"(<path d="M6 9 L12 15 L18 9"/>)"},
    {"left", R"(<path d="M15 6 L9 12 L15 18"/>)"},
    {"right", R"(<path d="M9 6 L15 12 L9 18"/>)"},
    {"network",
        R"(<circle cx="5" cy="7" r="2"/><circle cx="5" cy="17" r="2"/><circle cx="12.5" cy="12" r="2"/><circle cx="19.5" cy="7" r="2"/><circle cx="19.5" cy="17" r="2"/><path d="M6.8 8 L10.8 11 M6.8 16 L10.8 13 M14.2 11 L17.8 8 M14.2 13 L17.8 16"/>)"},
    {"equivalence", R"(<path d="M5 9 H19 M5 15 H19"/>)"},
    {"balance",
        R"(<path d="M4 19.5 H20 M8 19.5 V16 H16 V19.5 M12 16 L15.5 5.5"/><circle cx="16" cy="4.6" r="1.8" fill="$"/>)"},
    {"shield", R"(<path d="M12 3.5 L19 6 V11.5 Q19 17.5 12 20.5 Q5 17.5 5 11.5 V6 Z"/>)"},
    {"plane", R"(<path d="M5 4 V19 H20 M8 16 Q9.5 7.5 18 6.5"/><circle cx="18" cy="6.5" r="1.8" fill="$"/>)"},
    {"clock", R"(<circle cx="12" cy="12" r="8"/><path d="M12 7 V12 L15.5 14"/>)"},
    {"home", R"(<path d="M4 11.5 L12 4.5 L20 11.5 M6.5 9.5 V19.5 H17.5 V9.5 M10 19.5 V14 H14 V19.5"/>)"},
    {"table", R"(<path d="M4 5 H20 V19 H4 Z M4 9.7 H20 M4 14.3 H20 M10 5 V19"/>)"},
};

/// Renders on demand, so that a change of theme or screen needs no new icons.
class PictogramEngine : public QIconEngine {
public:
    explicit PictogramEngine(const Pictogram& pictogram)
        : m_pictogram(pictogram)
    {
    }

    void paint(QPainter* painter, const QRect& rect, QIcon::Mode mode, QIcon::State) override
    {
        const Theme& t = currentTheme();
        QColor color = t.text;
        if (mode == QIcon::Disabled)
            color = t.kind == ThemeKind::dark ? QColor(0x6B, 0x71, 0x78) : QColor(0xA2, 0xA6, 0xAB);
        QByteArray svg = R"(<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24"><g fill="none" stroke="$" )"
                         R"(stroke-width="1.7" stroke-linecap="round" stroke-linejoin="round">)";
        svg += m_pictogram.body;
        svg += "</g></svg>";
        QSvgRenderer renderer(svg.replace('$', color.name().toLatin1()));
        const int side = std::min(rect.width(), rect.height());
        QRectF target(0, 0, side, side);
        target.moveCenter(QRectF(rect).center());
        renderer.render(painter, target);
    }

    QPixmap pixmap(const QSize& size, QIcon::Mode mode, QIcon::State state) override
    {
        QPixmap pixmap(size);
        pixmap.fill(Qt::transparent);
        QPainter painter(&pixmap);
        paint(&painter, QRect(QPoint(), size), mode, state);
        return pixmap;
    }

    QIconEngine* clone() const override { return new PictogramEngine(*this); }

private:
    const Pictogram& m_pictogram;
};

} // namespace

QIcon themedIcon(std::string_view name)
{
    for (const Pictogram& pictogram : pictograms)
        if (pictogram.name == name)
            return QIcon(new PictogramEngine(pictogram));
    return {};
}

} // namespace endospike
