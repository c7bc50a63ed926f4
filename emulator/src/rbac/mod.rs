//! Who may do what (role-based access control): a project's policy, and whether a session's roles allow something.
//!
//! Knows roles by their ids only. Who holds one is said where users and members are; the roles that an organization
//! has beside the project's are kept with the organization.

mod built_in;
pub(crate) mod check;
pub(crate) mod policy;
