#include "app/results/verdict_text.h"

#include <QCoreApplication>

namespace endospike {

namespace {

class Words {
    Q_DECLARE_TR_FUNCTIONS(endospike::Verdict)
};

} // namespace

QString mark(Outcome outcome)
{
    switch (outcome) {
    case Outcome::holds:
        return QStringLiteral("✓");
    case Outcome::inPart:
        return QStringLiteral("◐");
    case Outcome::doesNotHold:
        return QStringLiteral("✗");
    case Outcome::notMeasured:
        break;
    }
    return QStringLiteral("–");
}

QString verdictText(const Verdict& verdict)
{
    QString text;
    switch (verdict.outcome()) {
    case Outcome::holds:
        text = Words::tr("holds");
        break;
    case Outcome::inPart:
        text = Words::tr("holds in part, %1 of %2").arg(verdict.held).arg(verdict.tested);
        break;
    case Outcome::doesNotHold:
        text = Words::tr("does not hold");
        break;
    case Outcome::notMeasured:
        return Words::tr("not measured yet");
    }
    return verdict.tested < verdict.asked
        ? Words::tr("%1; %2 of %3 tested").arg(text).arg(verdict.tested).arg(verdict.asked)
        : text;
}

QString relationText(Relation relation)
{
    switch (relation) {
    case Relation::equal:
        return Words::tr("equal to");
    case Relation::atMost:
        return Words::tr("at most");
    case Relation::about:
        return Words::tr("about equal to");
    case Relation::above:
        return Words::tr("above");
    case Relation::aboutOrAbove:
        break;
    }
    return Words::tr("about equal to or above");
}

} // namespace endospike
