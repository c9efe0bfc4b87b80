// What leaves the window: tables, figures, the clipboard, the picture without a display.
#include "app/window/export_commands.h"
#include "app/window/render.h"
#include "sim/cost/laboratory.h"
#include "sim/document/plan_laboratories.h"
#include "sim/neuron/run.h"
#include "tests/app/window/window_fixture.h"
#include "tests/widgets/plot/figure_ink.h"

#include <QClipboard>
#include <QImageReader>
#include <QPushButton>

#include <cstring>

using namespace endospike;

namespace {

struct Table {
    QStringList titles;
    QList<QList<double>> rows;
};

Table readCsv(const QString& path)
{
    Table table;
    const QStringList lines = QString::fromUtf8(readBytes(path)).split('\n', Qt::SkipEmptyParts);
    for (const QString& line : lines) {
        if (line.startsWith('#'))
            continue;
        if (table.titles.isEmpty()) {
            table.titles = line.split(',');
            continue;
        }
        QList<double> row;
        for (const QString& field : line.split(','))
            row << field.toDouble();
        table.rows << row;
    }
    return table;
}

} // namespace

class TestExport : public QObject {
    Q_OBJECT

private slots:
    void theVisibleRangeAsCsv();
    void theRecordingAsNpy();
    void theWholeRunEqualsTheEngine();
    void aLongExportShowsProgressAndIsCancelled();
    void anErrorLeavesNoFile();
    void figures_data();
    void figures();
    void aPageWithoutPlotsOverTimeGivesItsFigureAllTheSame();
    void aFigureThatCannotBeWrittenIsSaid();
    void theClipboardHoldsThePlots();
    void theCaptionNamesWhatDiffers();
    void rendersWithoutADisplay();
    void closingDuringAnExportLeavesNoFile();
};

void TestExport::theVisibleRangeAsCsv()
{
    WindowFixture window;
    window.live().setSpeed(1000);
    QTRY_VERIFY(window.last_ms() > 120);
    window.press(Qt::Key_Space);
    window.plots().setVisibleRange({50, 60});
    window.answer = window.file("visible.csv");
    window.press(Qt::Key_E, Qt::ControlModifier);
    QTRY_VERIFY(window->messages().text("export").contains("visible.csv"));
    QTRY_VERIFY(!window->exports().isBusy());
    const Table table = readCsv(window.answer);
    QVERIFY2(table.titles.front().contains("ms"), qPrintable(table.titles.front()));
    QVERIFY2(table.titles.at(1).contains("mV"), qPrintable(table.titles.at(1)));
    QVERIFY(table.rows.size() >= 200 && table.rows.size() <= 201);
    QVERIFY(table.rows.front().front() >= 50 && table.rows.back().front() <= 60);
    const Cell& cell = window.experiment().neuron.cells.front();
    for (const auto& row : table.rows)
        QCOMPARE(row.at(1), window.history().valueAt(cell.id, "v_mv", row.front()));
}

void TestExport::theRecordingAsNpy()
{
    WindowFixture window;
    window.live().setSpeed(1000);
    QTRY_VERIFY(window.last_ms() > 60);
    window.press(Qt::Key_Space);
    window.untilStill();
    window.answer = window.file("all.npy");
    window->exports().exportRecording();
    QTRY_VERIFY(QFile::exists(window.answer));
    const QByteArray bytes = readBytes(window.answer);
    QVERIFY(bytes.startsWith("\x93NUMPY"));
    const int columns = static_cast<int>(window.history().layout()->columns.size()) + 1;
    const auto rows = static_cast<int>(std::lround(window.last_ms() / 0.05)) + 1;
    const QByteArray head = bytes.left(bytes.indexOf('\n') + 1);
    QVERIFY2(head.contains(QByteArray("'shape': (") + QByteArray::number(rows)), head.constData());
    QCOMPARE(bytes.size() - head.size(), qsizetype(8) * columns * rows);
    double second_ms = 0;
    std::memcpy(&second_ms, bytes.constData() + head.size() + 8 * columns, 8);
    QCOMPARE(second_ms, 0.05);
}

void TestExport::theWholeRunEqualsTheEngine()
{
    WindowFixture window;
    QTRY_VERIFY(window.last_ms() > 5); // the live run is elsewhere and does not matter
    window.answer = window.file("run.csv");
    window->exports().exportWholeRun();
    QTRY_VERIFY(QFile::exists(window.answer));
    const Table table = readCsv(window.answer);
    std::vector<double> expected;
    run(window.experiment().neuron, {}, [&](const TraceBlock& block) {
        expected.insert(expected.end(), block.values.begin(), block.values.begin() + block.count);
    });
    QCOMPARE(static_cast<std::size_t>(table.rows.size()), expected.size());
    for (std::size_t k = 0; k < expected.size(); ++k)
        QCOMPARE(table.rows.at(static_cast<qsizetype>(k)).at(1), expected[k]);
    QVERIFY(std::abs(table.rows.back().front() - window.experiment().neuron.duration_ms()) < 1e-6);
}

void TestExport::aLongExportShowsProgressAndIsCancelled()
{
    WindowFixture window;
    Experiment experiment = firstExperiment();
    experiment.neuron.simulation.set(simulation::duration_ms, 1e6);
    window.document().edit(experiment, "Long");
    window.answer = window.file("long.csv");
    writeBytes(window.answer, "older");
    window->exports().exportWholeRun();
    QVERIFY(window->exports().isBusy());
    const QString first = window->messages().text("export");
    QTRY_VERIFY(window->messages().text("export") != first); // a sentence of the run has come
    window->exports().exportWholeRun();
    QVERIFY(window->messages().has("export-busy")); // one at a time, and said
    QTest::mouseClick(window->messages().button("export", "Cancel"), Qt::LeftButton);
    QTRY_VERIFY(!window->exports().isBusy());
    QVERIFY(window->messages().text("export").contains("cancelled"));
    QCOMPARE(readBytes(window.answer), QByteArray("older"));
}

void TestExport::anErrorLeavesNoFile()
{
    WindowFixture window;
    QTRY_VERIFY(window.last_ms() > 5);
    window.answer = window.file("no/such/folder/x.csv");
    window->exports().exportRecording();
    QTRY_VERIFY(window->messages().text("export").contains("failed"));
    Experiment exploding = firstExperiment();
    exploding.neuron.simulation.set("integrator", 0);
    exploding.neuron.simulation.set(simulation::dt_ms, 1);
    exploding.neuron.stimulus.parts.front().values.set("amplitude_ua_per_cm2", 1000);
    window.document().edit(exploding, "Explode");
    window.answer = window.file("exploding.csv");
    window->exports().exportWholeRun();
    QTRY_VERIFY(window->messages().text("export").contains("HH"));
    QVERIFY(!QFile::exists(window.answer));
}

void TestExport::figures_data()
{
    QTest::addColumn<QString>("plot");
    QTest::addColumn<QString>("suffix");
    for (const char* plot : {"", "voltage"})
        for (const char* suffix : {"png", "svg", "pdf"})
            QTest::addRow("%s %s", *plot ? plot : "page", suffix) << plot << suffix;
}

void TestExport::figures()
{
    QFETCH(QString, plot);
    QFETCH(QString, suffix);
    WindowFixture window;
    window.live().setSpeed(1000);
    QTRY_VERIFY(window.last_ms() > 60);
    window.answer = window.file("figure." + suffix);
    window.press(Qt::Key_Space);
    window->exports().exportFigure(plot);
    QVERIFY(window->messages().text("export").contains("figure"));
    const QByteArray bytes = readBytes(window.answer);
    const QString caption = figureCaption(window.experiment());
    for (const Hue cell : {Hue::vermilion, Hue::blue}) {
        const QColor color = hueColor(cell);
        if (suffix == "pdf")
            QVERIFY2(piecesOf(bytes, color) > 100, qPrintable(color.name()));
        else
            QVERIFY2(inkOf(QImage::fromData(bytes, qPrintable(suffix)), color) > inkOfACurve, qPrintable(color.name()));
    }
    if (suffix == "png")
        QCOMPARE(QImage::fromData(bytes).pixelColor(2, 2), QColor(Qt::white));
    else if (suffix == "svg")
        QVERIFY2(wordsOn(bytes).contains(caption), qPrintable(wordsOn(bytes)));
    else
        QVERIFY(bytes.contains("/Title") && bytes.trimmed().endsWith("%%EOF"));
}

void TestExport::aPageWithoutPlotsOverTimeGivesItsFigureAllTheSame()
{
    WindowFixture window;
    window->showLaboratory(cost::key);
    window.answer = window.file("cost.png");
    QTest::qWait(50);
    window->exports().exportFigure();
    for (const Hue network : {Hue::blue, Hue::vermilion})
        QVERIFY(inkOf(QImage(window.answer), hueColor(network)) > inkOfACurve);
}

void TestExport::aFigureThatCannotBeWrittenIsSaid()
{
    WindowFixture window;
    window.answer = window.file("no/such/folder/x.png");
    window.press(Qt::Key_E, Qt::ControlModifier | Qt::ShiftModifier);
    QVERIFY(window->messages().text("export").contains("failed"));
}

void TestExport::theClipboardHoldsThePlots()
{
    WindowFixture window;
    window.live().setSpeed(1000);
    QTRY_VERIFY(window.last_ms() > 60);
    QApplication::clipboard()->clear();
    window.press(Qt::Key_C, Qt::ControlModifier | Qt::ShiftModifier);
    for (const Hue cell : {Hue::vermilion, Hue::blue})
        QVERIFY(inkOf(QApplication::clipboard()->image(), hueColor(cell)) > inkOfACurve);
}

void TestExport::theCaptionNamesWhatDiffers()
{
    Experiment experiment = firstExperiment();
    experiment.neuron.cells.front().parameters.set("g_na_ms_per_cm2", 60);
    experiment.neuron.cells.back().name = std::string("other");
    const QString caption = figureCaption(experiment);
    for (const char* part : {"HH", "60", "other (LIF)", "Step", "0.01 ms"})
        QVERIFY2(caption.contains(part), qPrintable(caption));
    QVERIFY(!caption.contains("36")); // what is as usual is not said
    experiment.neuron.stimulus.parts.assign(1, StimulusPart(*findStimulusKind("white_noise")));
    QVERIFY2(figureCaption(experiment).contains("seed", Qt::CaseInsensitive), qPrintable(figureCaption(experiment)));
}

void TestExport::rendersWithoutADisplay()
{
    const QTemporaryDir folder;
    const auto [picture, table] = renderExperiment(folder.filePath("new/out"), {}, std::nullopt);
    QCOMPARE(picture, folder.filePath("new/out/first-run.png"));
    const QImage image(picture);
    QCOMPARE(image.size(), QSize(1280, 800));
    QCOMPARE(readCsv(table).rows.size(), 4001);
    QSet<QRgb> colours;
    for (int y = 0; y < image.height(); ++y)
        for (int x = 0; x < image.width(); ++x)
            colours.insert(image.pixel(x, y));
    QVERIFY(colours.contains(hueColor(Hue::vermilion).rgb())); // the trace is there
    QVERIFY(colours.contains(hueColor(Hue::blue).rgb()));
}

void TestExport::closingDuringAnExportLeavesNoFile()
{
    auto window = std::make_unique<WindowFixture>();
    Experiment experiment = firstExperiment();
    experiment.neuron.simulation.set(simulation::duration_ms, 1e6);
    window->document().replace(experiment, {});
    window->answer = window->file("long.csv");
    (*window)->exports().exportWholeRun();
    const QString first = (*window)->messages().text("export");
    QTRY_VERIFY((*window)->messages().text("export") != first); // it is under way
    QVERIFY((*window)->exports().isBusy());
    const QString folder = window->own.path();
    QVERIFY((*window)->close());
    window->window.reset();
    QVERIFY(QDir(folder).entryList({"*long*"}, QDir::Files | QDir::Hidden).isEmpty());
}

QTEST_MAIN(TestExport)
#include "tst_export.moc"
