// A running main window with folders of its own, for tests that click and type.
#pragma once

#include "app/neuron/page.h"
#include "app/window/main_window.h"
#include "app/window/message_bar.h"
#include "widgets/experiment/setup_panel.h"
#include "widgets/experiment/transport_bar.h"
#include "widgets/trace/plot_stack.h"

#include <QAbstractButton>
#include <QApplication>
#include <QDir>
#include <QMessageBox>
#include <QTemporaryDir>
#include <QTest>

namespace endospike {

struct WindowFixture {
    explicit WindowFixture(const QString& sharedFolder = {})
    {
        Surroundings here = surroundings(sharedFolder.isEmpty() ? own.path() : sharedFolder);
        here.chooseFile = [this](QWidget*, const FileQuestion& question, const auto& chosen) {
            lastQuestion = question;
            if (!answer.isEmpty())
                chosen(answer);
        };
        window = std::make_unique<MainWindow>(here);
        window->show();
        window->activateWindow();
        window->start();
        if (!QTest::qWaitForWindowActive(window.get(), 1000))
            qWarning("the window did not become active");
    }

    static Surroundings surroundings(const QString& folder)
    {
        return {folder + "/settings.ini", folder + "/recovery", folder + "/runs"};
    }

    MainWindow* operator->() const { return window.get(); }
    Document& document() const { return window->document(); }
    const Experiment& experiment() const { return window->document().experiment(); }
    template <class SomePage>
    SomePage& page(std::string_view laboratory) const
    {
        return dynamic_cast<SomePage&>(window->workbench().find(laboratory).page());
    }
    NeuronPage& neuron() const { return page<NeuronPage>("neuron"); }
    LiveTransport& live() const { return *window->page().parts().live; }
    PlotStack& plots() const { return window->page().parts().traces->plots(); }
    const TraceHistory& history() const { return window->page().parts().traces->history(); }
    double last_ms() const { return history().last_ms(); }
    TransportState state() const { return window->page().parts().transport->state(); }
    QString file(const QString& name) const { return own.filePath(name); }
    QString documentProblem() const { return window->messages().text("document"); }

    /// What a paused run had still computed has arrived.
    void untilStill() const
    {
        for (double seen_ms = -1; seen_ms != last_ms(); QTest::qWait(200))
            seen_ms = last_ms();
    }

    /// A key as a person presses it, sent to whatever has the focus.
    void press(int key, Qt::KeyboardModifiers modifiers = Qt::NoModifier) const
    {
        QWidget* focus = window->focusWidget() ? window->focusWidget() : window.get();
        QTest::keyClick(focus, static_cast<Qt::Key>(key), modifiers);
    }

    /// The question about unsaved changes, if it is open.
    QMessageBox* question() const { return window->findChild<QMessageBox*>(); }
    void answerQuestion(QMessageBox::StandardButton button) const
    {
        QTRY_VERIFY(question() && question()->isVisible());
        QMessageBox* box = question();
        QTest::mouseClick(static_cast<QWidget*>(box->button(button)), Qt::LeftButton);
        QTRY_VERIFY(!question());
        if (!window->isVisible())
            return;
        window->activateWindow(); // there is no window manager here to do it
        QVERIFY(QTest::qWaitForWindowActive(window.get()));
    }

    void retitle(std::string title) const
    {
        Experiment changed = experiment();
        changed.title = std::move(title);
        document().edit(std::move(changed), "Title");
    }

    QTemporaryDir own;
    QString answer; ///< what the person chooses in the next file dialog; empty: cancel
    FileQuestion lastQuestion;
    std::unique_ptr<MainWindow> window;
};

inline void writeBytes(const QString& path, const QByteArray& bytes)
{
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
        qFatal("cannot write %s", qPrintable(path));
}

inline QByteArray readBytes(const QString& path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

} // namespace endospike
