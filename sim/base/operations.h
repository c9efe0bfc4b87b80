// Additions and multiplications.
#pragma once

namespace endospike {

struct OperationCount {
    double additions = 0;
    double multiplications = 0;
    double total() const { return additions + multiplications; }
};

} // namespace endospike
