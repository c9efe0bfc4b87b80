// QCustomPlot without all of Qt. Its header includes every class of Qt's printing, and with these of Core, Gui and
// Widgets, which takes the compiler 4 of 6.5 s; QPrinter is what it needs.
#pragma once

#include <QPrinter>

#define QT_QTPRINTSUPPORT_MODULE_H
#include <qcustomplot.h>
