#include "tests/architecture/rules.h"

#include <QDir>
#include <QQueue>
#include <QRegularExpression>
#include <QSet>

#include <algorithm>

namespace endospike {
namespace {

constexpr int mostLines = 600;
constexpr int mostFlatFiles = 14;

/// Each may include those before it.
const QStringList floors = {"sim", "widgets", "app"};

QString floorOf(const QString& path) { return path.section('/', 0, 0); }
/// The first folder below the floor; the floor itself for a file that stands in none.
QString roomOf(const QString& path) { return path.section('/', 0, std::min<qsizetype>(path.count('/') - 1, 1)); }
bool isFlat(const QString& path) { return path.count('/') == 1; }

QStringList matchesOf(const QString& pattern, const QString& text)
{
    static const auto options = QRegularExpression::MultilineOption | QRegularExpression::DotMatchesEverythingOption;
    QStringList found;
    for (auto all = QRegularExpression(pattern, options).globalMatch(text); all.hasNext();) {
        const auto match = all.next();
        found.append(match.captured(match.lastCapturedIndex()).simplified());
    }
    return found;
}

QStringList includesOf(const QString& text) { return matchesOf(R"(^\s*#\s*include\s*["<]([^">]+)[">])", text); }

/// The files of the tree that a file includes, from the root or from where it stands.
QStringList neighboursOf(const QString& path, const SourceTree& tree)
{
    QStringList found;
    for (const QString& include : includesOf(tree[path]))
        for (const QString& file : {include, QDir::cleanPath(path.section('/', 0, -2) + '/' + include)})
            if (tree.contains(file))
                found.append(file);
    return found;
}

/// Without comments and what stands in quotes.
QString codeOf(QString text)
{
    static const QRegularExpression prose(
        R"re(//[^\n]*|/\*.*?\*/|R"(\w*)\(.*?\)\1"|"(?:\\.|[^"\\\n])*"|'(?:\\[^\n]{1,8}?|[^'\\\n])')re",
        QRegularExpression::DotMatchesEverythingOption);
    return text.replace(prose, "\"\"");
}

/// The sentence "FILE VERB WHAT" for each include or piece of code on a floor that is not allowed there.
QStringList foundOn(const QString& floor, const SourceTree& tree, const QString& includes, const QString& code)
{
    QStringList faults;
    for (const auto& [path, text] : tree.asKeyValueRange()) {
        if (floorOf(path) != floor)
            continue;
        for (const QString& include : includesOf(text))
            if (QRegularExpression(QRegularExpression::anchoredPattern(includes)).match(include).hasMatch())
                faults.append(path + " includes " + include);
        for (const QString& word : matchesOf(code, codeOf(text)))
            faults.append(path + " uses " + word);
    }
    faults.removeDuplicates();
    return faults;
}

QStringList upwardArrows(const SourceTree& tree)
{
    QStringList faults;
    for (const QString& path : tree.keys()) {
        const qsizetype floor = floors.indexOf(floorOf(path));
        if (floor < 0)
            continue;
        for (const QString& other : neighboursOf(path, tree)) {
            const qsizetype below = floors.indexOf(floorOf(other));
            if (below < 0 || below > floor)
                faults.append(path + " includes " + other);
        }
    }
    return faults;
}

/// Who includes whom between the rooms of a floor, with the includes that make the arrow.
using Arrows = QMap<QString, QMap<QString, QStringList>>;

Arrows arrowsOf(const SourceTree& tree)
{
    Arrows arrows;
    for (const QString& path : tree.keys())
        for (const QString& other : neighboursOf(path, tree))
            if (floors.contains(floorOf(path)) && floorOf(other) == floorOf(path) && roomOf(other) != roomOf(path))
                arrows[roomOf(path)][roomOf(other)].append(path + " includes " + other);
    return arrows;
}

/// The shortest way from a room back to it: its rooms in order, without the return; empty if there is none.
QStringList circleThrough(const QString& room, const Arrows& arrows)
{
    QMap<QString, QString> cameFrom;
    QQueue<QString> waiting;
    waiting.enqueue(room);
    while (!waiting.isEmpty()) {
        const QString at = waiting.dequeue();
        for (const QString& next : arrows.value(at).keys()) {
            if (next == room) {
                QStringList way = {at};
                while (way.first() != room)
                    way.prepend(cameFrom[way.first()]);
                return way;
            }
            if (!cameFrom.contains(next)) {
                cameFrom[next] = at;
                waiting.enqueue(next);
            }
        }
    }
    return {};
}

QStringList circles(const SourceTree& tree)
{
    const Arrows arrows = arrowsOf(tree);
    QStringList faults;
    for (const QString& room : arrows.keys()) {
        QStringList way = circleThrough(room, arrows);
        if (way.isEmpty())
            continue;
        std::rotate(way.begin(), std::min_element(way.begin(), way.end()), way.end());
        way.append(way.first());
        QString sentence = way.join(" -> ");
        for (qsizetype i = 0; i + 1 < way.size(); ++i)
            sentence += "\n    " + arrows[way[i]][way[i + 1]].join("\n    ");
        faults.append(sentence);
    }
    faults.removeDuplicates(); // found from each of its rooms
    return faults;
}

QStringList qtInSim(const SourceTree& tree)
{
    return foundOn("sim", tree, R"(Q\w+|Qt\w+/.*|q\w+\.h|.*\.moc)", R"(\b(Q_\w+|Q[A-Z]\w*::|qobject_cast)\b)");
}

QStringList printingInSim(const SourceTree& tree)
{
    return foundOn("sim", tree, "iostream|print",
        R"(\b(cout|cerr|clog|v?f?printf|dprintf|f?puts|f?putc|putchar|perror|stdout|stderr|std::print(?:ln)?)\b)");
}

QStringList threadsOrFilesInWidgets(const SourceTree& tree)
{
    return foundOn("widgets", tree,
        "thread|mutex|shared_mutex|future|condition_variable|atomic|semaphore|barrier|latch|fstream|filesystem|"
        "pthread.h|fcntl.h|unistd.h|sim/base/whole_file.h",
        R"((\bstd::(?:j?thread|async|[io]?fstream|filesystem)\b|\b(?:fopen|QThread\w*|QtConcurrent|QRunnable|QMutex\w*|)"
        R"(QSemaphore|QWaitCondition|QReadWriteLock|QFile\w*|QDir\w*|QSaveFile|QTemporary\w+|QLockFile|QProcess|)"
        R"(QSettings|QStandardPaths|save(?:Png|Pdf|Jpg|Bmp|Rastered))\b))");
}

QStringList longFiles(const SourceTree& tree)
{
    QStringList faults;
    for (const auto& [path, text] : tree.asKeyValueRange())
        if (const qsizetype lines = text.count('\n'); lines > mostLines)
            faults.append(path + " has " + QString::number(lines) + " lines");
    return faults;
}

/// A floor is made of rooms; what stands beside them is the few files that join them.
QStringList flatFloors(const SourceTree& tree)
{
    QMap<QString, int> flat;
    for (const QString& path : tree.keys())
        if (isFlat(path) && floors.contains(floorOf(path)))
            ++flat[floorOf(path)];
    QStringList faults;
    for (const auto& [floor, files] : flat.asKeyValueRange())
        if (files > mostFlatFiles)
            faults.append(floor + "/ has " + QString::number(files) + " files that stand in no folder");
    return faults;
}

/// What is tested in tests/FLOOR/ROOM lies in FLOOR/ROOM.
QStringList testsThatDoNotMirror(const SourceTree& tree)
{
    QSet<QString> rooms;
    for (const QString& path : tree.keys())
        if (floors.contains(floorOf(path)) && !isFlat(path))
            rooms.insert(roomOf(path));
    QStringList faults;
    for (const QString& path : tree.keys()) {
        const QString mirrored = path.section('/', 1);
        if (floorOf(path) != "tests" || !floors.contains(floorOf(mirrored)))
            continue;
        const bool test = mirrored.section('/', -1).startsWith("tst_");
        if (isFlat(mirrored) ? test : !rooms.contains(roomOf(mirrored)))
            faults.append(path + " mirrors no folder of the source");
    }
    return faults;
}

constexpr ArchitectureRule rules[] = {
    {"no arrow points upwards", upwardArrows},
    {"no folders lie on a circle", circles},
    {"sim knows no Qt", qtInSim},
    {"sim prints nothing", printingInSim},
    {"widgets starts no thread and opens no file", threadsOrFilesInWidgets},
    {"no file is too long", longFiles},
    {"floors are made of rooms", flatFloors},
    {"tests mirror the source", testsThatDoNotMirror},
};

} // namespace

std::span<const ArchitectureRule> architectureRules() { return rules; }

} // namespace endospike
