#include "app/window/main_window.h"
#include "app/window/message_bar.h"
#include "app/window/render.h"
#include "endospike_version.h"

#include <QApplication>
#include <QCommandLineParser>

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <optional>
#include <string_view>

using namespace endospike;

namespace {

void prepareEnvironment(int argc, char** argv)
{
    // Decided before QApplication, which chooses the platform.
    constexpr std::string_view windowless[] = {"--render", "--help", "-h", "--version", "-v"};
    for (int i = 1; i < argc; ++i)
        for (const std::string_view option : windowless)
            if (std::string_view(argv[i]).starts_with(option))
                qputenv("QT_QPA_PLATFORM", "offscreen");
    const auto isSet = [](const char* name) { return !qEnvironmentVariableIsEmpty(name); };
    if (!isSet("DISPLAY") && !isSet("WAYLAND_DISPLAY") && !isSet("QT_QPA_PLATFORM")) {
        std::fputs(
            "endospike: there is no display here. To draw the first experiment to files: endospike --render FOLDER\n",
            stderr);
        std::exit(2);
    }
    QCoreApplication::setApplicationName(QStringLiteral("endospike"));
    QCoreApplication::setApplicationVersion(QStringLiteral(ENDOSPIKE_VERSION));
    QGuiApplication::setApplicationDisplayName(QStringLiteral("Endospike"));
    QGuiApplication::setHighDpiScaleFactorRoundingPolicy(Qt::HighDpiScaleFactorRoundingPolicy::PassThrough);
}

int render(const QString& folder, const QString& document, std::optional<ThemeKind> theme)
{
    try {
        const auto [picture, table] = renderExperiment(folder, document, theme);
        std::printf("%s\n%s\n", qPrintable(picture), qPrintable(table));
        return 0;
    } catch (const std::exception& error) {
        std::fprintf(stderr, "endospike: %s\n", error.what());
        return 3;
    }
}

} // namespace

int main(int argc, char** argv)
{
    prepareEnvironment(argc, argv);
    QApplication app(argc, argv);

    QCommandLineParser parser;
    parser.setApplicationDescription(QStringLiteral("A laboratory for neurons with internal complexity."));
    parser.addHelpOption();
    parser.addVersionOption();
    const QCommandLineOption themeOption(
        "theme", "Colours and sizes for this session: light, dark or projector.", "name");
    const QCommandLineOption renderOption("render",
        "Open no window; write the window's picture and the run's table (first-run.png, first-run.csv) into FOLDER.",
        "folder");
    parser.addOptions({themeOption, renderOption});
    parser.addPositionalArgument("file", "An experiment, a trained network or a policy to open.", "[file]");
    parser.process(app);

    std::optional<ThemeKind> theme;
    if (parser.isSet(themeOption)) {
        bool known = false;
        theme = Settings::themeFromName(parser.value(themeOption), &known);
        if (!known) {
            std::fprintf(stderr, "endospike: the theme \"%s\" is none of light, dark, projector\n",
                qPrintable(parser.value(themeOption)));
            return 2;
        }
    }
    const QString file = parser.positionalArguments().value(0);
    if (parser.isSet(renderOption))
        return render(parser.value(renderOption), file, theme);

    MainWindow window;
    if (theme)
        window.setTheme(*theme, false);
    window.show();
    window.start();
    if (!file.isEmpty())
        window.openPath(file);
    return QApplication::exec();
}
