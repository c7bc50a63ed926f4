//! The SSO connections of the world, and the values that name them in requests.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::description::Operation;
use super::world::{NOW, SETTINGS, World, request};
use stytch_emulator::UnixSeconds;

impl World {
    /// Adds an active SAML connection with two certificates and a private key, a pending one, an OpenID Connect connection,
    /// and a connection that uses one of another organization.
    pub(super) fn add_connections(
        &mut self,
        organization_id: &str,
    ) -> BTreeMap<&'static str, Value> {
        let jwks = format!("GET /v1/sessions/jwks/{}", SETTINGS.consumer.project_id);
        let certificate = self.control(&jwks, Value::Null)["keys"][0]["x5c"][0].take();
        let certificate = certificate.as_str().unwrap();
        let certificate =
            format!("-----BEGIN CERTIFICATE-----{certificate}-----END CERTIFICATE-----");
        let other = json!({ "organization_name": "Initech" });
        let other = self.sso("POST /v1/b2b/organizations", other)["organization"].take();
        let other = other["organization_id"].as_str().unwrap().to_owned();
        let used = self.saml(&other);
        let unused = self.saml(&other);
        let active = self.saml(organization_id);
        let pending = self.saml(organization_id);
        let route = format!("PUT /v1/b2b/sso/saml/{organization_id}/connections/{active}");
        let change = json!({
            "attribute_mapping": mapping(),
            "x509_certificate": certificate,
            "saml_encryption_private_key": PRIVATE_KEY,
        });
        self.sso(&route, change);
        let metadata = json!({ "metadata_url": METADATA_URL });
        let changed = self.sso(&format!("{route}/url"), metadata)["connection"].take();
        let oidc = format!("POST /v1/b2b/sso/oidc/{organization_id}");
        let oidc = self.sso(&oidc, json!({}))["connection"]["connection_id"].take();
        let external = json!({ "external_organization_id": other, "external_connection_id": used });
        let route = format!("POST /v1/b2b/sso/external/{organization_id}");
        let external = self.sso(&route, external)["connection"]["connection_id"].take();
        let user = json!({ "acs_url": "https://sp.example/acs", "email": "bob@acme.example" });
        let signed = self.signed(user, NOW).unwrap();
        self.consumer.insert("SAMLResponse", signed);
        let role = json!([{ "role_id": "editor" }]);
        let group = json!([{ "role_id": "editor", "group": "staff" }]);
        BTreeMap::from([
            ("saml_connection_id", json!(active)),
            ("pending_connection_id", json!(pending)),
            ("oidc_connection_id", oidc),
            ("used_connection_id", external),
            ("external_organization_id", json!(other)),
            ("external_connection_id", json!(unused)),
            ("sso_default_connection_id", json!(active)),
            ("sso_jit_provisioning_allowed_connections", json!([active])),
            (
                "certificate_id",
                changed["verification_certificates"][0]["certificate_id"].clone(),
            ),
            (
                "private_key_id",
                changed["encryption_private_keys"][0]["private_key_id"].clone(),
            ),
            ("attribute_mapping", mapping()),
            ("metadata_url", json!(METADATA_URL)),
            ("x509_certificate", json!(certificate)),
            ("signing_private_key", json!(PRIVATE_KEY)),
            ("saml_encryption_private_key", json!(PRIVATE_KEY)),
            ("issuer", json!("https://issuer.example")),
            ("saml_connection_implicit_role_assignments", role.clone()),
            ("saml_group_implicit_role_assignments", group.clone()),
            ("connection_implicit_role_assignments", role.clone()),
            ("group_implicit_role_assignments", group.clone()),
            ("external_connection_implicit_role_assignments", role),
            ("external_group_implicit_role_assignments", group),
        ])
    }

    /// Adds a SCIM connection in a rotation, with a group, to one organization, and names another organization without a
    /// connection.
    pub(super) fn add_directory(&mut self, organization_id: &str) -> BTreeMap<&'static str, Value> {
        let route = format!("POST /v1/b2b/scim/{organization_id}/connection");
        let connection = self.sso(&route, json!({}))["connection"].take();
        let id = connection["connection_id"].as_str().unwrap();
        let token = connection["bearer_token"].as_str().unwrap();
        let mut group = request(
            &format!("POST /v1/b2b/scim/{id}/Groups"),
            None,
            &json!({ "displayName": "Staff" }),
        );
        let header = ("Authorization".to_owned(), format!("Bearer {token}"));
        group.headers.push(header);
        let group: Value = serde_json::from_slice(&self.send(&group).body).unwrap();
        self.sso(&format!("{route}/{id}/rotate/start"), json!({}));
        let unconnected = json!({ "organization_name": "Hooli" });
        let unconnected = self.sso("POST /v1/b2b/organizations", unconnected);
        let role = json!({ "role_id": "editor", "group_id": group["id"], "group_name": "Staff" });
        BTreeMap::from([
            ("scim_connection_id", json!(id)),
            (
                "unconnected_organization_id",
                unconnected["organization"]["organization_id"].clone(),
            ),
            ("scim_group_implicit_role_assignments", json!([role])),
        ])
    }

    /// Logs a member in at the identity provider of the SAML connection, and returns the token of the redirect. Returns
    /// `None` if the connection does not exist any more.
    pub(super) fn sso_token(&mut self, now: UnixSeconds) -> Option<Value> {
        let connection = self.b2b.get("saml_connection_id")?.as_str()?.to_owned();
        let acs_url = format!("https://test.stytch.com/v1/b2b/sso/callback/{connection}");
        let user = json!({ "acs_url": acs_url, "email": "bob@acme.example", "name": "Bob" });
        let body = json!({ "SAMLResponse": self.signed(user, now)? });
        let callback = format!("POST /v1/b2b/sso/callback/{connection}");
        let response = self.emulator.handle(&request(&callback, None, &body), now);
        let mut headers = response.headers.iter();
        let (_, url) = headers.find(|(name, _)| name == "location")?;
        let (_, token) = url.split_once("&token=")?;
        Some(json!(token))
    }

    /// Returns the response of the identity provider for this user.
    fn signed(&mut self, user: Value, now: UnixSeconds) -> Option<Value> {
        let mut login = request("POST /_emulator/idp/1/saml", None, &user);
        let host = ("Host".to_owned(), "127.0.0.1:4010".to_owned());
        let accept = ("Accept".to_owned(), "application/json".to_owned());
        login.headers.extend([host, accept]);
        let answer = self.emulator.handle(&login, now);
        let mut body: Value = serde_json::from_slice(&answer.body).ok()?;
        Some(body["SAMLResponse"].take())
    }

    fn saml(&mut self, organization_id: &str) -> String {
        let route = format!("POST /v1/b2b/sso/saml/{organization_id}");
        let connection = self.sso(&route, json!({}))["connection"]["connection_id"].take();
        connection.as_str().unwrap().to_owned()
    }

    pub(super) fn sso(&mut self, route: &str, body: Value) -> Value {
        self.call(&SETTINGS.b2b, route, body)
    }
}

/// The name of the value that names the connection in requests of this operation.
pub(super) fn connection_of(operation: &Operation) -> &'static str {
    let names = [
        ("/sso/saml/", "saml_connection_id"),
        ("/sso/oidc/", "oidc_connection_id"),
        ("/sso/external/", "used_connection_id"),
        ("/sso/", "pending_connection_id"),
        ("/scim/", "scim_connection_id"),
    ];
    let mut names = names.iter();
    let found = names.find(|(part, _)| operation.path.contains(part));
    found.map_or("connection_id", |(_, name)| name)
}

fn mapping() -> Value {
    json!({ "email": "email", "full_name": "name", "groups": "groups" })
}

const METADATA_URL: &str = "http://127.0.0.1:4010/_emulator/idp/1/metadata";
const PRIVATE_KEY: &str = include_str!("rsa_private_key.pem");
