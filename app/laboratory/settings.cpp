#include "app/laboratory/settings.h"

#include <QDir>
#include <QFileInfo>
#include <QStandardPaths>

#include <cmath>

namespace endospike {

Surroundings Surroundings::standard()
{
    const QString data = QStandardPaths::writableLocation(QStandardPaths::AppDataLocation);
    return {QStandardPaths::writableLocation(QStandardPaths::AppConfigLocation) + QStringLiteral("/settings.ini"),
        data + QStringLiteral("/recovery"), data + QStringLiteral("/runs")};
}

Settings::Settings(const QString& file)
    : m_settings(file, QSettings::IniFormat)
{
}

QString Settings::themeName(ThemeKind kind)
{
    switch (kind) {
    case ThemeKind::dark:
        return QStringLiteral("dark");
    case ThemeKind::projector:
        return QStringLiteral("projector");
    case ThemeKind::light:
        break;
    }
    return QStringLiteral("light");
}

ThemeKind Settings::themeFromName(const QString& name, bool* known)
{
    for (const ThemeKind kind : {ThemeKind::light, ThemeKind::dark, ThemeKind::projector}) {
        if (themeName(kind) == name) {
            if (known)
                *known = true;
            return kind;
        }
    }
    if (known)
        *known = false;
    return ThemeKind::light;
}

ThemeKind Settings::theme() const { return themeFromName(m_settings.value("theme").toString()); }

void Settings::setTheme(ThemeKind kind) { m_settings.setValue("theme", themeName(kind)); }

QStringList Settings::recentFiles() const { return m_settings.value("recentFiles").toStringList(); }

void Settings::addRecentFile(const QString& path)
{
    QStringList files = recentFiles();
    const QString whole = QFileInfo(path).absoluteFilePath();
    files.removeAll(whole);
    files.prepend(whole);
    while (files.size() > maximumRecentFiles)
        files.removeLast();
    m_settings.setValue("recentFiles", files);
}

void Settings::removeRecentFile(const QString& path)
{
    QStringList files = recentFiles();
    files.removeAll(path);
    m_settings.setValue("recentFiles", files);
}

void Settings::clearRecentFiles() { m_settings.remove("recentFiles"); }

QString Settings::lastFolder() const
{
    const QString folder = m_settings.value("lastFolder").toString();
    return !folder.isEmpty() && QDir(folder).exists()
        ? folder
        : QStandardPaths::writableLocation(QStandardPaths::DocumentsLocation);
}

void Settings::setLastFolder(const QString& folder) { m_settings.setValue("lastFolder", folder); }

double Settings::number(const QString& key, double otherwise) const
{
    bool understood = false;
    const double value = m_settings.value(key).toDouble(&understood);
    return understood && std::isfinite(value) ? value : otherwise;
}

} // namespace endospike
