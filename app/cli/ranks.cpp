#include "app/cli/ranks.h"

#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <stdexcept>
#include <string>
#include <thread>

#ifdef ENDOSPIKE_MPI
#include <mpi.h>
#endif

namespace endospike {
namespace {

/// What mpirun says to the processes that it starts; 1 without it.
int environmentNumber(const char* name)
{
    const char* text = std::getenv(name);
    const int number = text ? std::atoi(text) : 1;
    return number > 0 ? number : 1;
}

} // namespace

#ifdef ENDOSPIKE_MPI

/// A number that lives in the first process; all others add to it there.
struct Ranks::Shared {
    Shared()
    {
        MPI_Init(nullptr, nullptr);
        MPI_Comm_size(MPI_COMM_WORLD, &count);
        MPI_Comm_rank(MPI_COMM_WORLD, &rank);
        MPI_Win_allocate(rank == 0 ? sizeof(std::uint64_t) : 0, sizeof(std::uint64_t), MPI_INFO_NULL, MPI_COMM_WORLD,
            &number, &window);
        MPI_Win_lock_all(MPI_MODE_NOCHECK, window);
        const std::uint64_t zero = 0;
        if (rank == 0)
            MPI_Put(&zero, 1, MPI_UINT64_T, 0, 0, 1, MPI_UINT64_T, window);
        MPI_Win_flush_all(window);
        MPI_Barrier(MPI_COMM_WORLD);
    }
    ~Shared()
    {
        MPI_Win_unlock_all(window);
        MPI_Win_free(&window);
        MPI_Finalize();
    }

    int count = 1;
    int rank = 0;
    std::uint64_t* number = nullptr;
    MPI_Win window{};
};

std::size_t Ranks::next()
{
    if (!m_shared)
        return m_next++;
    const std::uint64_t one = 1;
    std::uint64_t before = 0;
    MPI_Fetch_and_op(&one, &before, MPI_UINT64_T, 0, 0, MPI_SUM, m_shared->window);
    MPI_Win_flush(0, m_shared->window);
    return before;
}

void Ranks::waitForAll(const std::function<void()>& meanwhile)
{
    if (!m_shared)
        return;
    // A plain barrier would keep a processor busy.
    MPI_Request request;
    MPI_Ibarrier(MPI_COMM_WORLD, &request);
    for (int all = 0; !all;) {
        MPI_Test(&request, &all, MPI_STATUS_IGNORE);
        if (!all)
            std::this_thread::sleep_for(std::chrono::milliseconds(100));
        meanwhile();
    }
}

Ranks::Ranks()
    : m_shared(environmentNumber("OMPI_COMM_WORLD_SIZE") > 1 ? std::make_unique<Shared>() : nullptr)
{
}

#else

struct Ranks::Shared {
    int count = 1;
    int rank = 0;
};

std::size_t Ranks::next() { return m_next++; }

void Ranks::waitForAll(const std::function<void()>&) { }

Ranks::Ranks()
{
    if (environmentNumber("OMPI_COMM_WORLD_SIZE") > 1)
        throw std::runtime_error("this program was built without Open MPI, so that mpirun would repeat the same work; "
                                 "install libopenmpi-dev and build again, or run without mpirun");
}

#endif

Ranks::~Ranks() = default;

int Ranks::count() const { return m_shared ? m_shared->count : 1; }

bool Ranks::first() const { return !m_shared || m_shared->rank == 0; }

int Ranks::onThisMachine() const { return m_shared ? environmentNumber("OMPI_COMM_WORLD_LOCAL_SIZE") : 1; }

} // namespace endospike
