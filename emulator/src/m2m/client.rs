//! The data of a machine-to-machine client, and the validation of its fields.
//!
//! Stytch documents that a chosen secret has at least 8 characters. Two more rules are assumptions: it has at least 5
//! different characters, and at most 128 characters. Names and descriptions are not validated.

use serde::{Deserialize, Serialize};

use crate::client_secrets::{ClientSecrets, Rotation, RotationErrors};
use crate::errors::{self, Failure};
use crate::fields::Fields;
use crate::merge::{self, Object};
use crate::shapes;
use crate::store::{NoIndex, Record, Store};

/// A client in the JSON form of the API, without its secrets. The API returns a secret only when it is created.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Client {
    pub(crate) client_id: String,
    #[serde(default)]
    pub(crate) client_name: String,
    #[serde(default)]
    client_description: String,
    #[serde(default)]
    pub(crate) status: Status,
    #[serde(default)]
    pub(crate) scopes: Vec<String>,
    #[serde(default)]
    client_secret_last_four: String,
    #[serde(default)]
    trusted_metadata: Object,
    #[serde(default)]
    next_client_secret_last_four: Option<String>,
    #[serde(skip, default = "no_secrets")]
    secrets: ClientSecrets,
}

/// A client as a snapshot contains it: the API's form, and the secrets, which that form does not have.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Stored {
    m2m_client: Client,
    client_secret: String,
    #[serde(default)]
    next_client_secret: Option<String>,
}

#[derive(Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Status {
    #[default]
    Active,
    Inactive,
}

/// All clients of a project, in the order of creation.
pub(crate) type Clients = Store<Client>;

impl Record for Client {
    type Index = NoIndex;
    type Stored = Stored;
    const UNIQUE: &'static [NoIndex] = &[];

    fn id(&self) -> &str {
        &self.client_id
    }

    fn keys(&self) -> Vec<(NoIndex, String)> {
        Vec::new()
    }
}

impl Store<Client> {
    pub(crate) fn find(&self, client_id: &str) -> Result<&Client, Failure> {
        let found = self.get(client_id);
        found.ok_or_else(|| errors::M2M_CLIENT_NOT_FOUND.failure())
    }
}

impl Client {
    pub(crate) fn new(client_id: String, secret: String) -> Self {
        let secrets = ClientSecrets::new(secret);
        Self {
            client_id,
            client_name: String::new(),
            client_description: String::new(),
            status: Status::Active,
            scopes: Vec::new(),
            client_secret_last_four: secrets.last_four(),
            trusted_metadata: Object::new(),
            next_client_secret_last_four: None,
            secrets,
        }
    }

    /// Applies the fields that create and update have in common. If a field is invalid, the client stays unchanged.
    pub(crate) fn describe(&mut self, fields: &Fields) -> Result<(), Failure> {
        let mut changed = self.clone();
        if let Some(name) = fields.text("client_name")? {
            name.clone_into(&mut changed.client_name);
        }
        if let Some(description) = fields.text("client_description")? {
            description.clone_into(&mut changed.client_description);
        }
        if let Some(scopes) = fields.texts("scopes")? {
            if !scopes.iter().all(|scope| shapes::is_scope(scope)) {
                return Err(errors::INVALID_M2M_CLIENT_SCOPE.failure());
            }
            changed.scopes = scopes;
        }
        if let Some(patch) = fields.object("trusted_metadata")? {
            merge::metadata(&mut changed.trusted_metadata, patch)?;
        }
        *self = changed;
        Ok(())
    }

    /// Whether the secret is valid. During a rotation, both secrets are valid.
    pub(crate) fn has_secret(&self, secret: &str) -> bool {
        self.secrets.has(secret)
    }

    /// Does a step of the rotation of the secret.
    pub(crate) fn rotate(&mut self, step: Rotation) -> Result<(), Failure> {
        self.secrets.rotate(step, &ROTATION_ERRORS)?;
        self.show_last_four();
        Ok(())
    }

    fn show_last_four(&mut self) {
        self.client_secret_last_four = self.secrets.last_four();
        self.next_client_secret_last_four = self.secrets.next_last_four();
    }
}

static ROTATION_ERRORS: RotationErrors = RotationErrors {
    already_rotating: &errors::M2M_CLIENT_ALREADY_ROTATING_SECRET,
    not_rotating: &errors::M2M_CLIENT_NOT_ROTATING_SECRET,
};

impl From<Stored> for Client {
    /// The last four characters are those of the secrets.
    fn from(stored: Stored) -> Self {
        let mut client = Self {
            secrets: ClientSecrets {
                client_secret: stored.client_secret,
                next_client_secret: stored.next_client_secret,
            },
            ..stored.m2m_client
        };
        client.show_last_four();
        client
    }
}

impl From<Client> for Stored {
    fn from(client: Client) -> Self {
        let secrets = client.secrets.clone();
        Self {
            client_secret: secrets.client_secret,
            next_client_secret: secrets.next_client_secret,
            m2m_client: client,
        }
    }
}

/// The secrets of a client in the API's form, which does not have them.
fn no_secrets() -> ClientSecrets {
    ClientSecrets::new(String::new())
}

/// Reads a secret that the caller has chosen.
pub(crate) fn chosen_secret(fields: &Fields) -> Result<Option<String>, Failure> {
    let Some(secret) = fields.text("client_secret")? else {
        return Ok(None);
    };
    if secret.chars().count() > 128 {
        return Err(errors::CLIENT_SECRET_TOO_LONG.failure());
    }
    let mut different: Vec<char> = secret.chars().collect();
    different.sort_unstable();
    different.dedup();
    if secret.chars().count() < 8 || different.len() < 5 {
        return Err(errors::INSECURE_M2M_CLIENT_SECRET.failure());
    }
    Ok(Some(secret.to_owned()))
}
