//! Builds the state of an emulator from its seed: the projects first, then their policies, and then the objects, because
//! the roles of users and members must be in a policy.

use super::{Basics, Fresh, ProjectSeed, Seed, fresh_key, settings};
use crate::b2b;
use crate::clock::UnixSeconds;
use crate::connected_apps;
use crate::consumer;
use crate::control::clock::StartClock;
use crate::credentials::{Credentials, Settings};
use crate::errors::Failure;
use crate::given::{Given, SeedError};
use crate::ids::Ids;
use crate::keys::Supply;
use crate::m2m;
use crate::merge::{self, Object};
use crate::product::Product;
use crate::project::Project;
use crate::rbac::policy::Policy;
use crate::sdk_config::SdkConfig;
use crate::state::State;

/// The start of an emulator.
pub(crate) struct Content {
    pub(crate) settings: Settings,
    pub(crate) state: State,
    pub(crate) clock: StartClock,
}

impl Content {
    pub(crate) fn of(seed: &Seed, fresh: &Fresh, real: UnixSeconds) -> Result<Self, SeedError> {
        let mut file = seed.given()?;
        let basics = Basics::take(&mut file, fresh)?;
        let mut consumer = file.object("consumer")?;
        let mut b2b = file.object("b2b")?;
        file.finish(&serde_json::Value::Null)?;

        let projects = (
            ProjectSeed::take(&mut consumer)?,
            ProjectSeed::take(&mut b2b)?,
        );
        let (settings, mut ids) = settings(&projects.0, &projects.1, &basics)?;
        let mut start = |product, seed, credentials: &Credentials, given: &mut Given| {
            start_project(
                product,
                seed,
                credentials,
                given,
                (&basics, fresh),
                &mut ids,
            )
        };
        let consumer_project = start(
            Product::Consumer,
            projects.0,
            &settings.consumer,
            &mut consumer,
        )?;
        let b2b_project = start(Product::B2b, projects.1, &settings.b2b, &mut b2b)?;

        let now = basics.clock.at(real).time(real);
        let mut state = State::new(consumer_project, b2b_project, ids);
        let State { projects, ids, .. } = &mut state;
        for user in consumer.objects("users")? {
            consumer::seeded::add_user(&mut projects.consumer, ids, user, now)?;
        }
        for organization in b2b.objects("organizations")? {
            b2b::seeded::add_organization(&mut projects.b2b, ids, organization, now)?;
        }
        for (product, given) in [(Product::Consumer, consumer), (Product::B2b, b2b)] {
            add_clients(projects.of_mut(product), ids, given)?;
        }
        // Webhooks report changes after the start. The objects of the seed are created before it.
        state.forget_changes();
        if let Some(secret) = basics.webhook_secret {
            state.webhooks.set_secret(secret);
        }
        Ok(Self {
            settings,
            state,
            clock: basics.clock,
        })
    }
}

fn start_project(
    product: Product,
    seed: ProjectSeed,
    credentials: &Credentials,
    given: &mut Given,
    (basics, fresh): (&Basics, &Fresh),
    ids: &mut Ids,
) -> Result<Project, SeedError> {
    let supply = if basics.is_deterministic {
        Supply::known(product)
    } else {
        Supply::Generated
    };
    let key = match seed.signing_key {
        None if !basics.is_deterministic => fresh_key(fresh, product)?,
        key => key,
    };
    let mut project = Project::new(product, credentials, (key, supply), ids)
        .map_err(|failure: Failure| given.failed(&failure))?;
    project.sdk = SdkConfig::take(given)?;
    if let Some(policy) = given.take("policy") {
        let policy = Policy::from_lists(|name| policy.get(name).cloned())
            .map_err(|message| given.refused("policy", message))?;
        project.policy = policy.over_built_in(product);
    }
    if let Some(config) = given.take("password_config") {
        let config = project.password_config.with(merge::object(config));
        project.password_config =
            config.map_err(|message| given.refused("password_config", message))?;
    }
    Ok(project)
}

/// Adds the clients that both products have.
fn add_clients(project: &mut Project, ids: &mut Ids, mut given: Given) -> Result<(), SeedError> {
    for client in given.objects("m2m_clients")? {
        m2m::seeded::add_client(&mut project.m2m_clients, ids, client)?;
    }
    for app in given.objects("connected_apps")? {
        connected_apps::seeded::add_app(&mut project.connected_apps, ids, app)?;
    }
    given.finish(&Object::new().into())
}
