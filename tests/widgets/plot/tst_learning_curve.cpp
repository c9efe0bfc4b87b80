#include "widgets/plot/learning_curve.h"

#include <QTest>

#include <cmath>
#include <map>
#include <random>

using namespace endospike;

class TestLearningCurve : public QObject {
    Q_OBJECT

private slots:
    void keepsAStraightLine()
    {
        QVector<QPointF> points;
        double x = 1e4; // far from zero, unevenly spaced
        for (int i = 0; i < 500; ++i) {
            x += i % 7 == 0 ? 0.3 : 0.01;
            points.append({x, 3 - 0.25 * (x - 1e4)});
        }
        const QVector<QPointF> line = smoothed(points, 0.5);
        QCOMPARE(line.size(), points.size());
        for (qsizetype i = 0; i < points.size(); ++i) {
            QCOMPARE(line[i].x(), points[i].x());
            QVERIFY2(std::abs(line[i].y() - points[i].y()) < 1e-9, qPrintable(QString::number(i)));
        }
    }

    void isTheLeastSquaresLineOfItsWindow()
    {
        std::mt19937 random(3);
        std::normal_distribution<double> noise;
        QVector<QPointF> points;
        for (int i = 0; i < 60; ++i)
            points.append({i / 20.0, noise(random)});
        const QVector<QPointF> line = smoothed(points, 1);
        for (const qsizetype at : {0, 5, 30, 59}) {
            double n = 0, mx = 0, my = 0, xx = 0, xy = 0;
            for (const QPointF& p : points)
                if (std::abs(p.x() - points[at].x()) <= 0.5) {
                    ++n;
                    mx += p.x();
                    my += p.y();
                }
            mx /= n;
            my /= n;
            for (const QPointF& p : points)
                if (std::abs(p.x() - points[at].x()) <= 0.5) {
                    xx += (p.x() - mx) * (p.x() - mx);
                    xy += (p.x() - mx) * (p.y() - my);
                }
            QVERIFY(std::abs(line[at].y() - (my + xy / xx * (points[at].x() - mx))) < 1e-12);
        }
    }

    void noiseFallsWithTheRootOfTheWindow()
    {
        std::mt19937 random(5);
        std::normal_distribution<double> noise;
        QVector<QPointF> points;
        for (int i = 0; i < 20000; ++i)
            points.append({i / 100.0, noise(random)});
        const QVector<QPointF> line = smoothed(points, 1); // 101 points
        double square = 0;
        for (const QPointF& p : line)
            square += p.y() * p.y() / static_cast<double>(line.size());
        QVERIFY2(std::abs(std::sqrt(square * 101) - 1) < 0.1, qPrintable(QString::number(std::sqrt(square * 101))));
    }

    void fewPointsStayAsTheyAre()
    {
        for (const QVector<QPointF>& points :
            {QVector<QPointF>{}, {{1, 2}}, {{1, 2}, {3, 9}}, {{0, 1}, {5, 2}, {9, 7}}})
            QCOMPARE(smoothed(points, 0.5), points);
        const QVector<QPointF> same{{1, 1}, {1, 2}, {1, 6}}; // one x: their mean
        for (const QPointF& p : smoothed(same, 1))
            QCOMPARE(p.y(), 3.0);
    }

    void theWindowFollowsTheTraining()
    {
        QCOMPARE(smoothingWidth({}), 0.1);
        QCOMPARE(smoothingWidth({{0, 0}, {1, 0}}), 0.1);
        QCOMPARE(smoothingWidth({{0, 0}, {10, 0}}), 0.4);
        QCOMPARE(smoothingWidth({{0, 0}, {400, 0}}), 1.0);
    }

    void thinningKeepsExtremesAndOrder()
    {
        std::mt19937 random(7);
        std::uniform_real_distribution<double> value(0, 100);
        QPolygonF points;
        for (int i = 0; i < 30000; ++i)
            points << QPointF(i / 50.0, value(random)); // 600 columns
        const QPolygonF kept = thinned(points);
        QVERIFY(kept.size() <= 4 * 600);
        QCOMPARE(kept.front(), points.front());
        QCOMPARE(kept.back(), points.back());
        std::map<int, std::pair<double, double>> all, some;
        const auto ranges = [](const QPolygonF& from, std::map<int, std::pair<double, double>>& to) {
            for (const QPointF& p : from) {
                auto& range = to.try_emplace(static_cast<int>(p.x()), p.y(), p.y()).first->second;
                range = {std::min(range.first, p.y()), std::max(range.second, p.y())};
            }
        };
        ranges(points, all);
        ranges(kept, some);
        QCOMPARE(some, all);
        QVERIFY(std::is_sorted(kept.begin(), kept.end(), [](QPointF a, QPointF b) { return a.x() < b.x(); }));
    }

    void spacingKeepsBothEnds()
    {
        QPolygonF points;
        for (int i = 0; i <= 1001; ++i)
            points << QPointF(i / 10.0, i);
        const QPolygonF kept = spaced(points, 2);
        QCOMPARE(kept.front(), points.front());
        QCOMPARE(kept.back(), points.back());
        QVERIFY(kept.size() >= 50 && kept.size() <= 52);
        for (qsizetype i = 1; i + 1 < kept.size(); ++i)
            QVERIFY(kept[i].x() - kept[i - 1].x() >= 2);
        QVERIFY(spaced({}, 2).isEmpty());
    }

    void thinningLeavesFewPointsAlone()
    {
        const QPolygonF points{{{-3.5, 1}, {0.2, 2}, {0.4, 3}, {7, 1}}};
        QCOMPARE(thinned(points), points);
        QVERIFY(thinned({}).isEmpty());
    }
};

QTEST_APPLESS_MAIN(TestLearningCurve)
#include "tst_learning_curve.moc"
