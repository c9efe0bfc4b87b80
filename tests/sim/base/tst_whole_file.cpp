// Files appear whole or not at all, and are read within their bound.
#include "sim/base/errors.h"
#include "sim/base/whole_file.h"
#include "tests/sim/base/file_size_limit.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace endospike;

class TestWholeFile : public QObject {
    Q_OBJECT

private:
    QTemporaryDir m_folder;

    std::string pathOf(const char* name) const { return m_folder.filePath(name).toStdString(); }
    QByteArray contentOf(const char* name) const
    {
        QFile file(m_folder.filePath(name));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("(cannot be opened)");
    }
    int fileCount() const
    {
        return static_cast<int>(QDir(m_folder.path()).entryList(QDir::Files | QDir::Hidden).size());
    }

private slots:
    void init()
    {
        QVERIFY(m_folder.isValid());
        for (const QString& name : QDir(m_folder.path()).entryList(QDir::Files | QDir::Hidden))
            QVERIFY(QFile::remove(m_folder.filePath(name)));
    }

    void replacesOnlyWhenPublished()
    {
        writeWholeFile(pathOf("a"), "old");
        {
            WholeFile file(pathOf("a"));
            file.write("new");
            QCOMPARE(contentOf("a"), QByteArray("old"));
            file.finish();
            QCOMPARE(contentOf("a"), QByteArray("old"));
            file.publish();
            QCOMPARE(contentOf("a"), QByteArray("new"));
        }
        QCOMPARE(contentOf("a"), QByteArray("new"));
        QCOMPARE(fileCount(), 1);
    }

    void leavesNothingWhenAbandoned()
    {
        writeWholeFile(pathOf("a"), "old");
        {
            WholeFile file(pathOf("a"));
            file.write(std::string(1 << 20, 'x'));
            QCOMPARE(fileCount(), 2);
        }
        QCOMPARE(fileCount(), 1);
        QCOMPARE(contentOf("a"), QByteArray("old"));
    }

    void overwritesEarlierBytes()
    {
        WholeFile file(pathOf("a"));
        file.write("0123456789");
        file.overwrite(2, "ab");
        file.write("!");
        file.finish();
        file.publish();
        QCOMPARE(contentOf("a"), QByteArray("01ab456789!"));
    }

    void keepsOldFileOnFullDisk()
    {
        writeWholeFile(pathOf("a"), "old");
        const FileSizeLimit limit(10'000);
        QVERIFY_EXCEPTION_THROWN(writeWholeFile(pathOf("a"), std::string(1 << 20, 'x')), FileError);
        QVERIFY_EXCEPTION_THROWN(writeWholeFile(pathOf("a"), std::string(10'001, 'x')), FileError);
        QCOMPARE(contentOf("a"), QByteArray("old"));
        QCOMPARE(fileCount(), 1);
        writeWholeFile(pathOf("a"), std::string(10'000, 'x'));
        QCOMPARE(contentOf("a").size(), 10'000);
    }

    void saysThatTheDiskIsFull()
    {
        try {
            writeWholeFile("/dev/full", "something");
            QFAIL("a full device took the bytes");
        } catch (const FileError& error) {
            QCOMPARE(error.path, std::string("/dev/full"));
            QCOMPARE(error.why, std::string("the disk is full"));
        }
        QVERIFY(QFile::exists("/dev/full"));
    }

    void refusesTargets_data()
    {
        QTest::addColumn<QString>("name");
        QTest::newRow("folder") << ".";
        QTest::newRow("missing folder") << "none/file";
        QTest::newRow("empty") << "";
    }
    void refusesTargets()
    {
        QFETCH(QString, name);
        const std::string path = name.isEmpty() ? "" : m_folder.filePath(name).toStdString();
        QVERIFY_EXCEPTION_THROWN(writeWholeFile(path, "x"), FileError);
        QCOMPARE(fileCount(), 0);
    }

    void followsLinksAndKeepsPermissions()
    {
        writeWholeFile(pathOf("real"), "old");
        const QFile::Permissions permissions = QFile::ReadOwner | QFile::WriteOwner | QFile::ReadGroup;
        QVERIFY(QFile::setPermissions(m_folder.filePath("real"), permissions));
        QVERIFY(QFile::link("real", m_folder.filePath("link")));
        writeWholeFile(pathOf("link"), "new");
        QCOMPARE(contentOf("real"), QByteArray("new"));
        QVERIFY(QFileInfo(m_folder.filePath("link")).isSymLink());
        const QFile::Permissions group = QFile::ReadGroup | QFile::WriteGroup | QFile::ReadOther | QFile::WriteOther;
        QCOMPARE(QFile::permissions(m_folder.filePath("real")) & group, permissions & group);
    }

    void readsWithinBound()
    {
        const std::string bytes(200'000, 'x');
        writeWholeFile(pathOf("a"), bytes);
        QCOMPARE(readWholeFile(pathOf("a"), bytes.size()), bytes);
        QVERIFY_EXCEPTION_THROWN(readWholeFile(pathOf("a"), bytes.size() - 1), FileError);
        // A device has no size to ask for first.
        QVERIFY_EXCEPTION_THROWN(readWholeFile("/dev/zero", 1 << 20), FileError);
        QVERIFY_EXCEPTION_THROWN(readWholeFile(pathOf("none"), 10), FileError);
        QVERIFY_EXCEPTION_THROWN(readWholeFile(m_folder.path().toStdString(), 10), FileError);
        QCOMPARE(readWholeFile("/dev/null", 0), std::string());
    }
};

QTEST_APPLESS_MAIN(TestWholeFile)
#include "tst_whole_file.moc"
