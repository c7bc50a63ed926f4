//! Builds the state of an emulator from its seed: the projects first, then their policies, and then the objects, because
//! the roles of users and members must be in a policy.

use std::collections::BTreeSet;

use super::{Basics, Fresh, ProjectSeed, Seed, fresh_key, settings};
use crate::b2b;
use crate::clock::UnixSeconds;
use crate::connected_apps;
use crate::consumer;
use crate::control::clock::StartClock;
use crate::credentials::{Credentials, Settings};
use crate::errors::Failure;
use crate::fraud;
use crate::given::{Given, SeedError};
use crate::ids::Ids;
use crate::keys::Supply;
use crate::m2m;
use crate::merge::{self, Object};
use crate::product::Product;
use crate::project::Project;
use crate::rbac::policy::Policy;
use crate::sdk_config::SdkConfig;
use crate::state::{Projects, State};
use crate::trusted_tokens::Profile;

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
            add_shared(projects, product, ids, given, now)?;
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

/// Adds what both products have: clients, fraud prevention, trusted token profiles and sessions of other providers. The
/// users or members are stored.
fn add_shared(
    projects: &mut Projects,
    product: Product,
    ids: &mut Ids,
    mut given: Given,
    now: UnixSeconds,
) -> Result<(), SeedError> {
    let (id_name, subjects): (_, BTreeSet<String>) = match product {
        Product::Consumer => {
            let users = projects.consumer.users.iter();
            ("user_id", users.map(|user| user.user_id.clone()).collect())
        }
        Product::B2b => {
            let members = projects.b2b.members.iter();
            let ids = members.map(|member| member.member_id.clone());
            ("member_id", ids.collect())
        }
    };
    let project = projects.of_mut(product);
    for client in given.objects("m2m_clients")? {
        m2m::seeded::add_client(&mut project.m2m_clients, ids, client)?;
    }
    for mut app in given.objects("connected_apps")? {
        let grants = app.objects("grants")?;
        let client_id = connected_apps::seeded::add_app(&mut project.connected_apps, ids, app)?;
        for grant in grants {
            let named = (client_id.as_str(), id_name);
            let is_subject = |id: &str| subjects.contains(id);
            connected_apps::seeded::add_grant(
                &mut project.grants,
                ids,
                grant,
                named,
                is_subject,
                now,
            )?;
        }
    }
    for mut profile in given.objects("trusted_token_profiles")? {
        let fields = profile.fields(&PROFILE);
        let read = Profile::read(&fields, ids).map_err(|message| profile.refused("", message))?;
        let profiles = &mut project.trusted_token_profiles;
        if profiles.find(&read.profile_id).is_ok() {
            return Err(profile.refused("profile_id", "is the id of another profile"));
        }
        profile.finish(&Object::new().into())?;
        profiles.put(read);
    }
    for mut session in given.objects("external_sessions")? {
        let fields = session.fields(&["session_token", "email_address"]);
        let added = project.external_sessions.add(&fields);
        added.map_err(|message| session.refused("", message))?;
        session.finish(&Object::new().into())?;
    }
    fraud::seeded::add(&mut project.fraud, ids, given.object("fraud")?, now)?;
    given.finish(&Object::new().into())
}

/// The fields of a trusted token profile.
const PROFILE: [&str; 5] = [
    "profile_id",
    "issuer",
    "audience",
    "keys",
    "can_jit_provision",
];
