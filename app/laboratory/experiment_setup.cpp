#include "app/laboratory/experiment_setup.h"

#include "widgets/form/parameter_form.h"
#include "widgets/form/section.h"
#include "widgets/look/text.h"
#include "widgets/look/theme.h"

#include <QLabel>
#include <QScrollArea>
#include <QVBoxLayout>

namespace endospike {

namespace {

/// As narrow as the panel, whatever stands in it.
class Content : public QWidget {
public:
    QSize minimumSizeHint() const override { return {0, sizeHint().height()}; }
};

} // namespace

ExperimentSetup::ExperimentSetup(QWidget* parent)
    : QWidget(parent)
    , m_notes(new QLabel)
{
    auto* content = new Content;
    m_column = new QVBoxLayout(content);
    m_column->setContentsMargins(16, 0, 16, 16);
    m_column->setSpacing(0);
    m_column->addStretch(1);
    auto* scroll = new QScrollArea;
    scroll->setWidget(content);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setFocusPolicy(Qt::NoFocus);
    auto* whole = new QVBoxLayout(this);
    whole->setContentsMargins(0, 0, 0, 0);
    whole->addWidget(scroll);
    m_notes->setWordWrap(true);
    m_notesSection = addSection(tr("What to look for"), m_notes);
    fitWidth();
    connect(&themeNotifier(), &ThemeNotifier::themeChanged, this, &ExperimentSetup::fitWidth);
}

Section* ExperimentSetup::addSection(const QString& title, QWidget* body, bool foldable)
{
    auto* section = new Section(title, body);
    if (!foldable)
        section->setFoldable(false);
    m_column->insertWidget(m_column->count() - 1, section);
    return section;
}

void ExperimentSetup::showNotes(const Experiment& experiment)
{
    m_notes->setText(QString::fromStdString(experiment.notes));
    m_notesSection->setVisible(!experiment.notes.empty());
}

void ExperimentSetup::connectForm(
    ParameterForm* form, const QString& place, const std::function<ParameterValues&(Experiment&)>& values)
{
    connect(form, &ParameterForm::valueEdited, this, [=, this](int row, double value, bool continuing) {
        const auto index = static_cast<std::size_t>(row);
        emit changeWanted(qstring(form->values().table()[index].label), QStringLiteral("%1.%2").arg(place).arg(row),
            continuing, [=](Experiment& experiment) { values(experiment).set(index, value); });
    });
}

void ExperimentSetup::fitWidth()
{
    const double scale = (1 + currentTheme().basePoints / 10.0) / 2;
    setFixedWidth(static_cast<int>(320 * scale));
}

} // namespace endospike
