#include "widgets/look/theme.h"
#include "widgets/picture/pendulum_view.h"

#include <QPainter>
#include <QSignalSpy>
#include <QTest>

#include <cmath>
#include <memory>

using namespace endospike;

namespace {

PendulumPose leaning(double cart_m, double angle_rad)
{
    return {cart_m, {angle_rad}, {{cart_m + 0.6 * std::sin(angle_rad), 0.6 * std::cos(angle_rad)}}};
}

double nudged(const QSignalSpy& spy) { return spy.isEmpty() ? 0 : spy.last().at(0).toDouble(); }

} // namespace

class TestPendulumView : public QObject {
    Q_OBJECT

    std::unique_ptr<PendulumView> m_view;

private slots:
    void init()
    {
        m_view = std::make_unique<PendulumView>();
        m_view->resize(900, 500);
        m_view->setScene({1, 1, 0.2, 0});
        m_view->setPose(leaning(0.25, 0.1));
        m_view->show();
        QVERIFY(QTest::qWaitForWindowExposed(m_view.get()));
    }

    void isToScale_data()
    {
        QTest::addColumn<QSize>("size");
        QTest::addColumn<int>("poles");
        QTest::newRow("small") << QSize(400, 300) << 1;
        QTest::newRow("large") << QSize(900, 500) << 1;
        QTest::newRow("two poles, small") << QSize(400, 300) << 2;
        QTest::newRow("two poles, tall") << QSize(400, 900) << 2;
    }
    void isToScale()
    {
        QFETCH(QSize, size);
        QFETCH(int, poles);
        m_view->setScene({poles, 1, 0, 0});
        m_view->resize(size);
        const QPointF middle = m_view->toPixels(0, 0), aside = m_view->toPixels(1, 0),
                      up = m_view->toPixels(0, 0.6 * poles);
        QCOMPARE(aside.x() - middle.x(), m_view->pixelsPerMetre());
        QVERIFY(std::abs(middle.y() - up.y() - 0.6 * poles * m_view->pixelsPerMetre()) < 1e-9);
        // The cart at the end of the rail and the tip upright are within the picture.
        QVERIFY(m_view->toPixels(1.2, 0).x() < size.width() && m_view->toPixels(-1.2, 0).x() > 0);
        QVERIFY(up.y() > 0 && m_view->toPixels(0, -0.1).y() < size.height());
        QVERIFY(m_view->pixelsPerMetre() > 100);
    }

    void theColourStandsWhereThePoleIs()
    {
        m_view->setColor(Qt::red);
        m_view->setTrailShown(false);
        const QImage image = m_view->grab().toImage();
        const QColor pole = readableOn(Qt::red, currentTheme().plot);
        const QPointF along = m_view->toPixels(0.25 + 0.3 * std::sin(0.1), 0.3 * std::cos(0.1));
        QCOMPARE(image.pixelColor(along.toPoint()), pole);
        const QPointF mirrored = m_view->toPixels(0.25 - 0.5 * std::sin(0.3), 0.5 * std::cos(0.3));
        QVERIFY(image.pixelColor(mirrored.toPoint()) != pole);
    }

    void arrowsStrike()
    {
        QSignalSpy spy(m_view.get(), &PendulumView::nudge);
        m_view->setFocus();
        QTest::keyClick(m_view.get(), Qt::Key_Right);
        QCOMPARE(nudged(spy), m_view->tap());
        QTest::keyClick(m_view.get(), Qt::Key_Left, Qt::ShiftModifier);
        QCOMPARE(nudged(spy), -3 * m_view->tap());
        m_view->clear(); // nothing to strike
        QTest::keyClick(m_view.get(), Qt::Key_Left);
        QCOMPARE(spy.size(), 2);
    }

    void aClickPushesAwayFromThePointer()
    {
        QSignalSpy spy(m_view.get(), &PendulumView::nudge);
        const QPoint cart = m_view->toPixels(0.25, 0).toPoint();
        QTest::mouseClick(m_view.get(), Qt::LeftButton, {}, cart - QPoint(60, 0));
        QCOMPARE(nudged(spy), m_view->tap());
        QTest::mouseClick(m_view.get(), Qt::LeftButton, {}, cart + QPoint(60, 0));
        QCOMPARE(nudged(spy), -m_view->tap());
        QTest::mouseClick(m_view.get(), Qt::RightButton, {}, cart);
        QCOMPARE(spy.size(), 2);
    }

    void aDragStrikesAsFarAsItIsLong()
    {
        QSignalSpy spy(m_view.get(), &PendulumView::nudge);
        const QPoint cart = m_view->toPixels(0.25, 0).toPoint();
        const auto drag = [&](int pixels, bool back = false) {
            QTest::mousePress(m_view.get(), Qt::LeftButton, {}, cart);
            QTest::mouseMove(m_view.get(), cart + QPoint(pixels, 3));
            QVERIFY(!m_view->grab().isNull());
            if (back)
                QTest::mouseMove(m_view.get(), cart);
            QTest::mouseRelease(m_view.get(), Qt::LeftButton, {}, back ? cart : cart + QPoint(pixels, 3));
        };
        drag(50);
        QVERIFY(std::abs(nudged(spy) - 50 / m_view->pixelsPerMetre() * PendulumView::dragPerMetre_n_s) < 1e-9);
        drag(-80);
        QVERIFY(std::abs(nudged(spy) + 80 / m_view->pixelsPerMetre() * PendulumView::dragPerMetre_n_s) < 1e-9);
        drag(-600);
        QCOMPARE(nudged(spy), -PendulumView::strongest_n_s);
        QCOMPARE(spy.size(), 3);
        drag(70, true); // thought better of it
        QCOMPARE(spy.size(), 3);
        QTest::mousePress(m_view.get(), Qt::LeftButton, {}, cart);
        QTest::mouseMove(m_view.get(), cart + QPoint(50, 0));
        QTest::keyClick(m_view.get(), Qt::Key_Escape);
        QTest::mouseRelease(m_view.get(), Qt::LeftButton, {}, cart + QPoint(50, 0));
        QCOMPARE(spy.size(), 3);
    }

    void drawsInEveryThemeAndSize()
    {
        for (const ThemeKind kind : {ThemeKind::light, ThemeKind::dark, ThemeKind::projector}) {
            applyTheme(*qApp, kind);
            for (const QSize size : {QSize(400, 300), QSize(900, 500), QSize(30, 20)}) {
                QImage image(size, QImage::Format_RGB32);
                QPainter painter(&image);
                m_view->draw(painter, size, false);
                painter.end();
                QCOMPARE(image.pixelColor(2, size.height() / 2), currentTheme().plot);
            }
        }
        applyTheme(*qApp, ThemeKind::light);
    }
};

QTEST_MAIN(TestPendulumView)
#include "tst_pendulum_view.moc"
