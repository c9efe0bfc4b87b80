// Without libFuzzer: feeds a fuzz target every file of its corpus, then mutations of them, the same ones each time.
//   replay_target SECONDS FILE_OR_FOLDER...
#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

std::string g_current; // what is being tried, for the report of a crash

void tryOne(const std::string& bytes)
{
    g_current = bytes;
    LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
}

class Mutator {
public:
    explicit Mutator(std::vector<std::string> corpus)
        : m_corpus(std::move(corpus))
    {
    }

    std::string next()
    {
        std::string bytes = pick();
        for (std::size_t edits = 1 + below(4); edits > 0; --edits)
            edit(bytes);
        return bytes;
    }

private:
    std::size_t below(std::size_t bound) { return bound == 0 ? 0 : m_random() % bound; }
    const std::string& pick() { return m_corpus[below(m_corpus.size())]; }

    void edit(std::string& bytes)
    {
        static constexpr std::array words = {"NaN", "null", "true", "1e999", "-1", "0", "1e-320",
            "18446744073709551616", "\"\"", "[]", "{}", "[", "{", "\"", "\\u0000", ",", ":", ";", "\n", "\xff", "inf"};
        const std::size_t at = below(bytes.size() + 1);
        const std::size_t length = below(std::min<std::size_t>(bytes.size() - at, 40) + 1);
        switch (below(6)) {
        case 0:
            bytes.resize(at);
            break;
        case 1:
            bytes.erase(at, length);
            break;
        case 2:
            bytes.replace(at, length, words[below(words.size())]);
            break;
        case 3:
            bytes.insert(at, bytes.substr(at, length));
            break;
        case 4:
            bytes.insert(at, pick().substr(0, below(400)));
            break;
        default:
            if (at < bytes.size())
                bytes[at] = static_cast<char>(below(256));
        }
    }

    std::vector<std::string> m_corpus;
    std::mt19937 m_random{20240624};
};

std::vector<std::string> readCorpus(int count, char** paths)
{
    std::vector<std::string> corpus = {""};
    const auto add = [&](const std::filesystem::path& path) {
        std::ifstream file(path, std::ios::binary);
        corpus.emplace_back(std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>());
    };
    for (int i = 0; i < count; ++i) {
        if (!std::filesystem::is_directory(paths[i])) {
            add(paths[i]);
            continue;
        }
        std::vector<std::filesystem::path> files(std::filesystem::directory_iterator(paths[i]), {});
        std::sort(files.begin(), files.end());
        for (const auto& file : files)
            add(file);
    }
    return corpus;
}

} // namespace

int main(int argc, char** argv)
{
    if (argc < 3)
        return 2;
    std::set_terminate([] {
        std::fprintf(stderr, "an input was answered with the wrong kind of exception:\n%.2000s\n", g_current.c_str());
        std::abort();
    });
    const std::vector<std::string> corpus = readCorpus(argc - 2, argv + 2);
    for (const std::string& bytes : corpus)
        tryOne(bytes);
    Mutator mutator(corpus);
    long tried = 0;
    const auto end = std::chrono::steady_clock::now() + std::chrono::duration<double>(std::atof(argv[1]));
    for (; std::chrono::steady_clock::now() < end; ++tried)
        tryOne(mutator.next());
    std::printf("%zu files and %ld mutations of them\n", corpus.size(), tried);
    return tried > 0 ? 0 : 1;
}
