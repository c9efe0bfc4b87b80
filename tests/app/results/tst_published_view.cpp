#include "app/results/trainings_view.h"
#include "sim/base/document_json.h"
#include "sim/document/laboratory.h"
#include "sim/document/plan_laboratories.h"
#include "sim/network/training_plan.h"
#include "widgets/plot/dot_plot.h"

#include <QFile>
#include <QLabel>
#include <QPushButton>
#include <QTableWidget>
#include <QTemporaryDir>
#include <QTest>

using namespace endospike;

class TestPublishedView : public QObject {
    Q_OBJECT

    QTemporaryDir m_folder;

    static Experiment experiment(double learningRate)
    {
        Experiment document(*findLaboratory(training::key));
        document.title = "measured";
        document.training.settings.set(training::seeds, 2);
        for (const char* kind : {"lif_fc", "hh_fc"})
            document.training.networks.emplace_back(*findNetworkKind(kind));
        document.training.networks[0].parameters.set("learning_rate", learningRate);
        return document;
    }
    static Json setting(const char* name, double learningRate, double lif, double hh)
    {
        Json runs = Json::array();
        for (const auto& [network, accuracy] : {std::pair("LIF fc", lif), std::pair("HH fc (published)", hh)})
            for (int seed = 1; seed <= 2; ++seed)
                runs.push_back({{"network", network}, {"seed", seed}, {"epochs", 40},
                    {"test_accuracy", {accuracy, accuracy - 0.03}}, {"best_test_accuracy", {accuracy, accuracy}},
                    {"test_loss", 1.5}, {"seconds", 100}});
        return {{"setting", name}, {"document", Json::parse(toJson(experiment(learningRate)))}, {"runs", runs}};
    }
    QString file()
    {
        const Json json{{"format", "endospike-training-results"}, {"version", 1}, {"program", "Endospike 0.4"},
            {"date", "2026-11-24"}, {"machine", "two <cores>"}, {"command", "train"},
            {"settings", {setting("as_published", 1e-4, 0.69, 0.80), setting("own_best", 1e-3, 0.85, 0.83)}}};
        const QString path = m_folder.filePath("results.json");
        QFile written(path);
        if (!written.open(QIODevice::WriteOnly) || written.write(QByteArray::fromStdString(json.dump())) < 0)
            qFatal("cannot write");
        return path;
    }

private slots:
    void withoutAFileItSaysSo()
    {
        PublishedView view(m_folder.filePath("none.json"), NetworkForm::fullyConnected);
        QVERIFY(!view.hasResults());
        QVERIFY(view.introLabel()->text().contains("No measured results are included"));
        QVERIFY(!view.table()->isVisibleTo(&view));
        view.grab();
    }

    void aBrokenFileIsNamed()
    {
        const QString path = m_folder.filePath("broken.json");
        QFile broken(path);
        QVERIFY(broken.open(QIODevice::WriteOnly));
        broken.write("{\"format\": 1}");
        broken.close();
        PublishedView view(path, NetworkForm::fullyConnected);
        QVERIFY(!view.hasResults());
        QVERIFY(view.introLabel()->text().contains("cannot be read"));
        QVERIFY(view.introLabel()->text().contains("format"));
    }

    void everySeedIsADotAndEveryNetworkARow()
    {
        PublishedView view(file(), NetworkForm::fullyConnected);
        QVERIFY(view.hasResults());
        QCOMPARE(view.table()->rowCount(), 4);
        for (const ResultSetting which : {ResultSetting::asPublished, ResultSetting::ownBest}) {
            QCOMPARE(view.dots(which)->rows().size(), std::size_t{2});
            for (const DotRow& row : view.dots(which)->rows())
                QCOMPARE(row.values[0].size(), std::size_t{2});
        }
        QCOMPARE(view.dots(ResultSetting::asPublished)->fullX().lower, // settings are compared by eye
            view.dots(ResultSetting::ownBest)->fullX().lower);
        QCOMPARE(view.dots(ResultSetting::ownBest)->rows()[0].values[1][0], 82.0);
        QVERIFY(view.introLabel()->text().contains("two &lt;cores&gt;"));
        QVERIFY(view.introLabel()->text().contains("60000 training pairs, 40 epochs, 2 seeds."));
    }

    void whatDiffersFromTheDefaultIsSaid()
    {
        PublishedView view(file(), NetworkForm::fullyConnected);
        const int last = view.table()->columnCount() - 1;
        QCOMPARE(view.table()->item(0, last)->text(), QString("–"));
        QVERIFY(view.table()->item(2, last)->text().contains("0.001"));
    }

    void verdictsFollowTheNumbers()
    {
        PublishedView view(file(), NetworkForm::fullyConnected);
        const QString text = view.claimsLabel()->text();
        QVERIFY(text.contains("HH fc (published) above LIF fc"));
        QVERIFY(text.contains("✓ holds: +11.0 / +11.0 points"));
        QVERIFY(text.contains(QStringLiteral("✗ does not hold: −2.0 / −2.0 points")));
        QVERIFY(text.contains("As published: 1 of 1 orderings hold"));
        QVERIFY(text.contains("Each network at its own best: 0 of 1 orderings hold"));
        QVERIFY(!text.contains("4LIF"));
    }

    void theExperimentCanBeOpened()
    {
        PublishedView view(file(), NetworkForm::fullyConnected);
        view.resize(1100, 700);
        view.show();
        std::optional<Experiment> opened;
        connect(
            &view, &PublishedView::experimentWanted, this, [&](const Experiment& experiment) { opened = experiment; });
        QTest::mouseClick(view.openButton(ResultSetting::ownBest), Qt::LeftButton);
        QVERIFY(opened);
        QCOMPARE(*opened, experiment(1e-3));
    }
};

QTEST_MAIN(TestPublishedView)
#include "tst_published_view.moc"
