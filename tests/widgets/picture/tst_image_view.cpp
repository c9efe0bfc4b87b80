#include "widgets/picture/image_view.h"

#include <QSignalSpy>
#include <QSpinBox>
#include <QTest>
#include <QToolButton>

#include <vector>

using namespace endospike;

class TestImageView : public QObject {
    Q_OBJECT
private slots:
    void buttonsWalkThroughTheImages()
    {
        ImageView view;
        view.setCount(3);
        QSignalSpy edited(&view, &ImageView::indexEdited);
        view.setIndex(1);
        QVERIFY(edited.isEmpty());
        QTest::mouseClick(view.nextButton(), Qt::LeftButton);
        QCOMPARE(edited.takeFirst().first().toInt(), 2);
        QVERIFY(!view.nextButton()->isEnabled());
        QTest::mouseClick(view.previousButton(), Qt::LeftButton);
        QTest::mouseClick(view.previousButton(), Qt::LeftButton);
        QCOMPARE(view.index(), 0);
        QVERIFY(!view.previousButton()->isEnabled());
        QCOMPARE(edited.size(), 2);
    }

    void withoutImagesNothingCanBeChosen()
    {
        ImageView view;
        view.setCount(0);
        QVERIFY(!view.nextButton()->isEnabled() && !view.previousButton()->isEnabled());
        QVERIFY(!view.numberSpin()->isEnabled());
    }

    void pixelsAreShownAsTheyAre()
    {
        ImageView view;
        view.resize(300, 360);
        std::vector<std::uint8_t> pixels(784, 0);
        pixels[27] = 255; // top right
        view.setImage(pixels, 28, 28);
        const QImage shown = view.grab().toImage();
        int white = 0;
        QRect where;
        for (int y = 0; y < 280; ++y)
            for (int x = 0; x < shown.width(); ++x)
                if (shown.pixelColor(x, y) == QColor(Qt::white)) {
                    ++white;
                    where |= QRect(x, y, 1, 1);
                }
        QVERIFY(white > 20); // one pixel enlarged, unsmoothed: a full square
        QCOMPARE(white, where.width() * where.height());
        QVERIFY(where.center().x() > 150);
    }

    void aWrongSizeIsNotShown()
    {
        ImageView view;
        view.setImage(std::vector<std::uint8_t>(783), 28, 28);
        QVERIFY(!view.hasImage());
        view.setImage(std::vector<std::uint8_t>(784), 28, 28);
        QVERIFY(view.hasImage());
    }
};

QTEST_MAIN(TestImageView)
#include "tst_image_view.moc"
