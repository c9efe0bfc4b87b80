#include "sim/runs/queue.h"

#include <algorithm>
#include <exception>
#include <mutex>
#include <numeric>
#include <string>
#include <thread>
#include <vector>

namespace endospike {
namespace {

class Queue {
public:
    Queue(std::size_t count, const std::function<void(std::size_t, const JobContext&)>& unit, const JobContext& context,
        const QueueOptions& options)
        : m_unit(unit)
        , m_context(context)
        , m_options(options)
        , m_fractions(count)
    {
    }

    void run()
    {
        const std::stop_callback forward(m_context.stop, [this] { m_stop.request_stop(); });
        {
            std::vector<std::jthread> others;
            for (int i = 1; i < std::min(m_options.atOnce, static_cast<int>(m_fractions.size())); ++i)
                others.emplace_back([this] { work(); });
            work();
        }
        if (m_failure)
            std::rethrow_exception(m_failure);
    }

private:
    void work()
    {
        try {
            for (std::size_t number = take(); number < m_fractions.size(); number = take()) {
                m_unit(number, {m_stop.get_token(), [this, number](double fraction, const std::string& sentence) {
                                    report(number, fraction, sentence);
                                }});
                const std::lock_guard lock(m_mutex);
                m_fractions[number] = 1;
            }
        } catch (...) {
            m_stop.request_stop();
            const std::lock_guard lock(m_mutex);
            if (!m_failure)
                m_failure = std::current_exception();
        }
    }

    std::size_t take()
    {
        const std::lock_guard lock(m_mutex);
        if (m_stop.stop_requested())
            return m_fractions.size();
        const std::size_t number = m_options.next ? m_options.next() : m_next;
        for (; m_next < std::min(number, m_fractions.size()); ++m_next)
            m_fractions[m_next] = 1; // another process has it
        ++m_next;
        return number;
    }

    void report(std::size_t number, double fraction, const std::string& sentence)
    {
        const std::lock_guard lock(m_mutex);
        m_fractions[number] = std::max(0.0, fraction); // negative: not known
        m_context.report(
            std::accumulate(m_fractions.begin(), m_fractions.end(), 0.0) / static_cast<double>(m_fractions.size()),
            sentence);
    }

    const std::function<void(std::size_t, const JobContext&)>& m_unit;
    const JobContext& m_context;
    const QueueOptions& m_options;
    std::stop_source m_stop; ///< of all units, once one has failed
    std::mutex m_mutex; ///< of everything below
    std::vector<double> m_fractions; ///< of every unit
    std::size_t m_next = 0;
    std::exception_ptr m_failure;
};

} // namespace

void runQueue(std::size_t count, const std::function<void(std::size_t number, const JobContext& context)>& unit,
    const JobContext& context, const QueueOptions& options)
{
    Queue(count, unit, context, options).run();
}

} // namespace endospike
