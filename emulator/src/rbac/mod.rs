//! Role-based access control (RBAC): the policy of a project, and whether the roles of a session allow an action.
//!
//! Does not know users, members and organizations. Users and members store the ids of their roles, and an organization
//! stores its custom roles.

mod built_in;
pub(crate) mod check;
pub(crate) mod policy;
