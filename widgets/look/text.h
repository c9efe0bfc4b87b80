// From the engine's UTF-8 text to Qt's.
#pragma once

#include <QString>

#include <string_view>

namespace endospike {

inline QString qstring(std::string_view text)
{
    return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
}

} // namespace endospike
