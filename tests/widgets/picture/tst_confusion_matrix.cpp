#include "widgets/picture/confusion_matrix.h"

#include <QTest>

#include <cmath>

using namespace endospike;
using Cell = ConfusionMatrix::Cell;

class TestConfusionMatrix : public QObject {
    Q_OBJECT

    std::unique_ptr<ConfusionMatrix> m_matrix;
    std::vector<std::optional<Cell>> m_chosen;

    void click(Cell cell)
    {
        QTest::mouseClick(m_matrix.get(), Qt::LeftButton, {}, m_matrix->cellRect(cell).center().toPoint());
    }

private slots:
    void init()
    {
        m_chosen.clear();
        m_matrix = std::make_unique<ConfusionMatrix>();
        m_matrix->setNames({"Coat", "Shirt", "Bag"});
        m_matrix->setCounts({7, 3, 0, 2, 8, 0, 0, 0, 5});
        m_matrix->resize(380, 400);
        m_matrix->show();
        connect(m_matrix.get(), &ConfusionMatrix::cellChosen, this, [this](auto cell) { m_chosen.push_back(cell); });
    }

    void rowsAreTheTruth()
    {
        QCOMPARE(m_matrix->countAt({0, 1}), 3);
        QCOMPARE(m_matrix->countAt({1, 0}), 2);
        QCOMPARE(m_matrix->accuracy(), 20.0 / 25);
        QCOMPARE(m_matrix->describe({0, 1}), QString("Coat taken for Shirt: 3 of 10"));
        QCOMPARE(m_matrix->describe({2, 2}), QString("Bag recognised: 5 of 5"));
    }

    void aWrongNumberOfCountsIsNotShown()
    {
        m_matrix->setCounts({1, 2, 3});
        QCOMPARE(m_matrix->countAt({0, 1}), 0);
        QVERIFY(std::isnan(m_matrix->accuracy()));
    }

    void aClickChoosesAndASecondOneLetsGo()
    {
        click({1, 0});
        QCOMPARE(m_chosen.size(), std::size_t{1});
        QVERIFY(m_matrix->current() == (Cell{1, 0}));
        click({1, 0});
        QCOMPARE(m_chosen.size(), std::size_t{2});
        QVERIFY(!m_matrix->current());
    }

    void keysMoveTheChoice()
    {
        QTest::keyClick(m_matrix.get(), Qt::Key_Down);
        QVERIFY(m_matrix->current() == (Cell{0, 0}));
        QTest::keyClick(m_matrix.get(), Qt::Key_Right);
        QTest::keyClick(m_matrix.get(), Qt::Key_Down);
        QVERIFY(m_matrix->current() == (Cell{1, 1}));
        for (int i = 0; i < 5; ++i)
            QTest::keyClick(m_matrix.get(), Qt::Key_Down);
        QVERIFY(m_matrix->current() == (Cell{2, 1}));
        QTest::keyClick(m_matrix.get(), Qt::Key_Escape);
        QVERIFY(!m_matrix->current());
    }

    void cellsAreSquareAndInside_data()
    {
        QTest::addColumn<QSize>("size");
        QTest::newRow("wide") << QSize(700, 300);
        QTest::newRow("tall") << QSize(300, 700);
        QTest::newRow("smallest") << QSize(260, 260);
    }
    void cellsAreSquareAndInside()
    {
        QFETCH(QSize, size);
        m_matrix->resize(size);
        const QRectF last = m_matrix->cellRect({2, 2});
        QCOMPARE(last.width(), last.height());
        QVERIFY(QRectF(m_matrix->rect()).contains(last));
    }

    void whereThereIsMoreThereIsMoreShade()
    {
        const QImage image = m_matrix->grab().toImage();
        const auto shade = [&](Cell cell) {
            return image.pixelColor((m_matrix->cellRect(cell).topLeft() + QPointF(4, 4)).toPoint()).lightness();
        };
        QVERIFY(shade({0, 1}) < shade({1, 0})); // 3 against 2
        QVERIFY(shade({1, 0}) < shade({0, 2})); // 2 against none
    }
};

QTEST_MAIN(TestConfusionMatrix)
#include "tst_confusion_matrix.moc"
