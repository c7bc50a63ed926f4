//! The SSO connections of a seed, and the accounts that members have at the connections.

use serde_json::{Value, json};

use super::connection::identity_provider;
use super::external::External;
use super::oidc::Oidc;
use super::saml::assign_roles;
use super::saml_connection::Saml;
use super::{Connection, Protocol};
use crate::b2b::B2b;
use crate::b2b::member::Member;
use crate::b2b::organization::Organization;
use crate::clock::UnixSeconds;
use crate::errors::Failure;
use crate::fields::Fields;
use crate::given::{Given, SeedError};
use crate::ids::Ids;

/// The connections of one organization, before the organization is stored.
pub(crate) struct SeededConnections {
    given: [Vec<Given>; 3],
    default_id: Option<String>,
    jit_ids: Vec<String>,
}

impl SeededConnections {
    /// Takes the lists of the API (`saml_connections`, `oidc_connections`, `external_connections`) and the two fields of the
    /// organization that name connections.
    pub(crate) fn take(given: &mut Given) -> Result<Self, SeedError> {
        let lists = [
            given.objects("saml_connections")?,
            given.objects("oidc_connections")?,
            given.objects("external_connections")?,
        ];
        let default_id = given.text("sso_default_connection_id")?;
        let fields = given.fields(&["sso_jit_provisioning_allowed_connections"]);
        let jit_ids = fields.texts("sso_jit_provisioning_allowed_connections");
        let jit_ids = jit_ids.map_err(|failure| given.failed(&failure))?;
        let connections = Self {
            given: lists,
            default_id,
            jit_ids: jit_ids.unwrap_or_default(),
        };
        let ids = connections.default_id.iter().chain(&connections.jit_ids);
        let named: Vec<&String> = ids.collect();
        let given_ids = connections.given.iter().flatten();
        let given_ids: Vec<&str> = given_ids
            .filter_map(|one| one.peek("connection_id"))
            .collect();
        if let Some(unknown) = named.iter().find(|id| !given_ids.contains(&id.as_str())) {
            let name = match connections.default_id.as_ref() == Some(unknown) {
                true => "sso_default_connection_id",
                false => "sso_jit_provisioning_allowed_connections",
            };
            let message = "must be the connection_id of a connection of the organization";
            return Err(given.refused(name, message));
        }
        Ok(connections)
    }

    /// Adds the connections to the organization, which is stored. The organization of an external connection's
    /// `external_organization_id` precedes it in the seed.
    pub(crate) fn add(
        self,
        b2b: &mut B2b,
        ids: &mut Ids,
        organization: &Organization,
        now: UnixSeconds,
    ) -> Result<(), SeedError> {
        let kinds = [Kind::Saml, Kind::Oidc, Kind::External];
        for (kind, list) in kinds.into_iter().zip(self.given) {
            for given in list {
                let connection = kind.read((b2b, ids), organization, given, now)?;
                b2b.put_connection(connection, organization.updated_at);
            }
        }
        if let Ok(organization) = b2b.organizations.find(&organization.organization_id) {
            let mut organization = organization.clone();
            if self.default_id.is_some() {
                organization.sso_default_connection_id = self.default_id;
            }
            organization.sso_jit_provisioning_allowed_connections = self.jit_ids;
            b2b.organizations.put(organization);
        }
        Ok(())
    }
}

/// Takes `sso_registrations` of a member, in the form of the API. The connections of the organization are stored.
pub(crate) fn take_registrations(
    b2b: &B2b,
    ids: &mut Ids,
    member: &mut Member,
    given: &mut Given,
) -> Result<(), SeedError> {
    for mut one in given.objects("sso_registrations")? {
        let connection_id = one.text("connection_id")?.unwrap_or_default();
        let connection = b2b.connections.get(&connection_id);
        let connection = connection.filter(|known| known.organization_id == member.organization_id);
        let connection = connection.ok_or_else(|| {
            let message = "must be the connection_id of an SSO connection of the organization";
            one.refused("connection_id", message)
        })?;
        let prefix = connection.registration_prefix();
        let drawn = ids.id(prefix);
        let registration_id = one.id("registration_id", prefix, ids)?.unwrap_or(drawn);
        let external_id = one.text("external_id")?.filter(|id| !id.is_empty());
        let external_id = external_id.ok_or_else(|| one.refused("external_id", "is required"))?;
        let attributes = one.fields(&["sso_attributes"]);
        let attributes = attributes.object("sso_attributes");
        let attributes = attributes.map_err(|failure| one.failed(&failure))?.cloned();
        one.finish(&json!({}))?;
        let is_same = |known: &Value| {
            known.get("connection_id") == Some(&json!(connection_id))
                && known.get("external_id") == Some(&json!(external_id))
        };
        let mut members = b2b.members.of(&member.organization_id);
        let is_taken = members.any(|known| known.sso_registrations.iter().any(is_same));
        if is_taken || member.sso_registrations.iter().any(is_same) {
            let message = "has an account of another registration";
            return Err(given.refused("sso_registrations", message));
        }
        member.sso_registrations.push(json!({
            "connection_id": connection_id,
            "external_id": external_id,
            "registration_id": registration_id,
            "sso_attributes": attributes.unwrap_or_default(),
        }));
    }
    Ok(())
}

#[derive(Clone, Copy)]
enum Kind {
    Saml,
    Oidc,
    External,
}

impl Kind {
    fn prefix(self) -> &'static str {
        match self {
            Self::Saml => "saml-connection",
            Self::Oidc => "oidc-connection",
            Self::External => "external-connection",
        }
    }

    fn fields(self) -> &'static [&'static str] {
        match self {
            Self::Saml => &SAML,
            Self::Oidc => &OIDC,
            Self::External => &EXTERNAL,
        }
    }

    fn read(
        self,
        (b2b, ids): (&B2b, &mut Ids),
        organization: &Organization,
        mut given: Given,
        now: UnixSeconds,
    ) -> Result<Connection, SeedError> {
        let drawn = ids.id(self.prefix());
        let id = given.id("connection_id", self.prefix(), ids)?;
        let connection_id = id.unwrap_or(drawn);
        if b2b.connections.get(&connection_id).is_some() {
            return Err(given.refused("connection_id", "is the id of another connection"));
        }
        let display_name = given.text("display_name")?.unwrap_or_default();
        let fields = given.fields(self.fields());
        let protocol = self.protocol((b2b, ids), organization, &fields, now);
        let protocol = protocol.map_err(|failure| given.failed(&failure))?;
        given.ignore(&[
            "organization_id",
            "status",
            "acs_url",
            "audience_uri",
            "redirect_url",
        ]);
        given.finish(&json!({}))?;
        Ok(Connection {
            organization_id: organization.organization_id.clone(),
            connection_id,
            display_name,
            protocol,
        })
    }

    fn protocol(
        self,
        (b2b, ids): (&B2b, &mut Ids),
        organization: &Organization,
        fields: &Fields,
        now: UnixSeconds,
    ) -> Result<Protocol, Failure> {
        Ok(match self {
            Self::Saml => {
                let mut saml = Saml::new(None);
                if let Some(url) = fields.text("metadata_url")? {
                    saml.configure(ids, url, now)?;
                }
                saml.update(ids, fields, now)?;
                assign_roles(b2b, organization, &mut saml, fields)?;
                Protocol::Saml(Box::new(saml))
            }
            Self::Oidc => {
                let name = identity_provider(fields)?;
                let mut oidc = Oidc {
                    identity_provider: name.unwrap_or_else(|| "generic".to_owned()),
                    ..Oidc::default()
                };
                oidc.configure(fields)?;
                Protocol::Oidc(oidc)
            }
            Self::External => Protocol::External(External::new(b2b, organization, fields)?),
        })
    }
}

/// The fields of an update, and `metadata_url`.
const SAML: [&str; 15] = [
    "metadata_url",
    "identity_provider",
    "idp_entity_id",
    "idp_sso_url",
    "attribute_mapping",
    "x509_certificate",
    "signing_private_key",
    "saml_encryption_private_key",
    "saml_connection_implicit_role_assignments",
    "saml_group_implicit_role_assignments",
    "alternative_audience_uri",
    "nameid_format",
    "alternative_acs_url",
    "idp_initiated_auth_disabled",
    "allow_gateway_callback",
];
const OIDC: [&str; 10] = [
    "client_id",
    "client_secret",
    "issuer",
    "authorization_url",
    "token_url",
    "userinfo_url",
    "jwks_url",
    "identity_provider",
    "custom_scopes",
    "attribute_mapping",
];
const EXTERNAL: [&str; 4] = [
    "external_organization_id",
    "external_connection_id",
    "connection_implicit_role_assignments",
    "group_implicit_role_assignments",
];
