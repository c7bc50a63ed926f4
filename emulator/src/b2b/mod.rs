//! The B2B product: organizations, their members, and the members' links and sessions.

pub(crate) mod scim;
pub(crate) mod sso;

pub(crate) mod authorization;
mod discovery;
pub(crate) mod discovery_organizations;
mod email_updates;
pub(crate) mod exchange;
pub(crate) mod idp;
pub(crate) mod impersonation;
mod intermediate;
mod log_in;
pub(crate) mod magic_links;
pub(crate) mod magic_links_discovery;
mod member;
pub(crate) mod member_emails;
pub(crate) mod member_factors;
pub(crate) mod member_oauth_providers;
pub(crate) mod member_search;
pub(crate) mod members;
pub(crate) mod oauth;
mod oauth_accounts;
pub(crate) mod org_policy;
mod organization;
pub(crate) mod organization_search;
pub(crate) mod organizations;
pub(crate) mod otps_discovery;
pub(crate) mod otps_email;
pub(crate) mod otps_sms;
pub(crate) mod password_migration;
pub(crate) mod password_resets;
pub(crate) mod passwords;
pub(crate) mod passwords_discovery;
mod provider_tokens;
mod recipients;
pub(crate) mod recovery_codes;
mod requirements;
mod second_factor_sms;
mod second_factors;
pub(crate) mod seeded;
pub(crate) mod session_exchange;
pub(crate) mod sessions;
mod settings;
pub(crate) mod totps;

use serde::{Deserialize, Serialize};

use crate::call::Call;
use crate::clock::UnixSeconds;
use crate::codes::Codes;
use crate::errors::{self, Failure};
use crate::fields::Fields;
use crate::links::Links;
use crate::project::Project;
use email_updates::EmailUpdates;
use intermediate::IntermediateSessions;
use member::{Member, Members};
use oauth_accounts::Accounts;
use organization::{Organization, Organizations};
use provider_tokens::AllProviderTokens;

/// The state of the B2B project.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct B2b {
    pub(crate) project: Project,
    #[serde(default)]
    pub(crate) connections: sso::Connections,
    #[serde(default)]
    pub(crate) logins: sso::Logins,
    #[serde(default)]
    pub(crate) scim_connections: scim::ScimConnections,
    #[serde(default)]
    pub(crate) scim_resources: scim::Resources,
    pub(crate) organizations: Organizations,
    pub(crate) members: Members,
    pub(crate) intermediate_sessions: IntermediateSessions,
    pub(crate) discovery_links: Links,
    /// The links of resets of shared passwords, by email address.
    #[serde(default)]
    pub(crate) discovery_resets: Links,
    /// The codes of discovery, by email address.
    pub(crate) discovery_codes: Codes,
    pub(crate) email_updates: EmailUpdates,
    pub(crate) provider_tokens: AllProviderTokens,
    /// The OAuth accounts of users in discovery.
    #[serde(default)]
    pub(crate) oauth_accounts: Accounts,
}

/// Reads the required field `organization_id`.
fn organization_id(fields: &Fields) -> Result<&str, Failure> {
    let id = fields.text("organization_id")?;
    Ok(id.ok_or(&errors::INVALID_ORGANIZATION_ID)?)
}

impl B2b {
    pub(crate) fn new(project: Project) -> Self {
        Self {
            project,
            connections: sso::Connections::default(),
            logins: sso::Logins::default(),
            scim_connections: scim::ScimConnections::default(),
            scim_resources: scim::Resources::default(),
            organizations: Organizations::default(),
            members: Members::default(),
            intermediate_sessions: IntermediateSessions::default(),
            discovery_links: Links::default(),
            discovery_resets: Links::default(),
            discovery_codes: Codes::default(),
            email_updates: EmailUpdates::default(),
            provider_tokens: AllProviderTokens::default(),
            oauth_accounts: Accounts::default(),
        }
    }

    /// Returns the organization and the member that the path of a call names.
    fn member_of_path(&self, call: &Call) -> Result<(Organization, Member), Failure> {
        let organization = self
            .organizations
            .find(call.path_param("organization_id"))?;
        let id = &organization.organization_id;
        let member = self.members.find(id, call.path_param("member_id"))?;
        Ok((organization.clone(), member.clone()))
    }

    /// Returns an error if this member cannot have the email address, because another member has it, had it, or is
    /// changing to it.
    fn validate_new_email(
        &self,
        member: &Member,
        address: &str,
        now: UnixSeconds,
    ) -> Result<(), Failure> {
        let id = &member.organization_id;
        let is_other = |holder: &Member| holder.member_id != member.member_id;
        if self.members.with_email(id, address).is_some_and(is_other) {
            return Err(errors::DUPLICATE_MEMBER_EMAIL.failure());
        }
        if self
            .members
            .with_retired_email(id, address)
            .is_some_and(is_other)
        {
            return Err(errors::RETIRED_MEMBER_EMAIL.failure());
        }
        let update = self.email_updates.to_address(id, address, now);
        if update.is_some_and(|update| update.member_id != member.member_id) {
            return Err(errors::DESIRED_EMAIL_UPDATING.failure());
        }
        Ok(())
    }

    /// Ends the locks of members.
    pub(crate) fn expire(&mut self, now: UnixSeconds) {
        for member_id in self.project.locks.take_expired(now) {
            if let Ok(member) = self.members.by_id(&member_id) {
                let mut member = member.clone();
                member.set_lock(None);
                self.members.put(member);
            }
        }
    }

    /// Ends everything that a member who is deleted could use: sessions, links, codes and tokens.
    fn forget(&mut self, member_id: &str) {
        self.project.sessions.revoke_all_of(member_id);
        self.project.links.forget(member_id);
        self.project.reset_links.forget(member_id);
        self.project.codes.forget(member_id);
        self.intermediate_sessions.forget(member_id);
        self.email_updates.remove(member_id);
        self.provider_tokens.forget(member_id);
        self.project.grants.forget(member_id);
    }
}
