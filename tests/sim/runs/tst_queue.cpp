#include "sim/runs/queue.h"

#include <QTest>

#include <atomic>
#include <latch>
#include <mutex>
#include <stdexcept>
#include <thread>
#include <utility>
#include <vector>

using namespace endospike;

using Numbers = std::vector<std::size_t>;

class TestQueue : public QObject {
    Q_OBJECT
private slots:
    void oneAfterTheOther()
    {
        Numbers done;
        const auto here = std::this_thread::get_id();
        bool elsewhere = false;
        runQueue(4,
            [&](std::size_t number, const JobContext&) {
                done.push_back(number);
                elsewhere = elsewhere || std::this_thread::get_id() != here;
            },
            {});
        QCOMPARE(done, (Numbers{0, 1, 2, 3}));
        QVERIFY(!elsewhere);
    }

    void severalAtOnce()
    {
        std::latch together(3); // nobody passes before three units are under way
        std::vector<std::atomic<int>> calls(7);
        runQueue(calls.size(),
            [&](std::size_t number, const JobContext&) {
                if (calls[number]++ == 0 && number < 3)
                    together.arrive_and_wait();
            },
            {}, {3, {}});
        for (const auto& count : calls)
            QCOMPARE(count.load(), 1);
    }

    void noUnits()
    {
        runQueue(0, [](std::size_t, const JobContext&) { QFAIL("there is none"); }, {}, {4, {}});
    }

    void progressIsThatOfTheWhole()
    {
        std::vector<std::pair<double, std::string>> reports;
        JobContext context;
        context.progress = [&](double fraction, const std::string& sentence) {
            reports.emplace_back(fraction, sentence);
        };
        runQueue(
            4,
            [](std::size_t number, const JobContext& part) {
                part.report(0.5, std::to_string(number));
                if (number == 2)
                    part.report(-1, "unknown");
            },
            context);
        const std::vector<std::pair<double, std::string>> expected{
            {0.125, "0"}, {0.375, "1"}, {0.625, "2"}, {0.5, "unknown"}, {0.875, "3"}};
        QCOMPARE(reports, expected);
    }

    /// As if another process had taken 0, 2 and 3.
    void sharedWithOthers()
    {
        Numbers given{1, 4, 5}, done;
        std::vector<double> fractions;
        JobContext context;
        context.progress = [&](double fraction, const std::string&) { fractions.push_back(fraction); };
        auto next = given.begin();
        runQueue(5,
            [&](std::size_t number, const JobContext& part) {
                done.push_back(number);
                part.report(0.5, {});
            },
            context, {1, [&] { return *next++; }});
        QCOMPARE(done, (Numbers{1, 4}));
        QCOMPARE(fractions, (std::vector<double>{0.3, 0.9}));
        QVERIFY(next == given.end());
    }

    void stopped()
    {
        std::stop_source stop;
        JobContext context;
        context.stop = stop.get_token();
        Numbers done;
        const auto unit = [&](std::size_t number, const JobContext& part) {
            done.push_back(number);
            QVERIFY(!part.stop.stop_requested());
            if (number == 1)
                stop.request_stop();
            QCOMPARE(part.stop.stop_requested(), number == 1);
        };
        runQueue(4, unit, context);
        QCOMPARE(done, (Numbers{0, 1}));
        runQueue(4, unit, context);
        QCOMPARE(done.size(), 2u);
    }

    void firstFailureStopsTheOthers()
    {
        std::latch together(2);
        std::mutex mutex;
        Numbers begun;
        bool told = false;
        const auto unit = [&](std::size_t number, const JobContext& part) {
            {
                const std::lock_guard lock(mutex);
                begun.push_back(number);
            }
            together.arrive_and_wait();
            if (number == 0)
                throw std::runtime_error("the first");
            while (!part.stop.stop_requested())
                std::this_thread::yield();
            told = true;
            throw std::runtime_error("the second");
        };
        try {
            runQueue(9, unit, {}, {2, {}});
            QFAIL("nothing was thrown");
        } catch (const std::runtime_error& error) {
            QCOMPARE(error.what(), "the first");
        }
        QVERIFY(told);
        QCOMPARE(begun.size(), 2u);
    }
};

QTEST_APPLESS_MAIN(TestQueue)
#include "tst_queue.moc"
