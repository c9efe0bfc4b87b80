#include "sim/runs/run_id.h"

#include <cctype>
#include <string_view>

namespace endospike {
namespace {

/// A folder or file name is made of it.
std::string escaped(const std::string& name)
{
    constexpr std::string_view kept = "-.()+";
    constexpr const char* digits = "0123456789ABCDEF";
    std::string result;
    for (const char c : name) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == ' ')
            result += '_';
        else if (byte >= 0x80 || std::isalnum(byte) || (kept.find(c) != kept.npos && !(c == '.' && result.empty())))
            result += c;
        else
            result += {'%', digits[byte >> 4], digits[byte & 15]};
    }
    return result;
}

} // namespace

std::string RunId::label() const { return network + ", seed " + std::to_string(seed); }

std::string RunId::folderName() const { return escaped(network) + "-seed" + std::to_string(seed); }

} // namespace endospike
