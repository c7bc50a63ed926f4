//! What a token is about, in addition to a user or member: a registered client, scopes, or a trusted token profile.

use serde_json::Value;

use super::kind::Kind;
use crate::connected_apps::app::ConnectedApp;
use crate::fields::Fields;
use crate::m2m::client::Client;
use crate::project::Project;
use crate::shapes;
use crate::trusted_tokens::Profile;

#[derive(Default)]
pub(super) struct About {
    /// The Connected App of `client_id`.
    pub(super) app: Option<ConnectedApp>,
    /// The M2M client of `client_id`.
    pub(super) client: Option<Client>,
    scopes: Option<Vec<String>>,
    pub(super) profile: Option<Profile>,
}

impl About {
    /// Reads `client_id`, `scopes` and `profile_id`.
    pub(super) fn read(project: &Project, kind: Kind, fields: &Fields) -> Result<Self, String> {
        let mut about = Self {
            scopes: read_scopes(kind, fields)?,
            profile: read_profile(project, kind, fields)?,
            ..Self::default()
        };
        let Some(given) = fields.value("client_id") else {
            return Ok(about);
        };
        let id = given.as_str().unwrap_or_default();
        match kind {
            Kind::ConnectedApp | Kind::IdToken => {
                let found = project.connected_apps.find(id).ok().cloned();
                let unknown = "client_id must be the id of a Connected App of the project";
                about.app = Some(found.ok_or(unknown)?);
            }
            Kind::Machine => {
                let found = project.m2m_clients.find(id).ok().cloned();
                let unknown = "client_id must be the id of an M2M client of the project";
                about.client = Some(found.ok_or(unknown)?);
            }
            Kind::Session | Kind::TrustedToken => {
                return Err("client_id needs the kind connected_app, id_token or m2m".into());
            }
        }
        Ok(about)
    }

    /// Returns the scopes of the call, or else these scopes, separated by spaces.
    pub(super) fn scope(&self, by_default: &str) -> String {
        let given = self.scopes.as_ref();
        given.map_or_else(|| by_default.to_owned(), |scopes| scopes.join(" "))
    }
}

fn read_scopes(kind: Kind, fields: &Fields) -> Result<Option<Vec<String>>, String> {
    let Some(given) = fields.value("scopes") else {
        return Ok(None);
    };
    if matches!(kind, Kind::Session | Kind::TrustedToken) {
        return Err("scopes needs the kind connected_app, id_token or m2m".into());
    }
    let read = |scope: &Value| {
        let scope = scope.as_str().filter(|scope| shapes::is_scope(scope));
        scope.map(str::to_owned)
    };
    let scopes = given.as_array();
    let scopes = scopes.and_then(|scopes| scopes.iter().map(read).collect());
    let refusal = "scopes must be a list of strings without spaces, quotes and backslashes";
    scopes.map(Some).ok_or_else(|| refusal.to_owned())
}

/// The emulator can sign only for a profile that trusts its own key.
fn read_profile(project: &Project, kind: Kind, fields: &Fields) -> Result<Option<Profile>, String> {
    let given = fields.value("profile_id");
    match (kind, given) {
        (Kind::TrustedToken, Some(given)) => {
            let found = project
                .trusted_token_profiles
                .find(given.as_str().unwrap_or_default());
            let found =
                found.map_err(|_| "profile_id must be the id of a trusted token profile")?;
            match found.trusts_the_emulator() {
                true => Ok(Some(found.clone())),
                false => {
                    Err("profile_id must be the id of a profile that has no keys of its own".into())
                }
            }
        }
        (Kind::TrustedToken, None) => Err("the kind trusted_token needs profile_id".into()),
        (_, Some(_)) => Err("profile_id needs the kind trusted_token".into()),
        (_, None) => Ok(None),
    }
}
