#include "app/document/document.h"
#include "sim/base/errors.h"
#include "sim/document/plan_laboratories.h"
#include "tests/sim/base/file_size_limit.h"

#include <QDir>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

#include <sys/stat.h>
#include <unistd.h>

using namespace endospike;

namespace {

Experiment withTitle(const Experiment& experiment, std::string title)
{
    Experiment changed = experiment;
    changed.title = std::move(title);
    return changed;
}

void put(const QString& path, const QByteArray& bytes)
{
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    QCOMPARE(file.write(bytes), bytes.size());
}

QByteArray get(const QString& path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("cannot be read");
}

/// The sentence of the error that opening raises; empty if it opens.
QString refusalOf(Document& document, const QString& path)
{
    try {
        document.open(path);
    } catch (const DocumentError& error) {
        return QString::fromUtf8(error.what());
    } catch (const FileError& error) {
        return QString::fromUtf8(error.what());
    }
    return {};
}

/// Root may write anywhere: as root, the test is somebody else while this lives.
class AnOrdinaryUser {
public:
    AnOrdinaryUser()
    {
        constexpr uid_t nobody = 65534;
        if (m_before == 0 && seteuid(nobody) != 0)
            qFatal("root cannot become another user");
    }
    ~AnOrdinaryUser()
    {
        if (seteuid(m_before) != 0)
            qFatal("the user cannot become root again");
    }
    AnOrdinaryUser(const AnOrdinaryUser&) = delete;
    AnOrdinaryUser& operator=(const AnOrdinaryUser&) = delete;

private:
    uid_t m_before = geteuid();
};

} // namespace

class TestDocument : public QObject {
    Q_OBJECT

private slots:
    void startsWithTheFirstExperiment();
    void undoesAndRedoes();
    void aDragIsOneStep();
    void aDragBackIsNoStep();
    void differentPlacesAreDifferentSteps();
    void anEditAfterSavingDoesNotMergeIntoTheSavedOne();
    void savesAndOpens();
    void modifiedFollowsTheFile();
    void badDocumentsLeaveEverythingAsItWas_data();
    void badDocumentsLeaveEverythingAsItWas();
    void refusesWhatIsNoFile();
    void anUnwritableTargetLeavesTheOldFile();
    void aFullDiskLeavesTheOldFile();

private:
    QTemporaryDir m_folder;
};

void TestDocument::startsWithTheFirstExperiment()
{
    const Document document(firstExperiment());
    QVERIFY(document.experiment() == firstExperiment());
    QVERIFY(!document.isModified());
    QVERIFY(document.path().isEmpty());
}

void TestDocument::undoesAndRedoes()
{
    Document document(firstExperiment());
    const Experiment before = document.experiment();
    const Experiment after = withTitle(before, "changed");
    QSignalSpy edited(&document, &Document::edited);
    document.edit(after, "Title");
    QVERIFY(document.experiment() == after);
    QVERIFY(document.isModified());
    QCOMPARE(edited.count(), 1);
    document.undoStack().undo();
    QVERIFY(document.experiment() == before);
    QVERIFY(!document.isModified());
    document.undoStack().redo();
    QVERIFY(document.experiment() == after);
    QCOMPARE(edited.count(), 3);
    document.edit(after, "Nothing");
    QCOMPARE(document.undoStack().count(), 1);
}

void TestDocument::aDragIsOneStep()
{
    Document document(firstExperiment());
    const Experiment before = document.experiment();
    for (int i = 0; i < 100; ++i) {
        Experiment moved = document.experiment();
        moved.neuron.cells.front().parameters.set(0u, 1.0 + 0.01 * i);
        document.edit(moved, "Drag", "cells.0.parameters.0");
    }
    document.endEdit();
    QCOMPARE(document.undoStack().count(), 1);
    Experiment second = document.experiment();
    second.neuron.cells.front().parameters.set(0u, 3.0);
    document.edit(second, "Drag", "cells.0.parameters.0");
    QCOMPARE(document.undoStack().count(), 2);
    document.undoStack().undo();
    QCOMPARE(document.experiment().neuron.cells.front().parameters[0], 1.0 + 0.01 * 99);
    document.undoStack().undo();
    QVERIFY(document.experiment() == before);
}

void TestDocument::aDragBackIsNoStep()
{
    Document document(firstExperiment());
    const Experiment before = document.experiment();
    document.edit(withTitle(before, "a"), "Title", "title");
    document.edit(withTitle(before, "b"), "Title", "title");
    document.edit(before, "Title", "title");
    QCOMPARE(document.undoStack().count(), 0);
    QVERIFY(document.experiment() == before);
}

void TestDocument::differentPlacesAreDifferentSteps()
{
    Document document(firstExperiment());
    document.edit(withTitle(document.experiment(), "a"), "Title", "title");
    Experiment noted = document.experiment();
    noted.notes = std::string("n");
    document.edit(noted, "Notes", "notes");
    document.edit(withTitle(document.experiment(), "b"), "Title", "title");
    QCOMPARE(document.undoStack().count(), 3);
    document.edit(withTitle(document.experiment(), "c"), "Other"); // a place without a name never merges
    document.edit(withTitle(document.experiment(), "d"), "Other");
    QCOMPARE(document.undoStack().count(), 5);
}

void TestDocument::anEditAfterSavingDoesNotMergeIntoTheSavedOne()
{
    Document document(firstExperiment());
    document.edit(withTitle(document.experiment(), "a"), "Title", "title");
    document.save(m_folder.filePath("merge.json"));
    document.edit(withTitle(document.experiment(), "b"), "Title", "title");
    QVERIFY(document.isModified());
    document.undoStack().undo();
    QVERIFY(!document.isModified());
    QCOMPARE(document.experiment().title, std::string("a"));
}

void TestDocument::savesAndOpens()
{
    const QString path = m_folder.filePath("round trip ä.json");
    Document written(firstExperiment());
    written.edit(withTitle(written.experiment(), "Ünïcode & <b>"), "Title");
    written.save(path);
    QCOMPARE(get(path), QByteArray::fromStdString(toJson(written.experiment())));
    Document read(firstExperiment());
    QSignalSpy replaced(&read, &Document::replaced);
    read.open(path);
    QCOMPARE(replaced.count(), 1);
    QCOMPARE(toJson(read.experiment()), toJson(written.experiment()));
    QCOMPARE(read.path(), path);
    QCOMPARE(read.displayName(), QString("round trip ä.json"));
    QVERIFY(!read.isModified());
    QVERIFY(!read.undoStack().canUndo());
}

void TestDocument::modifiedFollowsTheFile()
{
    Document document(firstExperiment());
    QSignalSpy named(&document, &Document::nameChanged);
    document.edit(withTitle(document.experiment(), "x"), "Title");
    QVERIFY(named.count() >= 1);
    document.save(m_folder.filePath("modified.json"));
    QVERIFY(!document.isModified());
    document.undoStack().undo();
    QVERIFY(document.isModified());
    document.undoStack().redo();
    QVERIFY(!document.isModified());
    document.replace(document.experiment(), {}, true); // recovered: stored nowhere
    QVERIFY(document.isModified());
}

void TestDocument::badDocumentsLeaveEverythingAsItWas_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("place");
    const QByteArray good = QByteArray::fromStdString(toJson(firstExperiment()));
    const auto with = [&](const char* from, const char* to) {
        QByteArray changed = good;
        changed.replace(from, to);
        if (changed == good)
            qFatal("the document has no %s", from);
        return changed;
    };
    QTest::newRow("empty") << QByteArray() << "";
    QTest::newRow("truncated") << good.left(good.size() / 2) << "";
    QTest::newRow("garbage") << QByteArray(5000, '\x9f') << "";
    QTest::newRow("an array") << QByteArray("[1, 2]") << "";
    QTest::newRow("unknown key") << with("\"title\"", "\"titel\"") << "titel";
    QTest::newRow("wrong type") << with("\"dt_ms\": 0.01", "\"dt_ms\": \"fast\"") << "simulation.dt_ms";
    QTest::newRow("NaN") << with("\"dt_ms\": 0.01", "\"dt_ms\": NaN") << "";
    QTest::newRow("out of bounds") << with("\"dt_ms\": 0.01", "\"dt_ms\": 0") << "simulation.dt_ms";
    QTest::newRow("unknown model") << with("\"lif\"", "\"lief\"") << "lief";
    QTest::newRow("newer version") << with("\"version\": 1", "\"version\": 999") << "version";
    QTest::newRow("deep nesting") << QByteArray(200000, '[') << "";
}

void TestDocument::badDocumentsLeaveEverythingAsItWas()
{
    QFETCH(QByteArray, bytes);
    QFETCH(QString, place);
    Document document(firstExperiment());
    document.edit(withTitle(document.experiment(), "precious"), "Title");
    const Experiment before = document.experiment();
    const QString path = m_folder.filePath("bad.json");
    put(path, bytes);
    QSignalSpy replaced(&document, &Document::replaced);
    const QString sentence = refusalOf(document, path);
    QVERIFY(!sentence.isEmpty());
    QVERIFY2(sentence.size() < 400 && !sentence.contains('\n'), qPrintable(sentence));
    QVERIFY2(sentence.contains(place), qPrintable(sentence));
    QVERIFY(document.experiment() == before);
    QVERIFY(document.undoStack().canUndo());
    QCOMPARE(replaced.count(), 0);
}

void TestDocument::refusesWhatIsNoFile()
{
    Document document(firstExperiment());
    QVERIFY(!refusalOf(document, m_folder.filePath("missing.json")).isEmpty());
    QVERIFY(!refusalOf(document, m_folder.path()).isEmpty());
    QVERIFY(!refusalOf(document, "/dev/zero").isEmpty());
    const QString pipe = m_folder.filePath("pipe.json");
    QCOMPARE(mkfifo(qPrintable(pipe), 0600), 0);
    QVERIFY(!refusalOf(document, pipe).isEmpty()); // does not wait for a writer
    // 100 MB that occupy no space on the disk: refused by size.
    const QString large = m_folder.filePath("large.json");
    QFile file(large);
    QVERIFY(file.open(QIODevice::WriteOnly));
    QVERIFY(file.resize(100 << 20));
    QVERIFY(refusalOf(document, large).contains("larger than"));
    QVERIFY(document.experiment() == firstExperiment());
}

void TestDocument::anUnwritableTargetLeavesTheOldFile()
{
    Document document(firstExperiment());
    QVERIFY_EXCEPTION_THROWN(document.save(m_folder.filePath("no/such/folder/x.json")), FileError);
    QVERIFY_EXCEPTION_THROWN(document.save(m_folder.path()), FileError);
    QVERIFY(document.path().isEmpty());
    const QString folder = m_folder.filePath("closed");
    QVERIFY(QDir().mkpath(folder));
    document.save(folder + "/x.json");
    const QByteArray old = get(folder + "/x.json");
    constexpr QFile::Permissions read = QFile::ReadOwner | QFile::ExeOwner | QFile::ReadOther | QFile::ExeOther;
    QVERIFY(QFile::setPermissions(m_folder.path(), read | QFile::WriteOwner));
    QVERIFY(QFile::setPermissions(folder, read));
    document.edit(withTitle(document.experiment(), "new"), "Title");
    {
        const AnOrdinaryUser user;
        QVERIFY_EXCEPTION_THROWN(document.save(folder + "/x.json"), FileError);
    }
    QCOMPARE(get(folder + "/x.json"), old);
    QVERIFY(document.isModified());
    QFile::setPermissions(folder, QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
}

void TestDocument::aFullDiskLeavesTheOldFile()
{
    const QString path = m_folder.filePath("full.json");
    Document document(firstExperiment());
    document.save(path);
    const QByteArray old = get(path);
    document.edit(withTitle(document.experiment(), "new"), "Title");
    {
        const FileSizeLimit full(100);
        QVERIFY_EXCEPTION_THROWN(document.save(path), FileError);
    }
    QCOMPARE(get(path), old);
    QVERIFY(document.isModified());
    QCOMPARE(QDir(m_folder.path()).entryList({"*full*"}, QDir::Files | QDir::Hidden), QStringList{"full.json"});
    document.save(path);
    QVERIFY(get(path) != old);
}

QTEST_GUILESS_MAIN(TestDocument)
#include "tst_document.moc"
