//! Authentication factors of sessions: what a user or member has proved, and by which method.
//!
//! A factor has a type, a delivery method and, for most types, one object with details. The functions below create the
//! kinds that the API has.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::clock::UnixSeconds;
use crate::merge::{self, Object};

/// A factor in the form of the API.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Factor {
    r#type: String,
    delivery_method: String,
    last_authenticated_at: UnixSeconds,
    created_at: UnixSeconds,
    updated_at: UnixSeconds,
    /// The object of the details, under its own name. Empty if the kind has no details.
    #[serde(flatten)]
    details: Object,
}

impl Factor {
    /// `details` is an object with one member, or an empty object.
    pub(crate) fn new(
        r#type: &str,
        delivery_method: &str,
        details: Value,
        now: UnixSeconds,
    ) -> Self {
        Self {
            r#type: r#type.to_owned(),
            delivery_method: delivery_method.to_owned(),
            last_authenticated_at: now,
            created_at: now,
            updated_at: now,
            details: merge::object(details),
        }
    }

    /// A magic link sent by email.
    pub(crate) fn magic_link(email_id: &str, email_address: &str, now: UnixSeconds) -> Self {
        Self::new("magic_link", "email", email(email_id, email_address), now)
    }

    /// A magic link that the caller has delivered.
    pub(crate) fn embeddable_magic_link(id: &str, now: UnixSeconds) -> Self {
        let details = json!({ "embeddable_magic_link_factor": { "embedded_id": id } });
        Self::new("magic_link", "embedded", details, now)
    }

    /// A password.
    pub(crate) fn password(now: UnixSeconds) -> Self {
        Self::new("password", "knowledge", json!({}), now)
    }

    /// A one-time passcode of a user, sent by email.
    pub(crate) fn email_otp(email_id: &str, email_address: &str, now: UnixSeconds) -> Self {
        Self::new("otp", "email", email(email_id, email_address), now)
    }

    /// A one-time passcode, sent to a phone. The delivery method is `sms` or `whatsapp`.
    pub(crate) fn phone_otp(
        delivery_method: &str,
        (phone_id, phone_number): (&str, &str),
        now: UnixSeconds,
    ) -> Self {
        let phone = json!({ "phone_id": phone_id, "phone_number": phone_number });
        let details = json!({ "phone_number_factor": phone });
        Self::new("otp", delivery_method, details, now)
    }

    /// A signature of a crypto wallet, by its id, address and type.
    pub(crate) fn crypto_wallet(
        (id, address, r#type): (&str, &str, &str),
        now: UnixSeconds,
    ) -> Self {
        let wallet = json!({
            "crypto_wallet_id": id,
            "crypto_wallet_address": address,
            "crypto_wallet_type": r#type,
        });
        let details = json!({ "crypto_wallet_factor": wallet });
        Self::new("crypto", "crypto_wallet", details, now)
    }

    /// A code of an authenticator app.
    pub(crate) fn totp(totp_id: &str, now: UnixSeconds) -> Self {
        let details = json!({ "authenticator_app_factor": { "totp_id": totp_id } });
        Self::new("totp", "authenticator_app", details, now)
    }

    /// A recovery code of an authenticator app. `id` is the id of the app's recovery codes.
    pub(crate) fn recovery_code(id: &str, now: UnixSeconds) -> Self {
        let details = json!({ "recovery_code_factor": { "totp_recovery_code_id": id } });
        Self::new("recovery_codes", "recovery_code", details, now)
    }

    /// An impersonation by an operator of the project.
    pub(crate) fn impersonated(
        impersonator_id: &str,
        impersonator_email_address: &str,
        now: UnixSeconds,
    ) -> Self {
        let impersonator = json!({
            "impersonator_id": impersonator_id,
            "impersonator_email_address": impersonator_email_address,
        });
        let details = json!({ "impersonated_factor": impersonator });
        Self::new("impersonated", "impersonation", details, now)
    }

    /// A session of another provider.
    pub(crate) fn imported(now: UnixSeconds) -> Self {
        Self::new("imported", "imported_auth0", json!({}), now)
    }

    /// A trusted auth token.
    pub(crate) fn trusted_auth_token(token_id: &str, now: UnixSeconds) -> Self {
        let details = json!({ "trusted_auth_token_factor": { "token_id": token_id } });
        Self::new("trusted_auth_token", "trusted_token_exchange", details, now)
    }

    /// An access token of a Connected App.
    pub(crate) fn access_token_exchange(client_id: &str, now: UnixSeconds) -> Self {
        let details = json!({ "oauth_access_token_exchange_factor": { "client_id": client_id } });
        Self::new("oauth", "oauth_access_token_exchange", details, now)
    }

    /// Whether the factor is an impersonation.
    pub(crate) fn is_impersonated(&self) -> bool {
        self.r#type == "impersonated"
    }

    /// The type: `magic_link`, `otp`, `password`, ...
    pub(crate) fn r#type(&self) -> &str {
        &self.r#type
    }

    /// The time of the last authentication with this factor.
    pub(crate) fn last_authenticated_at(&self) -> UnixSeconds {
        self.last_authenticated_at
    }

    /// The delivery method: `email`, `sms`, `knowledge`, ...
    pub(crate) fn delivery_method(&self) -> &str {
        &self.delivery_method
    }

    /// Whether both prove the same thing, at any time.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        self.r#type == other.r#type
            && self.delivery_method == other.delivery_method
            && self.details == other.details
    }

    /// Returns the factor with the email address of another object. A factor without an email address stays unchanged.
    pub(crate) fn with_email(&self, email_id: &str, email_address: &str) -> Self {
        let mut factor = self.clone();
        if factor.details.contains_key("email_factor") {
            factor.details = merge::object(email(email_id, email_address));
        }
        for (name, details) in &mut factor.details {
            if name.ends_with("_oauth_factor")
                && let Some(id) = details.get_mut("email_id")
            {
                *id = json!(email_id);
            }
        }
        factor
    }

    /// Returns the id of the OAuth account, if the details have one.
    pub(crate) fn registration_id(&self) -> Option<&str> {
        let mut details = self.details.iter();
        let (_, details) = details.find(|(name, _)| name.ends_with("_oauth_factor"))?;
        details.get("id")?.as_str()
    }

    /// Whether the details of the factor name this SSO connection.
    pub(crate) fn is_of_connection(&self, connection_id: &str) -> bool {
        let mut details = self.details.values();
        details.any(|one| one.get("provider_id").and_then(Value::as_str) == Some(connection_id))
    }

    /// Records another authentication with this factor.
    pub(crate) fn renew(&mut self, now: UnixSeconds) {
        (self.last_authenticated_at, self.updated_at) = (now, now);
    }

    /// Returns the factor in the form of the JWT. Observed JWTs have fewer members per factor than API responses.
    pub(crate) fn as_claim(&self) -> Value {
        let mut claim = merge::object(json!({
            "type": self.r#type,
            "delivery_method": self.delivery_method,
            "last_authenticated_at": self.last_authenticated_at,
        }));
        claim.extend(self.details.clone());
        Value::Object(claim)
    }
}

/// Returns the details of a factor that proves an email address.
pub(crate) fn email(email_id: &str, email_address: &str) -> Value {
    json!({ "email_factor": { "email_id": email_id, "email_address": email_address } })
}
