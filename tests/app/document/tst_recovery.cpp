#include "app/document/document.h"
#include "app/document/recovery.h"
#include "sim/document/plan_laboratories.h"

#include <QDir>
#include <QProcess>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>
#include <cstdio>

using namespace endospike;

namespace {

void editTitle(Document& document, std::string title)
{
    Experiment changed = document.experiment();
    changed.title = std::move(title);
    document.edit(changed, "Title");
}

/// A second program that edits, waits for its autosave to come by itself, and then is killed.
int runVictim(int argc, char** argv)
{
    QCoreApplication app(argc, argv);
    Document document(firstExperiment());
    Recovery recovery(document, QString::fromLocal8Bit(argv[2]));
    editTitle(document, argv[3]);
    QTimer::singleShot(Recovery::interval_ms + 500, [] {
        std::puts("written");
        std::fflush(stdout);
    });
    return app.exec();
}

} // namespace

class TestRecovery : public QObject {
    Q_OBJECT

private slots:
    void nothingLostNothingFound();
    void followsTheDocument();
    void aKilledProgramLeavesItsWork();
    void aRunningProgramIsLeftAlone();
    void removesWhatCannotBeRead();
    void saysOnceThatItCannotWrite();
};

void TestRecovery::nothingLostNothingFound()
{
    const QTemporaryDir folder;
    Document document(firstExperiment());
    Recovery recovery(document, folder.filePath("deep/recovery"));
    QVERIFY(!recovery.findLost());
    recovery.update();
    QVERIFY(!QFile::exists(recovery.file()));
}

void TestRecovery::followsTheDocument()
{
    const QTemporaryDir folder;
    Document document(firstExperiment());
    QString file;
    {
        Recovery recovery(document, folder.path());
        file = recovery.file();
        editTitle(document, "a");
        recovery.update();
        QVERIFY(QFile::exists(file));
        document.save(folder.filePath("a.json"));
        recovery.update();
        QVERIFY(!QFile::exists(file));
        editTitle(document, "b");
        QTRY_VERIFY(QFile::exists(file)); // by itself
    }
    QVERIFY(!QFile::exists(file));
    QVERIFY(QDir(folder.path()).entryList({"*.lock"}, QDir::Files).isEmpty());
}

void TestRecovery::aKilledProgramLeavesItsWork()
{
    const QTemporaryDir folder;
    const QDateTime begin = QDateTime::currentDateTime();
    QProcess victim;
    victim.start(QCoreApplication::applicationFilePath(), {"--victim", folder.path(), "the lost one"});
    QVERIFY(victim.waitForReadyRead(15000));
    Document document(firstExperiment());
    {
        Recovery recovery(document, folder.path());
        QVERIFY(!recovery.findLost()); // it is still running
    }
    victim.kill(); // SIGKILL
    QVERIFY(victim.waitForFinished());
    Recovery recovery(document, folder.path());
    auto found = recovery.findLost();
    QVERIFY(found);
    QCOMPARE(found->experiment.title, std::string("the lost one"));
    QVERIFY(found->written >= begin && found->written <= QDateTime::currentDateTime());
    QVERIFY(!recovery.findLost()); // not offered twice at once
    recovery.discard(*found);
    found.reset();
    QVERIFY(!recovery.findLost());
    QVERIFY(QDir(folder.path()).entryList({"*.recovery"}, QDir::Files).isEmpty());
}

void TestRecovery::aRunningProgramIsLeftAlone()
{
    const QTemporaryDir folder;
    Document first(firstExperiment());
    Document second(firstExperiment());
    Recovery one(first, folder.path());
    Recovery two(second, folder.path());
    editTitle(first, "mine");
    one.update();
    QVERIFY(!two.findLost());
    QVERIFY(one.file() != two.file());
}

void TestRecovery::removesWhatCannotBeRead()
{
    const QTemporaryDir folder;
    QFile file(folder.filePath("broken.recovery"));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("{\"experiment\": \"{\\\"ver");
    file.close();
    Document document(firstExperiment());
    Recovery recovery(document, folder.path());
    QVERIFY(!recovery.findLost());
    QVERIFY(!file.exists());
}

void TestRecovery::saysOnceThatItCannotWrite()
{
    const QTemporaryDir folder;
    QFile inTheWay(folder.filePath("file"));
    QVERIFY(inTheWay.open(QIODevice::WriteOnly));
    Document document(firstExperiment());
    Recovery recovery(document, folder.filePath("file"));
    QSignalSpy failed(&recovery, &Recovery::failed);
    editTitle(document, "x");
    recovery.update();
    recovery.update();
    QCOMPARE(failed.count(), 1);
}

int main(int argc, char** argv)
{
    if (argc == 4 && qstrcmp(argv[1], "--victim") == 0)
        return runVictim(argc, argv);
    QCoreApplication app(argc, argv);
    TestRecovery test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_recovery.moc"
