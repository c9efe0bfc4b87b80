#include "sim/control/mujoco_pendulum.h"

#include "pendulum_models.h"
#include "sim/base/errors.h"
#include "sim/control/balancing_task.h"

#include <mujoco/mujoco.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <mutex>
#include <string>

namespace endospike {
namespace {

struct ModelDeleter {
    void operator()(mjModel* model) const { mj_deleteModel(model); }
};
struct DataDeleter {
    void operator()(mjData* data) const { mj_deleteData(data); }
};
struct FilesDeleter {
    void operator()(mjVFS* files) const
    {
        mj_deleteVFS(files);
        delete files;
    }
};
using Model = std::unique_ptr<mjModel, ModelDeleter>;
using Data = std::unique_ptr<mjData, DataDeleter>;

// Left to itself MuJoCo prints, writes a log file beside the program and ends the process.
void onError(const char* message) { throw EnvironmentError("MuJoCo", message, 0); }
void onWarning(const char*) { } // counted in mjData, where advance() looks

Model loadModel(const char* xml, const EnvironmentKind& kind)
{
    // MuJoCo's compiler keeps the model that it read last in a global of its own.
    static std::mutex compiler;
    const std::scoped_lock lock(compiler);
    mju_user_error = onError;
    mju_user_warning = onWarning;
    std::unique_ptr<mjVFS, FilesDeleter> files(new mjVFS);
    mj_defaultVFS(files.get());
    const std::size_t size = std::strlen(xml);
    mj_makeEmptyFileVFS(files.get(), "model.xml", static_cast<int>(size));
    std::memcpy(files->filedata[0], xml, size);
    char why[500] = "";
    Model model(mj_loadXML("model.xml", files.get(), why, sizeof why));
    if (!model)
        throw EnvironmentError(std::string(kind.name), std::string("MuJoCo refuses the model: ") + why, 0);
    return model;
}

class MujocoPendulum final : public BalancingTask {
public:
    MujocoPendulum(const EnvironmentKind& kind, const ParameterValues& values)
        : BalancingTask(kind, values)
        , m_model(loadModel(kind.poles == 2 ? invertedDoublePendulumXml : invertedPendulumXml, kind))
        , m_data(mj_makeData(m_model.get()))
        , m_freedoms(m_model->nv)
        , m_stepsPerAction(static_cast<int>(std::lround(kind.step_s / m_model->opt.timestep)))
    {
        std::fill_n(m_model->dof_damping, m_freedoms, damping());
        mj_forward(m_model.get(), m_data.get());
        observe();
    }

    void reset(std::uint64_t seed) override;
    PendulumPose pose() const override;
    double energy_j() const override;
    std::vector<double> state() const override; ///< steps, time, then q, q', warm start, constraint forces
    void setState(std::span<const double> state) override;

private:
    void advance(double clippedAction) override;
    void addMomentum(double impulse_n_s) override;
    bool fallen() const override;
    double taskReward() const override;

    void observe();
    void updateInertia() const;
    bool hasTwoPoles() const { return m_freedoms == 3; }

    Model m_model;
    Data m_data;
    int m_freedoms; ///< the cart and each hinge
    int m_stepsPerAction;
    bool m_unstable = false; ///< MuJoCo gave up the last step and started over
};

void MujocoPendulum::reset(std::uint64_t seed)
{
    mj_resetData(m_model.get(), m_data.get());
    for (int i = 0; i < m_freedoms; ++i) {
        const std::uint64_t position = std::uint64_t(i), velocity = std::uint64_t(m_freedoms + i);
        m_data->qpos[i] = startUniform(seed, position, hasTwoPoles() ? 0.1 : 0.01);
        m_data->qvel[i] = hasTwoPoles() ? 0.1 * startNormal(seed, velocity) : startUniform(seed, velocity, 0.01);
    }
    m_steps = 0;
    m_unstable = false;
    mj_forward(m_model.get(), m_data.get());
    observe();
}

void MujocoPendulum::observe()
{
    const mjData& d = *m_data;
    double* o = m_observation.data();
    const auto clipped = [](double number) { return std::clamp(number, -10.0, 10.0); };
    if (!hasTwoPoles()) {
        o = std::copy_n(d.qpos, m_freedoms, o);
        std::copy_n(d.qvel, m_freedoms, o);
        return;
    }
    *o++ = d.qpos[0];
    o = std::transform(d.qpos + 1, d.qpos + m_freedoms, o, [](double angle) { return std::sin(angle); });
    o = std::transform(d.qpos + 1, d.qpos + m_freedoms, o, [](double angle) { return std::cos(angle); });
    o = std::transform(d.qvel, d.qvel + m_freedoms, o, clipped);
    std::transform(d.qfrc_constraint, d.qfrc_constraint + m_freedoms, o, clipped);
}

void MujocoPendulum::advance(double clippedAction)
{
    m_data->ctrl[0] = clippedAction;
    for (int i = 0; i < m_stepsPerAction; ++i)
        mj_step(m_model.get(), m_data.get());
    const mjWarningStat* warnings = m_data->warning;
    m_unstable =
        warnings[mjWARN_BADQPOS].number + warnings[mjWARN_BADQVEL].number + warnings[mjWARN_BADQACC].number > 0;
    observe();
}

bool MujocoPendulum::fallen() const
{
    // Like the public tasks, two poles are judged by where MuJoCo's last evaluation saw the tip, a moment before the
    // end of the step.
    const bool down = hasTwoPoles() ? !(m_data->site_xpos[2] > 1) : !(std::abs(m_data->qpos[1]) <= 0.2);
    return m_unstable || down;
}

double MujocoPendulum::taskReward() const
{
    if (!hasTwoPoles())
        return 1;
    const double x = m_data->site_xpos[0], z = m_data->site_xpos[2];
    const double v1 = m_data->qvel[1], v2 = m_data->qvel[2];
    return 10 - (0.01 * x * x + (z - 2) * (z - 2)) - (1e-3 * v1 * v1 + 5e-3 * v2 * v2);
}

/// Positions and the inertia matrix of the current q; a step works them out anew.
void MujocoPendulum::updateInertia() const
{
    mj_kinematics(m_model.get(), m_data.get());
    mj_comPos(m_model.get(), m_data.get());
    mj_crb(m_model.get(), m_data.get());
    mj_factorM(m_model.get(), m_data.get());
}

void MujocoPendulum::addMomentum(double impulse_n_s)
{
    updateInertia();
    std::vector<double> impulse(std::size_t(m_freedoms), 0.0), change(impulse);
    impulse[0] = impulse_n_s;
    mj_solveM(m_model.get(), m_data.get(), change.data(), impulse.data(), 1);
    for (int i = 0; i < m_freedoms; ++i)
        m_data->qvel[i] += change[std::size_t(i)];
    observe();
}

double MujocoPendulum::energy_j() const
{
    updateInertia();
    m_model->opt.enableflags |= mjENBL_ENERGY; // only now: else every step would work it out
    mj_energyPos(m_model.get(), m_data.get());
    mj_energyVel(m_model.get(), m_data.get());
    m_model->opt.enableflags &= ~mjENBL_ENERGY;
    return m_data->energy[0] + m_data->energy[1];
}

PendulumPose MujocoPendulum::pose() const
{
    constexpr double length_m = 0.6;
    PendulumPose pose{m_data->qpos[0], {}, {}};
    double angle = 0;
    PendulumPose::Point end{pose.cart_m, 0};
    for (int i = 1; i < m_freedoms; ++i) {
        angle += m_data->qpos[i];
        end = {end.x_m + length_m * std::sin(angle), end.z_m + length_m * std::cos(angle)};
        pose.angles_rad.push_back(angle);
        pose.ends.push_back(end);
    }
    return pose;
}

std::vector<double> MujocoPendulum::state() const
{
    std::vector<double> numbers{double(m_steps), m_data->time};
    for (const double* part : {m_data->qpos, m_data->qvel, m_data->qacc_warmstart, m_data->qfrc_constraint})
        numbers.insert(numbers.end(), part, part + m_freedoms);
    return numbers;
}

void MujocoPendulum::setState(std::span<const double> state)
{
    m_steps = checkedSteps(state, 2 + 4 * std::size_t(m_freedoms));
    mj_resetData(m_model.get(), m_data.get());
    m_unstable = false;
    m_data->time = state[1];
    const double* from = state.data() + 2;
    for (double* part : {m_data->qpos, m_data->qvel, m_data->qacc_warmstart, m_data->qfrc_constraint}) {
        std::copy_n(from, m_freedoms, part);
        from += m_freedoms;
    }
    observe();
}

} // namespace

std::unique_ptr<Environment> makeMujocoPendulum(const EnvironmentKind& kind, const ParameterValues& values)
{
    return std::make_unique<MujocoPendulum>(kind, values);
}

} // namespace endospike
