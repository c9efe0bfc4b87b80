// Row-major matrices over memory that somebody else owns. For .cpp files of this folder only: it includes Eigen.
#pragma once

#include <Eigen/Core>

#include <algorithm>

namespace endospike {

using RowMatrix = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using MatrixView = Eigen::Map<RowMatrix>;
using ConstMatrixView = Eigen::Map<const RowMatrix>;
using RowView = Eigen::Map<Eigen::RowVectorXf>;
using ConstRowView = Eigen::Map<const Eigen::RowVectorXf>;

/// Splits 0..count into pieces of a length that depends on nothing else.
struct Pieces {
    int total;
    int length;
    int count() const { return (total + length - 1) / length; }
    int begin(int piece) const { return piece * length; }
    int size(int piece) const { return std::min(length, total - begin(piece)); }
};

} // namespace endospike
