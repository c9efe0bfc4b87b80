// Whatever can stand in front of the window: a laboratory, or something beside them.
#pragma once

#include "app/laboratory/page_parts.h"

#include <QWidget>

namespace endospike {

class Front : public QWidget {
    Q_OBJECT

public:
    using QWidget::QWidget;

    virtual PageParts parts() { return {}; }
};

} // namespace endospike
