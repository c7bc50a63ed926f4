//! The B2B product: organizations, their members, and the members' links and sessions.

mod authorization;
mod discovery;
pub(crate) mod discovery_organizations;
mod intermediate;
mod log_in;
pub(crate) mod magic_links;
mod member;
pub(crate) mod members;
pub(crate) mod org_policy;
mod organization;
pub(crate) mod organizations;
mod requirements;
pub(crate) mod seeded;
pub(crate) mod sessions;
mod settings;

use serde::{Deserialize, Serialize};

use crate::project::Project;
use intermediate::IntermediateSessions;
use member::Members;
use organization::Organizations;

/// The state of the B2B project.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct B2b {
    pub(crate) project: Project,
    pub(crate) organizations: Organizations,
    pub(crate) members: Members,
    pub(crate) intermediate_sessions: IntermediateSessions,
}

impl B2b {
    pub(crate) fn new(project: Project) -> Self {
        Self {
            project,
            organizations: Organizations::default(),
            members: Members::default(),
            intermediate_sessions: IntermediateSessions::default(),
        }
    }
}
