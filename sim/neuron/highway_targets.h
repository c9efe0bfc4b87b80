// The instruction sets worth compiling for: AVX-512, AVX2 with FMA, NEON, and what every machine of the architecture
// has. Must come before any Highway header. The first three fuse products with sums where the code says MulAdd, and
// give the same bits; the last rounds the product first, as it does not have such an instruction. In Highway before
// 1.0.5, and with g++ before 12.3, it knows no vectors on x86-64: a vector is one number (HWY_SCALAR), and what moves
// numbers between lanes does not exist. tests/sim/tst_instruction_sets.cpp compares them.
#pragma once

// 0x50: two more variants of AVX-512 that newer versions of Highway name and older ones do not know
#define HWY_DISABLED_TARGETS                                                                                           \
    (HWY_SSSE3 | HWY_SSE4 | HWY_AVX3_DL | 0x50 | HWY_SVE | HWY_SVE2 | HWY_SVE_256 | HWY_SVE2_128 | HWY_RVV)
