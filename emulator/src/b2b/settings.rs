//! The settings of an organization: who may join, which log-in methods are allowed, and the values that the API
//! accepts.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::discovery::Tenant;
use crate::errors::{self, ErrorRow, Failure};
use crate::fields::Fields;
use crate::merge::{self, Object};
use crate::shapes;

/// The settings in the JSON form of the API, as a part of an organization.
///
/// Missing settings have the API's defaults.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct Settings {
    sso_jit_provisioning: String,
    email_allowed_domains: Vec<String>,
    email_jit_provisioning: String,
    email_invites: String,
    auth_methods: String,
    allowed_auth_methods: Vec<String>,
    mfa_policy: String,
    rbac_email_implicit_role_assignments: Vec<Value>,
    mfa_methods: String,
    allowed_mfa_methods: Vec<String>,
    oauth_tenant_jit_provisioning: String,
    allowed_oauth_tenants: Object,
    claimed_email_domains: Vec<String>,
    first_party_connected_apps_allowed_type: String,
    allowed_first_party_connected_apps: Vec<String>,
    third_party_connected_apps_allowed_type: String,
    allowed_third_party_connected_apps: Vec<String>,
}

impl Default for Settings {
    fn default() -> Self {
        let all = || "ALL_ALLOWED".to_owned();
        let none = || "NOT_ALLOWED".to_owned();
        Self {
            sso_jit_provisioning: all(),
            email_allowed_domains: Vec::new(),
            email_jit_provisioning: none(),
            email_invites: all(),
            auth_methods: all(),
            allowed_auth_methods: Vec::new(),
            mfa_policy: "OPTIONAL".to_owned(),
            rbac_email_implicit_role_assignments: Vec::new(),
            mfa_methods: all(),
            allowed_mfa_methods: Vec::new(),
            oauth_tenant_jit_provisioning: none(),
            allowed_oauth_tenants: Object::new(),
            claimed_email_domains: Vec::new(),
            first_party_connected_apps_allowed_type: all(),
            allowed_first_party_connected_apps: Vec::new(),
            third_party_connected_apps_allowed_type: all(),
            allowed_third_party_connected_apps: Vec::new(),
        }
    }
}

impl Settings {
    /// Reads the settings of a new organization. Missing settings have the API's defaults.
    pub(crate) fn read(fields: &Fields) -> Result<Self, Failure> {
        let choice = |name, values: &[&str], default: &str, error: &'static ErrorRow| {
            let value = fields.text(name)?.unwrap_or(default);
            if values.contains(&value) {
                Ok(value.to_owned())
            } else {
                let accepted = values.join(", ");
                Err(error.with_message(format!("The field {name} must be one of {accepted}.")))
            }
        };
        let joining = |name, values: &[&str], default| {
            choice(name, values, default, &errors::INVALID_AUTH_FACTOR_SETTING)
        };
        let texts = |name| Ok::<_, Failure>(fields.texts(name)?.unwrap_or_default());
        let implicit_roles = fields
            .value("rbac_email_implicit_role_assignments")
            .map(Value::as_array);
        let implicit_roles = implicit_roles.unwrap_or(Some(&Vec::new())).cloned();

        // Invites are allowed by default only if the caller does not set any of the `JOINING_FIELDS`.
        let sets_joining = JOINING_FIELDS.iter().any(|name| fields.has(name));
        let invites = if sets_joining {
            "NOT_ALLOWED"
        } else {
            "ALL_ALLOWED"
        };
        let settings = Self {
            sso_jit_provisioning: joining("sso_jit_provisioning", &OPENNESS, "ALL_ALLOWED")?,
            email_allowed_domains: domains(texts("email_allowed_domains")?)?,
            email_jit_provisioning: joining(
                "email_jit_provisioning",
                &["RESTRICTED", "NOT_ALLOWED"],
                "NOT_ALLOWED",
            )?,
            email_invites: joining("email_invites", &OPENNESS, invites)?,
            auth_methods: choice(
                "auth_methods",
                &METHODS,
                "ALL_ALLOWED",
                &errors::INVALID_AUTH_METHODS,
            )?,
            allowed_auth_methods: known(
                texts("allowed_auth_methods")?,
                &AUTH_METHODS,
                &errors::INVALID_ALLOWED_AUTH_METHODS,
            )?,
            mfa_policy: choice(
                "mfa_policy",
                &["OPTIONAL", "REQUIRED_FOR_ALL"],
                "OPTIONAL",
                &errors::INVALID_MFA_POLICY,
            )?,
            rbac_email_implicit_role_assignments: implicit_roles
                .filter(|rows| rows.iter().all(is_implicit_role))
                .ok_or(&errors::INVALID_ARGUMENT)?,
            mfa_methods: choice(
                "mfa_methods",
                &METHODS,
                "ALL_ALLOWED",
                &errors::INVALID_AUTH_METHODS,
            )?,
            allowed_mfa_methods: known(
                texts("allowed_mfa_methods")?,
                &MFA_METHODS,
                &errors::INVALID_ALLOWED_MFA_METHODS,
            )?,
            oauth_tenant_jit_provisioning: joining(
                "oauth_tenant_jit_provisioning",
                &["RESTRICTED", "NOT_ALLOWED"],
                "NOT_ALLOWED",
            )?,
            allowed_oauth_tenants: fields
                .object("allowed_oauth_tenants")?
                .cloned()
                .unwrap_or_default(),
            claimed_email_domains: texts("claimed_email_domains")?,
            first_party_connected_apps_allowed_type: joining(
                "first_party_connected_apps_allowed_type",
                &OPENNESS,
                "ALL_ALLOWED",
            )?,
            allowed_first_party_connected_apps: texts("allowed_first_party_connected_apps")?,
            third_party_connected_apps_allowed_type: joining(
                "third_party_connected_apps_allowed_type",
                &OPENNESS,
                "ALL_ALLOWED",
            )?,
            allowed_third_party_connected_apps: texts("allowed_third_party_connected_apps")?,
        };
        settings.validate()?;
        Ok(settings)
    }

    /// Returns these settings with the values that the call has.
    pub(crate) fn updated(&self, fields: &Fields) -> Result<Self, Failure> {
        let mut merged = merge::object(json!(self));
        for name in NAMES {
            let given = fields.value(name).filter(|value| *value != "");
            if let Some(value) = given {
                merged.insert(name.to_owned(), value.clone());
            }
        }
        Self::read(&Fields::from(merged))
    }

    pub(crate) fn allowed_domains(&self) -> &[String] {
        &self.email_allowed_domains
    }

    pub(crate) fn claimed_domains(&self) -> &[String] {
        &self.claimed_email_domains
    }

    /// Returns an error unless a user with this email address may be invited.
    pub(crate) fn admit_invite(&self, email_address: &str) -> Result<(), Failure> {
        match self.email_invites.as_str() {
            "ALL_ALLOWED" => Ok(()),
            "RESTRICTED" if self.lists_domain_of(email_address) => Ok(()),
            "RESTRICTED" => Err(errors::INVALID_EMAIL_FOR_INVITES.failure()),
            _ => Err(errors::INVALID_EMAIL_FOR_INVITES
                .with_message("The organization does not allow invites by email.")),
        }
    }

    /// Returns an error unless a user with this email address may join.
    pub(crate) fn admit(&self, email_address: &str) -> Result<(), Failure> {
        if self.email_jit_provisioning != "RESTRICTED" {
            return Err(errors::EMAIL_JIT_NOT_ALLOWED.failure());
        }
        if self.lists_domain_of(email_address) {
            Ok(())
        } else {
            Err(errors::INVALID_EMAIL_FOR_JIT.failure())
        }
    }

    /// Whether users of this OAuth tenant may join.
    pub(crate) fn admits_tenant(&self, tenant: &Tenant) -> bool {
        let allowed = self.allowed_oauth_tenants.get(&tenant.provider);
        let mut allowed = allowed.and_then(Value::as_array).into_iter().flatten();
        self.restricts_tenants() && allowed.any(|id| id.as_str() == Some(&tenant.tenant_id))
    }

    /// Whether some workspaces allow their users to join.
    pub(crate) fn restricts_tenants(&self) -> bool {
        self.oauth_tenant_jit_provisioning == "RESTRICTED"
    }

    pub(crate) fn allows_method(&self, method: &str) -> bool {
        self.auth_methods == "ALL_ALLOWED"
            || self
                .allowed_auth_methods
                .iter()
                .any(|allowed| allowed == method)
    }

    fn lists_domain_of(&self, email_address: &str) -> bool {
        let domain = email_address.rsplit('@').next().unwrap_or_default();
        self.email_allowed_domains
            .iter()
            .any(|allowed| allowed == domain)
    }

    pub(crate) fn allows_mfa_method(&self, method: &str) -> bool {
        self.mfa_methods == "ALL_ALLOWED"
            || self
                .allowed_mfa_methods
                .iter()
                .any(|allowed| allowed == method)
    }

    /// Whether members may authorize this Connected App.
    pub(crate) fn allows_app(&self, client_id: &str, is_first_party: bool) -> bool {
        let (setting, allowed) = match is_first_party {
            true => (
                &self.first_party_connected_apps_allowed_type,
                &self.allowed_first_party_connected_apps,
            ),
            false => (
                &self.third_party_connected_apps_allowed_type,
                &self.allowed_third_party_connected_apps,
            ),
        };
        setting == "ALL_ALLOWED"
            || setting == "RESTRICTED" && allowed.iter().any(|id| id == client_id)
    }

    pub(crate) fn sso_jit_provisioning(&self) -> &str {
        &self.sso_jit_provisioning
    }

    pub(crate) fn requires_mfa(&self) -> bool {
        self.mfa_policy == "REQUIRED_FOR_ALL"
    }

    /// Returns the roles that a verified email address at this domain assigns.
    pub(crate) fn implicit_roles<'a>(&'a self, domain: &'a str) -> impl Iterator<Item = &'a str> {
        let at_domain =
            move |row: &&Value| row.get("domain").and_then(Value::as_str) == Some(domain);
        let rows = self
            .rbac_email_implicit_role_assignments
            .iter()
            .filter(at_domain);
        rows.filter_map(|row| row.get("role_id").and_then(Value::as_str))
    }

    /// Returns the roles that verified email addresses can assign.
    pub(crate) fn implicit_role_ids(&self) -> impl Iterator<Item = &str> {
        let rows = self.rbac_email_implicit_role_assignments.iter();
        rows.filter_map(|row| row.get("role_id").and_then(Value::as_str))
    }

    /// Returns an error if the settings contradict each other.
    fn validate(&self) -> Result<(), Failure> {
        let ways_in = [
            &self.sso_jit_provisioning,
            &self.email_jit_provisioning,
            &self.email_invites,
        ];
        if ways_in.iter().all(|way| *way == "NOT_ALLOWED") {
            return Err(errors::INVALID_AUTH_FACTOR_SETTING.with_message(
                "sso_jit_provisioning, email_jit_provisioning and email_invites must not all be NOT_ALLOWED.",
            ));
        }
        let by_domain =
            self.email_jit_provisioning == "RESTRICTED" || self.email_invites == "RESTRICTED";
        if by_domain && self.email_allowed_domains.is_empty() {
            return Err(errors::INVALID_AUTH_FACTOR_SETTING
                .with_message("If email_jit_provisioning or email_invites is RESTRICTED, email_allowed_domains must not be empty."));
        }
        if self.auth_methods == "RESTRICTED" && self.allowed_auth_methods.is_empty() {
            return Err(errors::AUTH_METHODS_NEEDED.failure());
        }
        if self.mfa_methods == "RESTRICTED" && self.allowed_mfa_methods.is_empty() {
            return Err(errors::MFA_METHODS_NEEDED.failure());
        }
        Ok(())
    }
}

/// Whether the value is an object with the texts `domain` and `role_id`.
fn is_implicit_role(row: &Value) -> bool {
    let has_text = |name| row.get(name).is_some_and(Value::is_string);
    has_text("domain") && has_text("role_id")
}

fn known(
    values: Vec<String>,
    all: &[&str],
    error: &'static ErrorRow,
) -> Result<Vec<String>, Failure> {
    let all_known = values.iter().all(|value| all.contains(&value.as_str()));
    if all_known {
        Ok(values)
    } else {
        Err(error.failure())
    }
}

fn domains(values: Vec<String>) -> Result<Vec<String>, Failure> {
    let mut kept: Vec<String> = Vec::new();
    for value in values {
        let domain = value.to_lowercase();
        if !shapes::is_domain(&domain) {
            return Err(errors::INVALID_DOMAIN.failure());
        }
        if is_common(&domain) {
            return Err(errors::DOMAIN_TOO_COMMON.failure());
        }
        if kept.contains(&domain) {
            return Err(errors::DUPLICATE_DOMAIN.failure());
        }
        kept.push(domain);
    }
    Ok(kept)
}

/// Whether the domain belongs to a public email provider: `gmail.com` and `yahoo.co.uk` do, `me.example.com` does not.
pub(super) fn is_common(domain: &str) -> bool {
    let mut labels = domain.split('.');
    let is_provider = labels
        .next()
        .is_some_and(|name| COMMON_PROVIDERS.contains(&name));
    let rest: Vec<&str> = labels.collect();
    is_provider && matches!(rest.as_slice(), [_] | ["co" | "com" | "net" | "ne", _])
}

const OPENNESS: [&str; 3] = ["ALL_ALLOWED", "RESTRICTED", "NOT_ALLOWED"];
const METHODS: [&str; 2] = ["ALL_ALLOWED", "RESTRICTED"];
/// The members of [`Settings`].
pub(super) const NAMES: [&str; 17] = [
    "sso_jit_provisioning",
    "email_allowed_domains",
    "email_jit_provisioning",
    "email_invites",
    "auth_methods",
    "allowed_auth_methods",
    "mfa_policy",
    "rbac_email_implicit_role_assignments",
    "mfa_methods",
    "allowed_mfa_methods",
    "oauth_tenant_jit_provisioning",
    "allowed_oauth_tenants",
    "claimed_email_domains",
    "first_party_connected_apps_allowed_type",
    "allowed_first_party_connected_apps",
    "third_party_connected_apps_allowed_type",
    "allowed_third_party_connected_apps",
];
const JOINING_FIELDS: [&str; 3] = [
    "sso_jit_provisioning",
    "email_jit_provisioning",
    "oauth_tenant_jit_provisioning",
];
const AUTH_METHODS: [&str; 9] = [
    "sso",
    "magic_link",
    "email_otp",
    "password",
    "google_oauth",
    "microsoft_oauth",
    "slack_oauth",
    "github_oauth",
    "hubspot_oauth",
];
const MFA_METHODS: [&str; 2] = ["sms_otp", "totp"];
const COMMON_PROVIDERS: [&str; 30] = [
    "gmail",
    "googlemail",
    "google",
    "aol",
    "yahoo",
    "ymail",
    "icloud",
    "me",
    "mac",
    "hotmail",
    "live",
    "outlook",
    "msn",
    "comcast",
    "att",
    "earthlink",
    "sbcglobal",
    "verizon",
    "igmail",
    "hey",
    "laposte",
    "wanadoo",
    "orange",
    "free",
    "rediffmail",
    "uol",
    "bol",
    "libero",
    "gmx",
    "yandex",
];
