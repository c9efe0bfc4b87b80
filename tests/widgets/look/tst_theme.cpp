#include "sim/network/network_kind.h"
#include "sim/neuron/neuron_plan.h"
#include "widgets/experiment/cell_pen.h"
#include "widgets/look/theme.h"

#include <QApplication>
#include <QLineEdit>
#include <QtTest>

#include <algorithm>
#include <set>

using namespace endospike;

class TestTheme : public QObject {
    Q_OBJECT

    static constexpr ThemeKind kinds[] = {ThemeKind::light, ThemeKind::dark, ThemeKind::projector};

    static NeuronPlan eight(std::string_view key)
    {
        NeuronPlan plan;
        for (int i = 0; i < 8; ++i) {
            plan.cells.emplace_back(*findNeuronModel(key));
            plan.cells.back().id = i;
        }
        return plan;
    }

private slots:
    void contrastFollowsTheDefinition()
    {
        QCOMPARE(contrastRatio(Qt::black, Qt::white), 21.0);
        QCOMPARE(contrastRatio(Qt::white, Qt::white), 1.0);
        // 4.54:1 is the published value of the darkest grey that still fails less than 4.5 on white.
        QVERIFY(std::abs(contrastRatio(QColor("#767676"), Qt::white) - 4.54) < 0.01);
    }

    void textIsReadable()
    {
        for (const ThemeKind kind : kinds) {
            const Theme& t = theme(kind);
            for (const QColor& background : {t.window, t.plot, t.hover, t.selected}) {
                QVERIFY(contrastRatio(t.text, background) >= 7);
                QVERIFY(contrastRatio(t.mutedText, background) >= 4.5);
            }
            QVERIFY(contrastRatio(t.accent, t.window) >= 3);
            QVERIFY(contrastRatio(t.warning, t.window) >= 4.5);
        }
    }

    void everyCellIsReadableDifferentAndOfOneHue()
    {
        for (const std::string_view key : {"hh", "lif"})
            for (const ThemeKind kind : kinds) {
                const NeuronPlan plan = eight(key);
                std::set<std::pair<QRgb, QList<qreal>>> looks;
                for (int i = 0; i < 8; ++i) {
                    const QPen pen = cellPen(plan, i, theme(kind));
                    QVERIFY(contrastRatio(pen.color(), theme(kind).plot) >= 3);
                    const int difference =
                        std::abs(pen.color().hslHue() - hueColor(findNeuronModel(key)->hue).hslHue());
                    QVERIFY(std::min(difference, 360 - difference) <= 3);
                    QCOMPARE(pen.widthF(), theme(kind).lineWidth);
                    looks.insert({pen.color().rgb(), pen.dashPattern()});
                }
                QCOMPARE(looks.size(), std::size_t{8});
            }
    }

    void channelsAreReadable()
    {
        for (const ThemeKind kind : kinds)
            for (const Channel& channel : findNeuronModel("hh")->channels)
                QVERIFY(contrastRatio(curvePen(hueColor(channel.hue), 0, theme(kind)).color(), theme(kind).plot) >= 3);
    }

    void coloursMeanTheSame()
    {
        const NeuronModel& hh = *findNeuronModel("hh");
        QCOMPARE(hueColor(hh.hue), QColor("#D55E00"));
        QCOMPARE(findNeuronModel("hh_shifted")->hue, hh.hue);
        QCOMPARE(hueColor(findNeuronModel("lif")->hue), QColor("#0072B2"));
        QCOMPARE(hueColor(Hue::grey), QColor("#808080"));
        QVERIFY(!hueColor(Hue::neutral).isValid());
        const auto hueOf = [&](std::string_view key) {
            return std::ranges::find(hh.channels, key, &Channel::key)->hue;
        };
        QCOMPARE(hueOf("g_na_ms_per_cm2"), hueOf("i_na_ua_per_cm2"));
        QCOMPARE(findNetworkKind("hh_fc")->hue, hh.hue);
    }

    void applyingTellsAndReachesWidgets()
    {
        QSignalSpy spy(&themeNotifier(), &ThemeNotifier::themeChanged);
        for (const ThemeKind kind : kinds) {
            applyTheme(*qApp, kind);
            QCOMPARE(currentTheme().kind, kind);
            QLineEdit edit;
            edit.ensurePolished();
            QVERIFY(contrastRatio(edit.palette().color(QPalette::Text), edit.palette().color(QPalette::Base)) >= 7);
            QCOMPARE(edit.font().pointSize(), theme(kind).basePoints);
        }
        QCOMPARE(spy.count(), 3);
        applyTheme(*qApp, ThemeKind::light);
    }

    void iconsAreDrawnInTheTextColour()
    {
        QVERIFY(themedIcon("no such icon").isNull());
        const QIcon icon = themedIcon("pause");
        for (const ThemeKind kind : kinds) {
            applyTheme(*qApp, kind);
            const QImage image = icon.pixmap(QSize(32, 32)).toImage();
            QColor strongest;
            int alpha = 0;
            for (int y = 0; y < image.height(); ++y)
                for (int x = 0; x < image.width(); ++x)
                    if (image.pixelColor(x, y).alpha() > alpha) {
                        strongest = image.pixelColor(x, y);
                        alpha = strongest.alpha();
                    }
            QCOMPARE(alpha, 255);
            QCOMPARE(strongest.name(), theme(kind).text.name());
        }
        applyTheme(*qApp, ThemeKind::light);
    }
};

QTEST_MAIN(TestTheme)
#include "tst_theme.moc"
