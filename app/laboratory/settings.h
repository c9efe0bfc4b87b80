// What is kept between starts: theme, layout, recent files. One ini file, so that tests can use their own.
#pragma once

#include "app/laboratory/file_chooser.h"
#include "widgets/look/theme.h"

#include <QSettings>
#include <QString>
#include <QStringList>

namespace endospike {

/// Where the program keeps what belongs to the person who uses it, and how it asks for a file.
struct Surroundings {
    QString settingsFile;
    QString recoveryFolder;
    QString runsFolder = {}; ///< of trainings; empty: none are kept
    FileChooser chooseFile = chooseFileInDialog;

    static Surroundings standard();
};

class Settings {
public:
    explicit Settings(const QString& file);

    ThemeKind theme() const;
    void setTheme(ThemeKind kind);
    static QString themeName(ThemeKind kind); ///< "light", "dark", "projector"
    /// Light for a name that is not one.
    static ThemeKind themeFromName(const QString& name, bool* known = nullptr);

    QStringList recentFiles() const; ///< newest first
    void addRecentFile(const QString& path);
    void removeRecentFile(const QString& path);
    void clearRecentFiles();
    static constexpr int maximumRecentFiles = 10;

    /// The folder that a file was last opened from or written to.
    QString lastFolder() const;
    void setLastFolder(const QString& folder);

    bool has(const QString& key) const { return m_settings.contains(key); }
    QByteArray bytes(const QString& key) const { return m_settings.value(key).toByteArray(); }
    QStringList list(const QString& key) const { return m_settings.value(key).toStringList(); }
    double number(const QString& key, double otherwise) const;
    bool flag(const QString& key, bool otherwise) const { return m_settings.value(key, otherwise).toBool(); }
    void set(const QString& key, const QVariant& value) { m_settings.setValue(key, value); }
    void sync() { m_settings.sync(); }

private:
    mutable QSettings m_settings;
};

} // namespace endospike
