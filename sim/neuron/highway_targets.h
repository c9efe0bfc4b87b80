// The instruction sets worth compiling for: AVX-512, AVX2 with FMA, NEON, and what every machine of the architecture
// has. Must come before any Highway header.
#pragma once

// 0x50: two more variants of AVX-512 that newer versions of Highway name and older ones do not know
#define HWY_DISABLED_TARGETS                                                                                           \
    (HWY_SSSE3 | HWY_SSE4 | HWY_AVX3_DL | 0x50 | HWY_SVE | HWY_SVE2 | HWY_SVE_256 | HWY_SVE2_128 | HWY_RVV)
