#include "app/training/data_view.h"

#include "app/training/pictures.h"
#include "widgets/form/quiet_combo.h"
#include "widgets/form/segmented_control.h"
#include "widgets/look/custom_plot.h"
#include "widgets/look/numbers.h"
#include "widgets/picture/image_grid.h"
#include "widgets/picture/image_view.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QSpinBox>

#include <algorithm>

namespace endospike {

TrainingDataView::TrainingDataView(QWidget* parent)
    : TrainingView(parent)
    , m_set(new SegmentedControl({tr("Training"), tr("Test")}))
    , m_countLabel(new QLabel)
    , m_grid(new ImageGrid)
    , m_large(new ImageView)
    , m_seedLabel(new QLabel)
{
    build();
    connect(m_set, &SegmentedControl::chosen, this, &TrainingDataView::filter);
    connect(m_grid, &ImageGrid::chosen, this, [this](int item) { showPair(m_shown[static_cast<std::size_t>(item)]); });
    connect(m_large, &ImageView::indexEdited, this, &TrainingDataView::jumpTo);
}

void TrainingDataView::build()
{
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(16, 8, 8, 8);
    row->setSpacing(24);
    auto* left = new QVBoxLayout;
    left->setSpacing(8);
    auto* strip = new QHBoxLayout;
    strip->setSpacing(16);
    m_set->setAccessibleName(tr("Set of pairs"));
    strip->addWidget(m_set);
    for (int task = 0; task < taskCount; ++task) {
        auto* combo = new QuietCombo;
        combo->setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
        combo->setSizeAdjustPolicy(QComboBox::AdjustToContents);
        combo->setAccessibleName(tr("Class at the %1").arg(cornerName(task)));
        m_class[static_cast<std::size_t>(task)] = combo;
        auto* pair = new QHBoxLayout;
        pair->setSpacing(8);
        pair->addWidget(new QLabel(task == 0 ? tr("Top left") : tr("Bottom right")));
        pair->addWidget(combo);
        strip->addLayout(pair);
        connect(combo, &QComboBox::activated, this, &TrainingDataView::filter);
    }
    strip->addStretch(1);
    strip->addWidget(m_countLabel);
    left->addLayout(strip);
    m_grid->setAccessibleName(tr("Pairs"));
    m_grid->setEmptyText(tr("No pair has these two classes."));
    left->addWidget(m_grid, 1);
    row->addLayout(left, 1);
    row->addWidget(buildDetail());
}

QWidget* TrainingDataView::buildDetail()
{
    auto* box = new QWidget;
    box->setFixedWidth(300);
    auto* column = new QVBoxLayout(box);
    column->setContentsMargins(0, 0, 8, 0);
    column->setSpacing(16);
    column->addWidget(m_large);
    m_seedLabel->setWordWrap(true);
    m_seedLabel->setForegroundRole(QPalette::PlaceholderText);
    column->addWidget(m_seedLabel);
    column->addStretch(1);
    return box;
}

const PairedImages* TrainingDataView::set() const
{
    return !m_data ? nullptr : m_set->current() == 0 ? &m_data->train : &m_data->test;
}

void TrainingDataView::setExperiment(const Experiment& experiment)
{
    m_seed = static_cast<std::uint64_t>(experiment.training.settings[training::pairing_seed]);
    const bool validation = experiment.training.settings[training::validation_pairs] > 0;
    static_cast<QAbstractButton*>(m_set->button(1))
        ->setToolTip(
            validation ? tr("The validation pairs: a part of the training images that is not trained on") : QString());
    m_seedLabel->setText(tr("Which two images meet is drawn with pairing seed %1: the same seed makes the same pairs. "
                            "Where they overlap the brighter pixel is seen.")
                             .arg(m_seed));
}

void TrainingDataView::setData(std::shared_ptr<const TrainingData> pairs)
{
    m_data = std::move(pairs);
    fillClasses();
    filter();
}

void TrainingDataView::fillClasses()
{
    for (int task = 0; task < taskCount; ++task) {
        QComboBox* combo = classCombo(task);
        const int before = std::max(0, combo->currentIndex());
        combo->clear();
        combo->addItem(tr("any"));
        if (m_data)
            combo->addItems(classNames(*m_data, task));
        combo->setCurrentIndex(std::min(before, combo->count() - 1));
    }
}

void TrainingDataView::filter()
{
    m_shown.clear();
    const PairedImages* pairs = set();
    m_large->setCount(pairs ? pairs->size() : 0);
    if (!pairs) {
        m_grid->setItems(0, {});
        m_countLabel->clear();
        return;
    }
    const std::array<int, taskCount> wanted{classCombo(0)->currentIndex() - 1, classCombo(1)->currentIndex() - 1};
    for (int pair = 0; pair < pairs->size(); ++pair) {
        const auto labels = pairs->labels(pair);
        if ((wanted[0] < 0 || labels[0] == wanted[0]) && (wanted[1] < 0 || labels[1] == wanted[1]))
            m_shown.push_back(pair);
    }
    const QString all = groupedNumber(pairs->size());
    m_countLabel->setText(static_cast<int>(m_shown.size()) == pairs->size()
            ? tr("%1 pairs").arg(all)
            : tr("%1 of %2 pairs").arg(groupedNumber(static_cast<int>(m_shown.size())), all));
    m_grid->setItems(static_cast<int>(m_shown.size()), [this, pairs](int item) {
        const int pair = m_shown[static_cast<std::size_t>(item)];
        const auto labels = pairs->labels(pair);
        return GridPicture{canvasImage(*pairs, pair),
            {classCombo(0)->itemText(labels[0] + 1), classCombo(1)->itemText(labels[1] + 1)}};
    });
    const auto at = std::ranges::lower_bound(m_shown, m_pair);
    showPair(m_shown.empty() ? std::min(m_pair, pairs->size() - 1) : at == m_shown.end() ? m_shown.back() : *at);
}

void TrainingDataView::showPair(int pair)
{
    const PairedImages* pairs = set();
    if (!pairs || pair < 0 || pair >= pairs->size())
        return;
    m_pair = pair;
    const auto at = std::ranges::lower_bound(m_shown, pair);
    m_grid->setCurrent(at != m_shown.end() && *at == pair ? static_cast<int>(at - m_shown.begin()) : -1);
    std::array<std::uint8_t, canvasPixels> pixels{};
    pairs->canvas(pair, pixels);
    m_large->setIndex(pair);
    m_large->setImage(pixels, canvasSide, canvasSide);
    const auto labels = pairs->labels(pair);
    m_large->setCaption(tr("Top left: <b>%1</b> (image %2)<br>Bottom right: <b>%3</b> (image %4)")
                            .arg(classCombo(0)->itemText(labels[0] + 1))
                            .arg(pairs->first(pair))
                            .arg(classCombo(1)->itemText(labels[1] + 1))
                            .arg(pairs->second(pair)));
}

// A number that the filter hides lifts the filter.
void TrainingDataView::jumpTo(int pair)
{
    if (!std::ranges::binary_search(m_shown, pair)) {
        for (QComboBox* combo : m_class)
            combo->setCurrentIndex(0);
        m_pair = pair;
        filter();
    }
    showPair(pair);
}

FigureRequest TrainingDataView::figure(const QString& caption) const
{
    FigureRequest request{{}, caption};
    if (const PairedImages* pairs = set())
        request.pictures.emplace_back(
            QSize(360, 360), [image = canvasImage(*pairs, m_pair)](QCPPainter& painter, QSize size) {
                painter.drawImage(QRect({}, size), image);
            });
    return request;
}

} // namespace endospike
