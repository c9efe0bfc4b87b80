// The newest value wins: a mailbox with one place, between the window and a worker.
#pragma once

#include "sim/base/mailbox.h"

#include <optional>
#include <utility>

namespace endospike {

template <class T>
class Latest {
public:
    void put(T value)
    {
        m_box.put([&](std::optional<T>& newest) { newest = std::move(value); });
    }

    /// The value put last since the previous take(), if any.
    std::optional<T> take() { return m_box.take(); }

private:
    Mailbox<std::optional<T>> m_box;
};

} // namespace endospike
