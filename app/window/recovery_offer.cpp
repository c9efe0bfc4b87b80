#include "app/window/recovery_offer.h"

#include "app/window/message_bar.h"
#include "app/window/workbench.h"

#include <QFileInfo>
#include <QLocale>

namespace endospike {

RecoveryOffer::RecoveryOffer(Workbench& workbench, MessageBar& messages, QObject* parent)
    : QObject(parent)
    , m_workbench(workbench)
    , m_messages(messages)
{
}

void RecoveryOffer::offer()
{
    const auto found = m_workbench.bench().recovery().findLost();
    if (!found)
        return;
    const QString name = found->documentPath.isEmpty() ? QString::fromStdString(found->experiment.title)
                                                       : QFileInfo(found->documentPath).fileName();
    m_messages.show("recovery", MessageBar::Kind::question,
        tr("Unsaved work on “%1” of %2 was found; Endospike did not end in the ordinary way.")
            .arg(name, QLocale().toString(found->written, QLocale::ShortFormat)),
        {{tr("Recover"),
             [this, lost = *found] {
                 Bench& bench = m_workbench.find(lost.experiment.laboratory->key);
                 m_workbench.show(bench);
                 bench.files().guard([this, lost] { recover(lost); });
             }},
            {tr("Discard"), [this, lost = *found] {
                 m_workbench.bench().recovery().discard(lost);
                 offer();
             }}});
}

void RecoveryOffer::recover(const Recovery::Found& found)
{
    Bench& bench = m_workbench.find(found.experiment.laboratory->key);
    m_workbench.show(bench);
    bench.document().replace(found.experiment, found.documentPath, true);
    bench.recovery().update(); // safe under our own name before the old file goes
    bench.recovery().discard(found);
    offer();
}

} // namespace endospike
