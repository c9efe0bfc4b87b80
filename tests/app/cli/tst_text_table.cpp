#include "app/cli/text_table.h"

#include <QTest>

#include <stdexcept>

using namespace endospike;

class TestTextTable : public QObject {
    Q_OBJECT
private slots:
    void columnsAreAligned()
    {
        TextTable table({-6, 5, -4, 3});
        table.add({"name", "value", "set", "n"});
        table.add({"LIF", formatted("%.2f", 1.5), "test", "12"});
        QCOMPARE(table.text(),
            std::string("name    value  set     n\n"
                        "LIF      1.50  test   12\n"));
    }

    /// What the tables of the command line were written with.
    void padsAsPrintf_data()
    {
        QTest::addColumn<int>("width");
        QTest::addColumn<QByteArray>("text");
        for (const int width : {-9, -3, 3, 9})
            for (const char* text : {"", "a", "abc", "abcdef"})
                QTest::addRow("%d, '%s'", width, text) << width << QByteArray(text);
    }
    void padsAsPrintf()
    {
        QFETCH(int, width);
        QFETCH(QByteArray, text);
        TextTable table({width, 4});
        table.add({text.toStdString(), "x"});
        QCOMPARE(table.text(), formatted("%*s  %4s\n", width, text.constData(), "x"));
    }

    void widthZeroFollowsTheWidestText()
    {
        TextTable table({0, 1});
        table.add({"a", "1"});
        table.add({"abcd", "2"});
        table.add({"ab", "3"});
        QCOMPARE(table.text(), std::string("a     1\nabcd  2\nab    3\n"));
    }

    void charactersCountNotBytes()
    {
        TextTable table({0, 5});
        table.add({"ß-µ", "±1"});
        table.add({"abcde", "1"});
        QCOMPARE(table.text(), std::string("ß-µ       ±1\nabcde      1\n"));
    }

    void wideTextsPushAndRowsMayBeShort()
    {
        TextTable table({2, 2, 2});
        table.add({"abc", "d"});
        table.add({"a", "b", "c"});
        QCOMPARE(table.text(), std::string("abc   d\n a   b   c\n"));
        table.add({"1", "2", "3", "4"});
        QVERIFY_EXCEPTION_THROWN(static_cast<void>(table.text()), std::out_of_range);
    }
};

QTEST_APPLESS_MAIN(TestTextTable)
#include "tst_text_table.moc"
