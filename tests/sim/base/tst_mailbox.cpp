#include "sim/base/mailbox.h"

#include <QTest>

#include <memory>
#include <thread>
#include <utility>
#include <vector>

using namespace endospike;

class TestMailbox : public QObject {
    Q_OBJECT
private slots:
    void takesEverythingAndLeavesItFresh()
    {
        struct Mail {
            std::vector<int> numbers;
            int newest = -1;
        };
        Mailbox<Mail> box;
        for (const int i : {1, 2, 3})
            box.put([&](Mail& mail) {
                mail.numbers.push_back(i);
                mail.newest = i;
            });
        const Mail first = box.take();
        QCOMPARE(first.numbers, (std::vector<int>{1, 2, 3}));
        QCOMPARE(first.newest, 3);
        const Mail second = box.take();
        QVERIFY(second.numbers.empty());
        QCOMPARE(second.newest, -1);
    }

    void holdsWhatCannotBeCopied()
    {
        Mailbox<std::unique_ptr<int>> box;
        QVERIFY(!box.take());
        box.put([](std::unique_ptr<int>& mail) { mail = std::make_unique<int>(7); });
        QCOMPARE(*box.take(), 7);
    }

    /// Several workers write while the window takes: nothing is lost or torn, and each one's letters stay in order.
    void nothingIsLostBetweenThreads()
    {
        constexpr int writers = 3, letters = 20'000;
        struct Mail {
            std::vector<std::pair<int, int>> letters; ///< writer, number
            std::size_t count = 0;
        };
        Mailbox<Mail> box;
        std::vector<int> next(writers, 0);
        {
            std::vector<std::jthread> threads;
            for (int writer = 0; writer < writers; ++writer)
                threads.emplace_back([&box, writer] {
                    for (int i = 0; i < letters; ++i)
                        box.put([&](Mail& mail) {
                            mail.letters.emplace_back(writer, i);
                            ++mail.count;
                        });
                });
            for (std::size_t taken = 0; taken < std::size_t{writers} * letters;) {
                const Mail mail = box.take();
                QCOMPARE(mail.letters.size(), mail.count);
                taken += mail.count;
                for (const auto& [writer, number] : mail.letters)
                    QCOMPARE(number, next[static_cast<std::size_t>(writer)]++);
            }
        }
        QCOMPARE(next, std::vector<int>(writers, letters));
        QCOMPARE(box.take().count, 0u);
    }
};

QTEST_APPLESS_MAIN(TestMailbox)
#include "tst_mailbox.moc"
