#include "app/training/data_source.h"

namespace endospike {

TrainingDataKey::TrainingDataKey(const TrainingPlan& plan)
    : dataFolder(plan.dataFolder)
    , digitsFolder(plan.digitsFolder)
{
    for (const training::Row row :
        {training::source, training::train_pairs, training::test_pairs, training::validation_pairs,
            training::pairing_seed, training::noise_amplitude, training::noise, training::noise_seed})
        settings.push_back(plan.settings[row]);
}

bool TrainingDataKey::sameImages(const TrainingDataKey& other) const
{
    return dataFolder == other.dataFolder && digitsFolder == other.digitsFolder
        && settings.front() == other.settings.front();
}

TrainingDataSource::TrainingDataSource(QObject* parent)
    : QObject(parent)
{
    connect(&m_job, &NewestJob::failed, this, [this](const QString& sentence) {
        m_problem = sentence;
        m_data.reset();
        m_dataKey.reset();
        emit changed();
    });
}

void TrainingDataSource::want(const TrainingPlan& plan)
{
    const TrainingDataKey key(plan);
    if (m_plan && TrainingDataKey(*m_plan) == key)
        return;
    m_plan = plan;
    read();
}

void TrainingDataSource::retry()
{
    m_images.reset();
    m_imagesKey.reset();
    if (m_plan)
        read();
}

void TrainingDataSource::read()
{
    const TrainingDataKey key(*m_plan);
    m_problem.clear();
    if (!m_imagesKey || !m_imagesKey->sameImages(key)) {
        m_images.reset();
        m_imagesKey.reset();
        m_data.reset(); // the pairs of other images would be taken for these
        m_dataKey.reset();
    }
    const auto found = std::make_shared<Found>();
    m_job.want(
        [plan = *m_plan, images = m_images, found](const JobContext& context) {
            found->images = images ? images : std::make_shared<const TrainingImages>(readTrainingImages(plan));
            if (!context.stop.stop_requested())
                found->data = std::make_shared<const TrainingData>(pairImages(*found->images, plan));
        },
        [this, key, found] {
            m_images = found->images;
            m_data = found->data;
            m_imagesKey = m_dataKey = key;
            emit changed();
        });
    emit changed();
}

TrainingDataSource::Data TrainingDataSource::dataFor(const TrainingPlan& plan) const
{
    return m_dataKey && *m_dataKey == TrainingDataKey(plan) ? m_data : nullptr;
}

void TrainingDataSource::stop() { m_job.stop(); }

} // namespace endospike
