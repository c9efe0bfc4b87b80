// Linked into a test, this runs all of it once on each instruction set that vector code is compiled for in a build for
// every processor of the architecture, as far as this processor has it: in a process of its own, before main().
#include "sim/neuron/highway_targets.h"

#include <hwy/targets.h>

#include <cstdio>
#include <cstdlib>
#include <sys/wait.h>
#include <unistd.h>

namespace {

const struct OnEveryInstructionSet {
    OnEveryInstructionSet()
    {
        bool passed = true;
        for (const std::int64_t target : hwy::SupportedAndGeneratedTargets()) {
            std::printf("Instruction set %s\n", hwy::TargetName(target));
            std::fflush(stdout);
            const pid_t child = fork();
            if (child == 0) {
                hwy::SetSupportedTargetsForTest(target);
                return;
            }
            int status = 1;
            if (child > 0)
                waitpid(child, &status, 0);
            passed &= status == 0;
        }
        std::_Exit(passed ? 0 : 1);
    }
} onEveryInstructionSet;

} // namespace
