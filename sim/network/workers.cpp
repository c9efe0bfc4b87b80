#include "sim/network/workers.h"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

namespace endospike {

int processorCount() { return static_cast<int>(std::max(1u, std::thread::hardware_concurrency())); }

struct Workers::Pool {
    explicit Pool(int threads)
    {
        for (int i = 1; i < threads; ++i)
            helpers.emplace_back([this](const std::stop_token& stop) { serve(stop); });
    }

    void serve(const std::stop_token& stop)
    {
        std::uint64_t seen = 0;
        for (;;) {
            std::unique_lock lock(mutex);
            if (!wake.wait(lock, stop, [&] { return round != seen; }))
                return;
            seen = round;
            lock.unlock();
            workOff();
            lock.lock();
            if (--busy == 0)
                idle.notify_one();
        }
    }

    void workOff()
    {
        for (int i = next++; i < count; i = next++) {
            try {
                (*piece)(i);
            } catch (...) {
                const std::scoped_lock lock(mutex);
                if (!failure)
                    failure = std::current_exception();
            }
        }
    }

    void run(int pieces, const std::function<void(int)>& work)
    {
        {
            const std::scoped_lock lock(mutex);
            piece = &work;
            count = pieces;
            next = 0;
            failure = nullptr;
            busy = static_cast<int>(helpers.size());
            ++round;
        }
        wake.notify_all();
        workOff();
        std::unique_lock lock(mutex);
        idle.wait(lock, [&] { return busy == 0; });
        if (failure)
            std::rethrow_exception(failure);
    }

    std::mutex mutex;
    std::condition_variable_any wake;
    std::condition_variable idle;
    std::uint64_t round = 0;
    int busy = 0;
    int count = 0;
    std::atomic<int> next = 0;
    const std::function<void(int)>* piece = nullptr;
    std::exception_ptr failure;
    std::vector<std::jthread> helpers; // last: they end before what they use goes
};

Workers::Workers(int threads)
    : m_pool(std::make_unique<Pool>(std::max(threads, 1)))
{
}

Workers::~Workers() = default;

int Workers::threads() const { return static_cast<int>(m_pool->helpers.size()) + 1; }

void Workers::forEach(int count, const std::function<void(int)>& piece)
{
    if (!m_interruption.stop_possible())
        return forAll(count, piece);
    forAll(count, [&](int i) {
        if (m_interruption.stop_requested())
            throw WorkInterrupted();
        piece(i);
    });
}

void Workers::forAll(int count, const std::function<void(int)>& piece)
{
    if (m_pool->helpers.empty() || count <= 1)
        for (int i = 0; i < count; ++i)
            piece(i);
    else
        m_pool->run(count, piece);
}

} // namespace endospike
