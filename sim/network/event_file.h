// Scalar curves for TensorBoard: a file of records, each
//
//   length (64 bits), masked CRC-32C of the length, data, masked CRC-32C of the data      (all little-endian)
//
// whose data are Event messages in the protocol-buffer encoding (event.proto, summary.proto of TensorFlow): wall_time
// 1, step 2, file_version 3, summary 5 with value 1 of tag 1 and simple_value 2. TensorBoard reads every file whose
// name holds "tfevents".
#pragma once

#include "sim/network/metrics.h"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace endospike {

struct ScalarPoint {
    std::int64_t step = 0;
    double wallTime_s = 0; ///< since 1970
    double value = 0; ///< stored as a 32-bit number
};

struct ScalarSeries {
    std::string tag; ///< "test/accuracy 1"
    std::vector<ScalarPoint> points;
};

/// CRC with the Castagnoli polynomial, as in RFC 3720, B.4.
std::uint32_t crc32c(std::string_view bytes);

/// Written whole or not at all. Throws FileError.
void writeEventFile(const std::string& path, std::span<const ScalarSeries> series);

/// Loss, accuracies, learning rate, speed and each layer's rate against the epochs done; what is not a number is left
/// out. `start_s` is when the training began.
std::vector<ScalarSeries> scalarSeries(std::span<const EpochMetrics> epochs, double start_s);

} // namespace endospike
