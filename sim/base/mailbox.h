// What a worker leaves for the window: a value that grows under a lock, and is taken all at once.
#pragma once

#include <mutex>
#include <utility>

namespace endospike {

template <class Mail>
class Mailbox {
public:
    /// Calls `add` with what has not been taken yet.
    template <class Add>
    void put(const Add& add)
    {
        const std::lock_guard lock(m_mutex);
        add(m_mail);
    }

    /// All that was put since the previous take(); a fresh Mail if there is none.
    Mail take()
    {
        const std::lock_guard lock(m_mutex);
        return std::exchange(m_mail, Mail{});
    }

private:
    std::mutex m_mutex;
    Mail m_mail{};
};

} // namespace endospike
