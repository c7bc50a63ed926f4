//! The registration of passkeys and security keys (WebAuthn), their names and their list. Log-ins are in
//! `webauthn_log_in.rs`.

use base64::Engine as _;
use base64::engine::general_purpose::{URL_SAFE, URL_SAFE_NO_PAD};
use serde_json::{Value, json};

use super::Consumer;
use super::log_in;
use super::passkeys::{Challenge, Passkey, Purpose};
use super::user::{Status, User, WebauthnRegistration};
use crate::call::{Call, Reply};
use crate::errors::{self, Failure};
use crate::factors::Factor;
use crate::fields::Fields;
use crate::ids::Ids;
use crate::merge::{Object, object};
use crate::session_asked::SessionAsked;
use crate::sessions::Attributes;
use crate::shapes;
use crate::webauthn::{self, Credential, Expected, Refusal};

/// `POST /v1/webauthn/register/start`.
pub(crate) fn register_start(
    consumer: &mut Consumer,
    ids: &mut Ids,
    call: &Call,
) -> Result<Reply, Failure> {
    let fields = &call.fields;
    let user_id = fields.text("user_id")?.ok_or(&errors::INVALID_USER_ID)?;
    let domain = read_domain(fields)?;
    let authenticator_type = fields.text("authenticator_type")?.unwrap_or_default();
    if !["", "platform", "cross-platform"].contains(&authenticator_type) {
        return Err(errors::INVALID_AUTHENTICATOR_TYPE.failure());
    }
    let user_agent = fields.text("user_agent")?.unwrap_or_default();
    let is_passkey = is_passkey(fields)?;
    let encoding = Encoding::read(fields)?;
    let override_id = fields.text("override_id")?;
    let name = fields.text("override_name")?;
    let display_name = fields.text("override_display_name")?;

    let user = consumer.users.find(user_id)?;
    if user.status == Status::Pending {
        return Err(errors::CANNOT_USE_WEBAUTHN_WITH_PENDING_USER.failure());
    }
    if user.webauthn_registrations.len() >= MAX_REGISTRATIONS {
        return Err(errors::TOO_MANY_USER_REGISTRATIONS_FOR_DOMAIN.failure());
    }
    let handle = override_id.unwrap_or(&user.user_id).as_bytes();
    let random = ids.webauthn_challenge();
    let known = consumer.passkeys.of(&user.user_id, domain);
    let excluded: Vec<Value> = known.map(|known| encoding.descriptor(known)).collect();
    let name = name.map_or_else(|| account_name(user), str::to_owned);
    let mut options = object(json!({
        "attestation": "direct",
        "challenge": encoding.write(&random),
        "excludeCredentials": excluded,
        "pubKeyCredParams": ALGORITHMS.map(|alg| json!({ "type": "public-key", "alg": alg })),
        "rp": { "id": domain, "name": format!("Emulated {} project", call.product.name()) },
        "timeout": TIMEOUT_MS,
        "user": {
            "id": encoding.write(handle),
            "name": name,
            "displayName": display_name.unwrap_or(&name),
        },
    }));
    let mut selection = Object::new();
    if is_passkey {
        selection.insert("residentKey".into(), json!("required"));
        selection.insert("requireResidentKey".into(), json!(true));
        selection.insert("userVerification".into(), json!("preferred"));
    }
    if !authenticator_type.is_empty() {
        selection.insert("authenticatorAttachment".into(), json!(authenticator_type));
    }
    if !selection.is_empty() {
        options.insert("authenticatorSelection".into(), selection.into());
    }
    let challenge = Challenge {
        challenge: URL_SAFE_NO_PAD.encode(random),
        purpose: Purpose::Registration {
            user_agent: user_agent.to_owned(),
            authenticator_type: authenticator_type.to_owned(),
            user_handle: URL_SAFE_NO_PAD.encode(handle),
        },
        user_id: Some(user.user_id.clone()),
        domain: domain.to_owned(),
        expires_at: call.now.plus_minutes(LIFETIME_MINUTES),
    };
    let reply = json!({
        "user_id": user.user_id,
        "public_key_credential_creation_options": Value::Object(options).to_string(),
    });
    consumer.passkeys.begin(challenge, call.now);
    Ok(Reply::ok(reply))
}

/// `POST /v1/webauthn/register`. If a duration is given, starts a session.
pub(crate) fn register(
    consumer: &mut Consumer,
    ids: &mut Ids,
    call: &Call,
) -> Result<Reply, Failure> {
    let fields = &call.fields;
    let user_id = fields.text("user_id")?.ok_or(&errors::INVALID_USER_ID)?;
    let credential = fields.text("public_key_credential")?;
    let credential = credential.ok_or(&errors::INVALID_PUBLIC_KEY_CREDENTIAL)?;
    let credential = Credential::registration(credential)?;
    let asked = SessionAsked::read(fields)?;
    fields.ignored_texts(&["telemetry_id"])?;

    let mut user = consumer.users.find(user_id)?.clone();
    let claimed = webauthn::claimed_challenge(&credential).map_err(refused)?;
    let pending = consumer
        .passkeys
        .pending(&URL_SAFE_NO_PAD.encode(&claimed), call.now);
    let pending = pending
        .ok_or(&errors::NO_PENDING_WEBAUTHN_REGISTRATION)?
        .clone();
    let Purpose::Registration {
        user_agent,
        authenticator_type,
        user_handle,
    } = pending.purpose
    else {
        return Err(errors::NO_PENDING_WEBAUTHN_REGISTRATION.failure());
    };
    if pending.user_id.as_ref() != Some(&user.user_id) {
        return Err(errors::UNABLE_TO_REGISTER_WEBAUTHN_REGISTRATION
            .with_message("The registration was started for another user."));
    }
    let expected = Expected {
        challenge: &claimed,
        domain: &pending.domain,
    };
    let registered = webauthn::verify_registration(&credential, &expected).map_err(refused)?;
    let credential_id = URL_SAFE_NO_PAD.encode(&registered.credential_id);
    if consumer.passkeys.with_credential(&credential_id).is_some() {
        return Err(errors::DUPLICATE_WEBAUTHN_REGISTRATION.failure());
    }
    let registration = WebauthnRegistration {
        webauthn_registration_id: ids.id("webauthn-registration"),
        domain: pending.domain.clone(),
        user_agent,
        verified: true,
        authenticator_type: match authenticator_type.as_str() {
            "" => credential.attachment.clone(),
            _ => authenticator_type,
        },
        name: String::new(),
    };
    user.webauthn_registrations.push(registration.clone());
    let passkey = Passkey {
        webauthn_registration_id: registration.webauthn_registration_id.clone(),
        user_id: user.user_id.clone(),
        domain: pending.domain,
        credential_id,
        public_key: URL_SAFE_NO_PAD.encode(&registered.public_key),
        sign_count: registered.sign_count,
        user_handle,
    };
    let factor = factor(&registration, call);
    let attributes = Attributes::default();
    let done = log_in::complete(consumer, ids, (user, factor), attributes, &asked, call.now)?;
    consumer.passkeys.finish(&pending.challenge);
    consumer.passkeys.put(passkey);
    let about = json!({ "webauthn_registration_id": registration.webauthn_registration_id });
    Ok(Reply::ok(done.view(&consumer.project, call.now)?).and(about))
}

/// `PUT /v1/webauthn/{webauthn_registration_id}`.
pub(crate) fn rename(consumer: &mut Consumer, call: &Call) -> Result<Reply, Failure> {
    let name = call.fields.text("name")?;
    let name = name.ok_or(&errors::EMPTY_WEBAUTHN_REGISTRATION_NAME)?;
    let id = call.path_param("webauthn_registration_id");
    if !shapes::is_id("webauthn-registration", id) {
        return Err(errors::INVALID_WEBAUTHN_REGISTRATION_ID.failure());
    }
    let user = consumer.users.with_factor(id);
    let mut user = user
        .ok_or(&errors::WEBAUTHN_REGISTRATION_NOT_FOUND)?
        .clone();
    let mut registrations = user.webauthn_registrations.iter_mut();
    let registration = registrations.find(|known| known.webauthn_registration_id == id);
    let registration = registration.ok_or(&errors::WEBAUTHN_REGISTRATION_NOT_FOUND)?;
    name.clone_into(&mut registration.name);
    let reply = json!({ "webauthn_registration": registration });
    consumer.users.put(user);
    Ok(Reply::ok(reply))
}

/// `GET /v1/webauthn/credentials/{user_id}/{domain}`.
pub(crate) fn list(consumer: &mut Consumer, call: &Call) -> Result<Reply, Failure> {
    let user = consumer.users.find(call.path_param("user_id"))?;
    let domain = call.path_param("domain");
    if !is_domain(domain) {
        return Err(errors::INVALID_WEBAUTHN_REGISTRATION_DOMAIN.failure());
    }
    let passkeys = consumer.passkeys.of(&user.user_id, domain);
    let credentials = passkeys.map(|passkey| {
        json!({
            "credential_id": passkey.credential_id,
            "webauthn_registration_id": passkey.webauthn_registration_id,
            "type": "public-key",
            "public_key": passkey.public_key,
        })
    });
    let credentials: Vec<Value> = credentials.collect();
    Ok(Reply::ok(json!({ "credentials": credentials })))
}

/// How binary values of options are written.
pub(super) enum Encoding {
    /// base64url with padding.
    Padded,
    /// base64url without padding, which browsers read.
    Browser,
}

impl Encoding {
    /// Reads `use_base64_url_encoding`.
    pub(super) fn read(fields: &Fields) -> Result<Self, Failure> {
        let for_browser = fields.flag("use_base64_url_encoding")?.unwrap_or_default();
        Ok(match for_browser {
            true => Self::Browser,
            false => Self::Padded,
        })
    }

    pub(super) fn write(&self, bytes: &[u8]) -> String {
        match self {
            Self::Padded => URL_SAFE.encode(bytes),
            Self::Browser => URL_SAFE_NO_PAD.encode(bytes),
        }
    }

    /// Returns the form of a passkey in the options (a `PublicKeyCredentialDescriptor`).
    pub(super) fn descriptor(&self, passkey: &Passkey) -> Value {
        let id = URL_SAFE_NO_PAD.decode(&passkey.credential_id);
        json!({ "type": "public-key", "id": self.write(&id.unwrap_or_default()) })
    }
}

/// Returns the factor of a registration.
pub(super) fn factor(registration: &WebauthnRegistration, call: &Call) -> Factor {
    let details = json!({
        "webauthn_factor": {
            "webauthn_registration_id": registration.webauthn_registration_id,
            "domain": registration.domain,
            "user_agent": registration.user_agent,
        },
    });
    Factor::new("webauthn", "webauthn_registration", details, call.now)
}

/// Reads `domain`: a host without scheme and port.
pub(super) fn read_domain(fields: &Fields) -> Result<&str, Failure> {
    let domain = fields.text("domain")?.filter(|domain| is_domain(domain));
    Ok(domain.ok_or(&errors::INVALID_WEBAUTHN_REGISTRATION_DOMAIN)?)
}

/// Reads `return_passkey_credential_options`.
pub(super) fn is_passkey(fields: &Fields) -> Result<bool, Failure> {
    let is_passkey = fields.flag("return_passkey_credential_options")?;
    Ok(is_passkey.unwrap_or_default())
}

pub(super) fn is_domain(text: &str) -> bool {
    text == "localhost" || shapes::is_domain(text)
}

fn account_name(user: &User) -> String {
    let email = user.emails.first().map(|email| email.email.clone());
    let phone = || {
        user.phone_numbers
            .first()
            .map(|phone| phone.phone_number.clone())
    };
    email.or_else(phone).unwrap_or_else(|| user.user_id.clone())
}

fn refused(refusal: Refusal) -> Failure {
    refusal.failure(&errors::UNABLE_TO_REGISTER_WEBAUTHN_REGISTRATION)
}

/// ES256, RS256 and EdDSA.
const ALGORITHMS: [i64; 3] = [-7, -257, -8];
pub(super) const TIMEOUT_MS: u32 = 300_000;
/// The lifetime of a challenge.
pub(super) const LIFETIME_MINUTES: i64 = 5;
const MAX_REGISTRATIONS: usize = 25;
