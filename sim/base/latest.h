// The newest value wins: a mailbox with one place, between the window and a worker.
#pragma once

#include <mutex>
#include <optional>
#include <utility>

namespace endospike {

template <class T>
class Latest {
public:
    void put(T value)
    {
        const std::lock_guard lock(m_mutex);
        m_value = std::move(value);
    }

    /// The value put last since the previous take(), if any.
    std::optional<T> take()
    {
        const std::lock_guard lock(m_mutex);
        return std::exchange(m_value, std::nullopt);
    }

private:
    std::mutex m_mutex;
    std::optional<T> m_value;
};

} // namespace endospike
