#include "widgets/picture/answer_marks.h"
#include "widgets/picture/image_grid.h"

#include <QScrollBar>
#include <QSignalSpy>
#include <QTest>

#include <set>

using namespace endospike;

class TestImageGrid : public QObject {
    Q_OBJECT

    std::unique_ptr<ImageGrid> m_grid;
    std::set<int> m_asked;

    void click(int item) { QTest::mouseClick(m_grid->viewport(), Qt::LeftButton, {}, m_grid->itemRect(item).center()); }

private slots:
    void init()
    {
        m_grid = std::make_unique<ImageGrid>();
        m_grid->resize(600, 400);
        m_grid->setItems(60000, [this](int item) {
            m_asked.insert(item);
            return GridPicture{QImage(36, 36, QImage::Format_Grayscale8), {QString::number(item), "below"}};
        });
        m_grid->show();
        m_asked.clear();
    }

    void onlyWhatIsVisibleIsAskedFor()
    {
        m_grid->grab();
        const int perPage = m_grid->columns() * (400 / m_grid->itemRect(0).height() + 2);
        QVERIFY(!m_asked.empty() && static_cast<int>(m_asked.size()) <= perPage);
        m_asked.clear();
        m_grid->verticalScrollBar()->setValue(m_grid->verticalScrollBar()->maximum());
        m_grid->grab();
        QVERIFY(m_asked.contains(59999));
        QVERIFY(!m_asked.contains(0));
        QVERIFY(static_cast<int>(m_asked.size()) <= perPage);
    }

    void aClickChooses()
    {
        QSignalSpy chosen(m_grid.get(), &ImageGrid::chosen);
        click(2);
        QCOMPARE(chosen.takeFirst().first().toInt(), 2);
        QCOMPARE(m_grid->current(), 2);
        click(2); // it is chosen already
        QVERIFY(chosen.isEmpty());
    }

    void keysMoveTheChoiceAndScroll_data()
    {
        QTest::addColumn<int>("key");
        QTest::addColumn<int>("from");
        QTest::addColumn<int>("to"); // columns: -1 a row further, -2 a row back, -3 the last
        QTest::newRow("right") << int(Qt::Key_Right) << 7 << 8;
        QTest::newRow("left") << int(Qt::Key_Left) << 7 << 6;
        QTest::newRow("left of the first") << int(Qt::Key_Left) << 0 << 0;
        QTest::newRow("home") << int(Qt::Key_Home) << 500 << 0;
        QTest::newRow("end") << int(Qt::Key_End) << 500 << 59999;
        QTest::newRow("down") << int(Qt::Key_Down) << 500 << -1;
        QTest::newRow("up") << int(Qt::Key_Up) << 500 << -2;
    }
    void keysMoveTheChoiceAndScroll()
    {
        QFETCH(int, key);
        QFETCH(int, from);
        QFETCH(int, to);
        m_grid->setCurrent(from);
        QTest::keyClick(m_grid.get(), static_cast<Qt::Key>(key));
        QCOMPARE(m_grid->current(), to == -1 ? from + m_grid->columns() : to == -2 ? from - m_grid->columns() : to);
        QVERIFY(m_grid->viewport()->rect().contains(m_grid->itemRect(m_grid->current())));
    }

    void pageKeysMoveByWhatIsSeen()
    {
        m_grid->setCurrent(0);
        QTest::keyClick(m_grid.get(), Qt::Key_PageDown);
        const int page = m_grid->current();
        QVERIFY(page >= m_grid->columns() && page % m_grid->columns() == 0);
        QTest::keyClick(m_grid.get(), Qt::Key_PageDown);
        QCOMPARE(m_grid->current(), 2 * page);
        QTest::keyClick(m_grid.get(), Qt::Key_PageUp);
        QCOMPARE(m_grid->current(), page);
    }

    void fewerItemsKeepAValidChoice()
    {
        m_grid->setCurrent(300);
        m_grid->setItems(10, [](int) { return GridPicture{}; });
        QCOMPARE(m_grid->current(), 9);
        m_grid->setItems(0, {});
        QCOMPARE(m_grid->current(), -1);
        QTest::keyClick(m_grid.get(), Qt::Key_Down);
        QCOMPARE(m_grid->current(), -1);
        QCOMPARE(m_grid->itemAt({5, 5}), -1);
    }

    /// Printed without colour the two still differ.
    void rightAndWrongDifferInShape()
    {
        const auto inked = [](GridPicture::Mark mark) {
            QImage image(72, 72, QImage::Format_Grayscale8);
            image.fill(Qt::white);
            QPainter painter(&image);
            drawAnswerMark(painter, QRectF(20, 20, 18, 18), 0, mark);
            drawAnswerBracket(painter, QRectF(0, 0, 72, 72), 1, mark);
            QBitArray ink(72 * 72);
            for (int i = 0; i < ink.size(); ++i)
                ink[i] = image.pixelColor(i % 72, i / 72).lightness() < 200;
            return ink;
        };
        const QBitArray difference = inked(GridPicture::Mark::right) ^ inked(GridPicture::Mark::wrong);
        QVERIFY2(difference.count(true) > 60, qPrintable(QString::number(difference.count(true))));
    }
};

QTEST_MAIN(TestImageGrid)
#include "tst_image_grid.moc"
