#include "widgets/picture/picture_strip.h"

#include <QSignalSpy>
#include <QTest>

using namespace endospike;

class TestPictureStrip : public QObject {
    Q_OBJECT
private slots:
    void firstAndLastAreAlwaysThere_data()
    {
        QTest::addColumn<int>("count");
        for (const int count : {2, 3, 7, 60})
            QTest::addRow("%d", count) << count;
    }
    void firstAndLastAreAlwaysThere()
    {
        QFETCH(int, count);
        PictureStrip strip;
        strip.resize(400, strip.sizeHint().height());
        std::vector<PictureStrip::Item> items(static_cast<std::size_t>(count));
        strip.setItems(items);
        const std::vector<int> visible = strip.visibleItems();
        QCOMPARE(visible.front(), 0);
        QCOMPARE(visible.back(), count - 1);
        QVERIFY(std::is_sorted(visible.begin(), visible.end()));
        QCOMPARE(std::adjacent_find(visible.begin(), visible.end()), visible.end());
        QVERIFY(strip.itemRect(static_cast<int>(visible.size()) - 1).right() <= strip.width());
    }

    void aClickChooses()
    {
        PictureStrip strip;
        strip.resize(400, strip.sizeHint().height());
        strip.setItems(std::vector<PictureStrip::Item>(60));
        strip.show();
        QSignalSpy chosen(&strip, &PictureStrip::chosen);
        QTest::mouseClick(&strip, Qt::LeftButton, {}, strip.itemRect(1).center());
        QCOMPARE(chosen.takeFirst().first().toInt(), strip.visibleItems()[1]);
        QTest::mouseClick(&strip, Qt::LeftButton, {}, QPoint(399, 10)); // beyond the last
        QVERIFY(chosen.isEmpty());
    }

    void emptyIsDrawnToo()
    {
        PictureStrip strip;
        strip.grab();
        QVERIFY(strip.visibleItems().empty());
    }
};

QTEST_MAIN(TestPictureStrip)
#include "tst_picture_strip.moc"
