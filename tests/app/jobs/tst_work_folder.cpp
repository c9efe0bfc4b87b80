#include "app/jobs/work_folder.h"

#include <QDir>
#include <QTest>

using namespace endospike;

class TestWorkFolder : public QObject {
    Q_OBJECT
private slots:
    void aNewWorkIsNamedAfterNow()
    {
        const QTemporaryDir folder;
        const QDateTime before = QDateTime::currentDateTime();
        const QString work = newWork(folder.path());
        QCOMPARE(QFileInfo(work).path(), folder.path());
        QVERIFY(!QDir(work).exists());
        const QDateTime made = timeOfWork(work);
        QVERIFY(made.isValid());
        QVERIFY(made.secsTo(before) <= 0 && made.secsTo(QDateTime::currentDateTime()) >= 0);
    }

    void timeIsReadFromTheName_data()
    {
        QTest::addColumn<QString>("work");
        QTest::addColumn<QDateTime>("time");
        const QDateTime time(QDate(2026, 11, 25), QTime(22, 13, 5));
        QTest::newRow("as the window names it") << "/runs/training/20261125-221305-123" << time;
        QTest::newRow("below a slash") << "runs/training/20261125-221305-123" << time;
        QTest::newRow("without milliseconds") << "20261125-221305" << time;
        QTest::newRow("with a name behind it") << "20261125-221305-123 the good one" << time;
        QTest::newRow("a copy") << "20261125-221305-123 (copy)" << time;
        QTest::newRow("another name") << "/runs/training/mine" << QDateTime();
        QTest::newRow("behind another name") << "mine-20261125-221305" << QDateTime();
        QTest::newRow("no such day") << "20261335-221305-123" << QDateTime();
        QTest::newRow("too many digits") << "20261125-2213051" << QDateTime();
        QTest::newRow("only a day") << "20261125" << QDateTime();
        QTest::newRow("in a folder that has a time") << "/20261125-221305-123/LIF_fc-seed1" << QDateTime();
        QTest::newRow("empty") << "" << QDateTime();
    }
    void timeIsReadFromTheName()
    {
        QFETCH(QString, work);
        QFETCH(QDateTime, time);
        QCOMPARE(timeOfWork(work), time);
    }

    void worksAreListedNewestFirst()
    {
        const QTemporaryDir folder;
        QVERIFY(worksIn(folder.filePath("none")).isEmpty());
        const QStringList names{"20270101-000000-000", "20261125-221305-124", "20261125-221305-123",
            "20250630-120000-999", "mine", "another"};
        for (const QString& name : {names[2], names[4], names[0], names[5], names[3], names[1], QString(".removed")})
            QVERIFY(QDir(folder.path()).mkdir(name));
        QFile file(folder.filePath("20280101-000000-000"));
        QVERIFY(file.open(QIODevice::WriteOnly)); // is no folder
        QStringList expected;
        for (const QString& name : names)
            expected << folder.filePath(name);
        QCOMPARE(worksIn(folder.path()), expected);
    }

    void runsFolder()
    {
        QCOMPARE(RunsFolder("/somewhere").of("control"), QString("/somewhere/control"));
        QString path;
        {
            const RunsFolder own{QString()};
            path = own.path();
            QVERIFY(QDir(path).exists());
            QVERIFY(QDir().mkpath(newWork(own.of("control"))));
        }
        QVERIFY(!QDir(path).exists());
    }
};

QTEST_APPLESS_MAIN(TestWorkFolder)
#include "tst_work_folder.moc"
