#include "widgets/picture/microstructure_view.h"

#include <QAbstractButton>
#include <QMetaEnum>
#include <QPainter>
#include <QSignalSpy>
#include <QTest>

using namespace endospike;

class TestMicrostructureView : public QObject {
    Q_OBJECT

    using Part = MicrostructureView::Part;

    static MicrostructureReading spike()
    {
        MicrostructureReading reading;
        reading.input_ua_per_cm2 = 40;
        reading.unit_mv = {62, -75, -12};
        reading.conductance_ms_per_cm2 = {23, 4.5, 0.3};
        reading.synapse_mv = -812;
        reading.soma_mv = 830;
        reading.output_mv = 18;
        return reading;
    }

    static QImage drawn(const MicrostructureView& view, const Theme& look)
    {
        QImage image(760, 324, QImage::Format_RGB32);
        image.fill(look.plot);
        QPainter painter(&image);
        view.draw(painter, QRectF(image.rect()), look);
        return image;
    }

    static QColor meanColor(const QImage& image, const QRect& area)
    {
        double r = 0, g = 0, b = 0;
        for (int y = area.top(); y <= area.bottom(); ++y)
            for (int x = area.left(); x <= area.right(); ++x) {
                const QColor c = image.pixelColor(x, y);
                r += c.redF();
                g += c.greenF();
                b += c.blueF();
            }
        const float n = static_cast<float>(area.width() * area.height());
        return QColor::fromRgbF(static_cast<float>(r) / n, static_cast<float>(g) / n, static_cast<float>(b) / n);
    }

    static std::vector<Part> parts()
    {
        std::vector<Part> all;
        for (int i = 0; i < MicrostructureView::partCount; ++i)
            all.push_back(static_cast<Part>(i));
        return all;
    }

private slots:
    void cleanup() { applyTheme(*qApp, ThemeKind::light); }

    void aClickOnEveryPartActivatesIt()
    {
        MicrostructureView view;
        view.resize(view.sizeHint());
        view.show();
        QVERIFY(QTest::qWaitForWindowExposed(&view));
        QSignalSpy activated(&view, &MicrostructureView::partActivated);
        for (const Part part : parts()) {
            // Through the window, so that a part under another one would be found out.
            const QPoint at = view.partButton(part)->geometry().center();
            auto* hit = qobject_cast<QAbstractButton*>(view.childAt(at));
            QVERIFY2(hit, QMetaEnum::fromType<Part>().valueToKey(int(part)));
            QTest::mouseClick(hit, Qt::LeftButton, {}, hit->mapFrom(&view, at));
            QCOMPARE(activated.takeFirst().first().value<Part>(), part);
        }
        QVERIFY(activated.isEmpty());
    }

    void keysReachAndActivateEveryPart()
    {
        MicrostructureView view;
        view.resize(view.sizeHint());
        view.show();
        view.activateWindow();
        QVERIFY(QTest::qWaitForWindowExposed(&view));
        QSignalSpy activated(&view, &MicrostructureView::partActivated);
        view.partButton(Part::input)->setFocus();
        for (const Part part : parts()) {
            QTRY_VERIFY(view.partButton(part)->hasFocus());
            QTest::keyClick(view.partButton(part), part == Part::k ? Qt::Key_Space : Qt::Key_Return);
            QCOMPARE(activated.takeFirst().first().value<Part>(), part);
            QTest::keyClick(view.focusWidget(), Qt::Key_Tab);
        }
    }

    void partsSayTheirNamesAndValues()
    {
        MicrostructureView view;
        for (const Part part : parts()) {
            QVERIFY(!view.partButton(part)->accessibleName().isEmpty());
            QVERIFY(!view.partButton(part)->toolTip().isEmpty());
        }
        QCOMPARE(view.partButton(Part::soma)->accessibleDescription(), QStringLiteral("–"));
        view.setReading(spike());
        QCOMPARE(view.partButton(Part::soma)->accessibleDescription(), QStringLiteral("830 mV"));
        QCOMPARE(view.partButton(Part::na)->accessibleDescription(), QStringLiteral("62 mV, 23 mS/cm²"));
    }

    void aUnitLightsWithItsShareOfTheConductance()
    {
        MicrostructureView view;
        const Theme& look = theme(ThemeKind::light);
        view.resize(760, 324);
        view.grab(); // lays out
        MicrostructureReading reading = spike();
        const QRect sodium = view.partButton(Part::na)->geometry().adjusted(8, 8, -8, -8);
        const QRect potassium = view.partButton(Part::k)->geometry().adjusted(8, 8, -8, -8);
        QVERIFY(sodium.width() > 100);
        view.setReading(reading);
        const QImage firing = drawn(view, look);
        reading.conductance_ms_per_cm2 = {0.01, 4.5, 0.3};
        view.setReading(reading);
        const QImage falling = drawn(view, look);
        // Orange and green hold less blue than the white plot: the stronger the light, the less.
        QVERIFY(meanColor(firing, sodium).blueF() < meanColor(falling, sodium).blueF() - 0.1);
        QVERIFY(meanColor(firing, potassium).redF() > meanColor(falling, potassium).redF() + 0.1);
    }

    void gaugesHoldTheDriftAndAreForgottenOnClear()
    {
        MicrostructureView view;
        MicrostructureReading reading = spike();
        reading.soma_mv = 90;
        reading.synapse_mv = -90;
        view.setReading(reading);
        const QImage before = drawn(view, theme(ThemeKind::light));
        view.setReading(spike()); // the gauges widen to a larger span and stay
        view.setReading(reading);
        QVERIFY(drawn(view, theme(ThemeKind::light)) != before);
        view.clear();
        view.setReading(reading);
        QCOMPARE(drawn(view, theme(ThemeKind::light)), before);
    }

    void everyThemeAndSizeHasRoom_data()
    {
        QTest::addColumn<int>("kind");
        QTest::newRow("light") << static_cast<int>(ThemeKind::light);
        QTest::newRow("dark") << static_cast<int>(ThemeKind::dark);
        QTest::newRow("projector") << static_cast<int>(ThemeKind::projector);
    }
    void everyThemeAndSizeHasRoom()
    {
        QFETCH(int, kind);
        applyTheme(*qApp, static_cast<ThemeKind>(kind));
        MicrostructureView view;
        view.setReading(spike());
        for (const QSize& size : {view.minimumSizeHint(), view.sizeHint(), QSize(1600, 500), QSize(400, 900)}) {
            view.resize(size);
            view.grab();
            for (const Part part : parts()) {
                const QRect place = view.partButton(part)->geometry();
                QVERIFY(view.rect().contains(place));
                QVERIFY(place.height() >= 18);
                for (const Part other : parts())
                    if (other != part)
                        QVERIFY(!view.partButton(other)->geometry().adjusted(3, 3, -3, -3).contains(place.center()));
            }
        }
    }

    void valuesThatAreNotThereAreDashes()
    {
        MicrostructureView view;
        view.resize(760, 324);
        const QImage empty = drawn(view, theme(ThemeKind::light)); // nothing yet: must not fail on NaN
        view.setReading(spike());
        QVERIFY(drawn(view, theme(ThemeKind::light)) != empty);
    }
};

QTEST_MAIN(TestMicrostructureView)
#include "tst_microstructure_view.moc"
