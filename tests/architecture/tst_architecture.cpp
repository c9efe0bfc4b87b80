#include "tests/architecture/rules.h"

#include <QDir>
#include <QDirIterator>
#include <QFile>
#include <QTest>

using namespace endospike;

namespace {

SourceTree sourceOf(const QString& root)
{
    SourceTree tree;
    for (const char* part : {"sim", "widgets", "app", "tests", "bench"})
        for (QDirIterator at(QDir(root).filePath(part), {"*.h", "*.cpp"}, QDir::Files, QDirIterator::Subdirectories);
             at.hasNext();) {
            QFile file(at.next());
            if (!file.open(QIODevice::ReadOnly))
                qFatal("cannot read %s", qPrintable(file.fileName()));
            tree[QDir(root).relativeFilePath(file.fileName())] = QString::fromUtf8(file.readAll());
        }
    return tree;
}

/// Everything that is allowed and looks a little like what is not.
SourceTree goodTree()
{
    return {
        {"sim/base/errors.h", "#include <string>\n// printf(\"%d\") and QString would be wrong here\n"},
        {"sim/base/errors.cpp", "#include \"sim/base/errors.h\"\nsnprintf(text, sizeof text, \"stdout\", 1'000);\n"},
        {"sim/neuron/lif.h", "#include \"sim/base/errors.h\"\nvoid advance(); /* cout,\n cerr */\n"},
        {"sim/laboratories.cpp", "#include \"sim/neuron/lif.h\"\n"},
        {"widgets/plot/plot.h",
            "#include \"sim/neuron/lif.h\"\n#include <QTimer>\nQPixmap file; bool open(int thread);\n"},
        {"app/neuron/page.cpp", "#include \"widgets/plot/plot.h\"\n#include <QFile>\n#include <thread>\nputs(\"\");\n"},
        {"tests/sim/data_fixture.h", "#include \"sim/neuron/lif.h\"\n"},
        {"tests/sim/neuron/tst_lif.cpp", "#include \"tests/sim/data_fixture.h\"\n#include \"tst_lif.moc\"\n"},
        {"tests/architecture/rules.cpp", QString("\n").repeated(600)},
    };
}

struct Fault {
    const char* rule;
    const char* path;
    QString text;
    const char* sentence; ///< what is said about it
};

/// Each is added to the good tree.
QList<Fault> faults()
{
    const char* up = "no arrow points upwards";
    const char* circle = "no folders lie on a circle";
    const char* qt = "sim knows no Qt";
    const char* prints = "sim prints nothing";
    const char* files = "widgets starts no thread and opens no file";
    const char* mirror = "tests mirror the source";
    return {
        {up, "sim/neuron/a.cpp", "#include \"widgets/plot/plot.h\"\n", "sim/neuron/a.cpp includes widgets/plot/plot.h"},
        {up, "sim/neuron/a.cpp", "#include \"../../app/neuron/page.cpp\"\n",
            "sim/neuron/a.cpp includes app/neuron/page.cpp"},
        {up, "widgets/form/a.h", "  #  include \"app/neuron/page.cpp\"\n",
            "widgets/form/a.h includes app/neuron/page.cpp"},
        {up, "app/neuron/a.h", "#include \"tests/sim/data_fixture.h\"\n",
            "app/neuron/a.h includes tests/sim/data_fixture.h"},
        {circle, "sim/base/a.cpp", "#include \"sim/neuron/lif.h\"\n",
            "sim/base -> sim/neuron -> sim/base\n"
            "    sim/base/a.cpp includes sim/neuron/lif.h\n"
            "    sim/neuron/lif.h includes sim/base/errors.h"},
        {qt, "sim/base/a.h", "#include <QString>\n", "sim/base/a.h includes QString"},
        {qt, "sim/base/a.h", "#include <QtCore/QString>\n", "sim/base/a.h includes QtCore/QString"},
        {qt, "sim/base/a.h", "class A { Q_OBJECT };\n", "sim/base/a.h uses Q_OBJECT"},
        {prints, "sim/base/a.cpp", "std::printf(\"hello\");\n", "sim/base/a.cpp uses printf"},
        {prints, "sim/base/a.cpp", "#include <iostream>\n", "sim/base/a.cpp includes iostream"},
        {prints, "sim/base/a.cpp", "std::fputs(\"//\", stderr);\n",
            "sim/base/a.cpp uses fputs\nsim/base/a.cpp uses stderr"},
        {files, "widgets/plot/a.cpp", "QFile file(name);\n", "widgets/plot/a.cpp uses QFile"},
        {files, "widgets/plot/a.cpp", "std::jthread worker(work);\n", "widgets/plot/a.cpp uses std::jthread"},
        {files, "widgets/plot/a.cpp", "plot->savePng(name);\n", "widgets/plot/a.cpp uses savePng"},
        {"no file is too long", "bench/a.cpp", QString("\n").repeated(601), "bench/a.cpp has 601 lines"},
        {mirror, "tests/sim/brain/tst_a.cpp", "\n", "tests/sim/brain/tst_a.cpp mirrors no folder of the source"},
        {mirror, "tests/app/tst_a.cpp", "\n", "tests/app/tst_a.cpp mirrors no folder of the source"},
    };
}

/// What each rule says, and nothing for those that hold.
QMap<QString, QString> saidOf(const SourceTree& tree)
{
    QMap<QString, QString> said;
    for (const ArchitectureRule& rule : architectureRules())
        if (const QStringList sentences = rule.faults(tree); !sentences.isEmpty())
            said[rule.name] = sentences.join('\n');
    return said;
}

} // namespace

class TestArchitecture : public QObject {
    Q_OBJECT

    SourceTree m_source;

private slots:
    void initTestCase()
    {
        m_source = sourceOf(ENDOSPIKE_SOURCE_DIR);
        for (const char* file : {"sim/base/errors.h", "widgets/look/theme.h", "app/cli/main.cpp"})
            QVERIFY2(m_source.contains(file), file);
    }

    void holds_data()
    {
        QTest::addColumn<int>("number");
        for (int i = 0; i < static_cast<int>(architectureRules().size()); ++i)
            QTest::newRow(architectureRules()[i].name) << i;
    }
    void holds()
    {
        QFETCH(int, number);
        const QStringList sentences = architectureRules()[number].faults(m_source);
        for (const QString& sentence : sentences) // in full, which a message of QVERIFY2 would not be
            qWarning("%s", qPrintable(sentence));
        QVERIFY(sentences.isEmpty());
    }

    void aGoodTreeIsLeftAlone() { QCOMPARE(saidOf(goodTree()), (QMap<QString, QString>())); }

    void aFaultIsFoundByItsRuleAlone_data()
    {
        QTest::addColumn<int>("number");
        for (int i = 0; i < faults().size(); ++i)
            QTest::addRow("%s, %d", faults()[i].rule, i) << i;
    }
    void aFaultIsFoundByItsRuleAlone()
    {
        QFETCH(int, number);
        const Fault fault = faults()[number];
        SourceTree tree = goodTree();
        tree[fault.path] = fault.text;
        QCOMPARE(saidOf(tree), (QMap<QString, QString>{{fault.rule, fault.sentence}}));
    }

    void aFlatFloorIsFound()
    {
        SourceTree tree = goodTree();
        for (int i = 1; i < 14; ++i)
            tree[QString("sim/file_%1.h").arg(i)] = "\n";
        QCOMPARE(saidOf(tree), (QMap<QString, QString>()));
        tree["sim/one_more.h"] = "\n";
        QCOMPARE(saidOf(tree),
            (QMap<QString, QString>{{"floors are made of rooms", "sim/ has 15 files that stand in no folder"}}));
    }

    void everyRuleCanFail()
    {
        QStringList shown = {"floors are made of rooms"}; // above
        for (const Fault& fault : faults())
            shown.append(fault.rule);
        for (const ArchitectureRule& rule : architectureRules())
            QVERIFY2(shown.contains(rule.name), rule.name);
    }

    /// A circle of three is told as one chain, from whichever of its folders it is found.
    void aLongCircleIsOneChain()
    {
        SourceTree tree = goodTree();
        tree["sim/base/a.h"] = "#include \"sim/trace/a.h\"\n";
        tree["sim/trace/a.h"] = "#include \"sim/neuron/lif.h\"\n#include \"sim/neuron/lif.h\"\n";
        QCOMPARE(saidOf(tree),
            (QMap<QString, QString>{{"no folders lie on a circle",
                "sim/base -> sim/trace -> sim/neuron -> sim/base\n"
                "    sim/base/a.h includes sim/trace/a.h\n"
                "    sim/trace/a.h includes sim/neuron/lif.h\n"
                "    sim/trace/a.h includes sim/neuron/lif.h\n"
                "    sim/neuron/lif.h includes sim/base/errors.h"}}));
    }
};

QTEST_GUILESS_MAIN(TestArchitecture)
#include "tst_architecture.moc"
