//! The consumer product: users, their links and their sessions.

pub(crate) mod magic_links;
pub(crate) mod search;
pub(crate) mod seeded;
pub(crate) mod sessions;
pub(crate) mod user;
pub(crate) mod users;

use serde::{Deserialize, Serialize};

use crate::project::Project;
use user::Users;

/// The state of the consumer project.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Consumer {
    pub(crate) project: Project,
    pub(crate) users: Users,
}

impl Consumer {
    pub(crate) fn new(project: Project) -> Self {
        Self {
            project,
            users: Users::default(),
        }
    }
}
