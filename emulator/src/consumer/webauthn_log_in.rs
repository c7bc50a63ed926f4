//! Log-ins with passkeys and security keys (WebAuthn).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use super::Consumer;
use super::log_in;
use super::passkeys::{Challenge, Passkey, Purpose};
use super::webauthn::{Encoding, LIFETIME_MINUTES, TIMEOUT_MS, factor, is_passkey, read_domain};
use crate::call::{Call, Reply};
use crate::errors::{self, Failure};
use crate::ids::Ids;
use crate::merge::object;
use crate::session_asked::SessionAsked;
use crate::sessions::Attributes;
use crate::webauthn::{self, Credential, Expected};

/// `POST /v1/webauthn/authenticate/start`. Without a user, any passkey of the domain can answer.
pub(crate) fn start(consumer: &mut Consumer, ids: &mut Ids, call: &Call) -> Result<Reply, Failure> {
    let fields = &call.fields;
    let domain = read_domain(fields)?;
    let user_id = fields.text("user_id")?;
    let is_passkey = is_passkey(fields)?;
    let encoding = Encoding::read(fields)?;

    let user = user_id.map(|id| consumer.users.find(id)).transpose()?;
    let user_id = user.map(|user| user.user_id.clone());
    let known = user_id
        .iter()
        .flat_map(|id| consumer.passkeys.of(id, domain));
    let allowed: Vec<Value> = known.map(|known| encoding.descriptor(known)).collect();
    if user_id.is_some() && allowed.is_empty() {
        return Err(errors::NO_ACTIVE_WEBAUTHN_REGISTRATIONS.failure());
    }
    let random = ids.webauthn_challenge();
    let mut options = object(json!({
        "allowCredentials": allowed,
        "challenge": encoding.write(&random),
        "rpId": domain,
        "timeout": TIMEOUT_MS,
    }));
    if is_passkey {
        options.insert("userVerification".into(), json!("preferred"));
    }
    let reply = json!({
        "user_id": user_id.as_deref().unwrap_or_default(),
        "public_key_credential_request_options": Value::Object(options).to_string(),
    });
    let challenge = Challenge {
        challenge: URL_SAFE_NO_PAD.encode(random),
        purpose: Purpose::LogIn,
        user_id,
        domain: domain.to_owned(),
        expires_at: call.now.plus_minutes(LIFETIME_MINUTES),
    };
    consumer.passkeys.begin(challenge, call.now);
    Ok(Reply::ok(reply))
}

/// `POST /v1/webauthn/authenticate`. If a duration is given, starts a session.
///
/// A response that cannot be verified counts as a failed authentication of the user.
pub(crate) fn authenticate(
    consumer: &mut Consumer,
    ids: &mut Ids,
    call: &Call,
) -> Result<Reply, Failure> {
    let fields = &call.fields;
    let credential = fields.text("public_key_credential")?;
    let credential = credential.ok_or(&errors::INVALID_PUBLIC_KEY_CREDENTIAL)?;
    let credential = Credential::assertion(credential)?;
    let asked = SessionAsked::read(fields)?;
    fields.ignored_texts(&["telemetry_id"])?;

    let credential_id = URL_SAFE_NO_PAD.encode(&credential.id);
    let passkey = consumer.passkeys.with_credential(&credential_id);
    let passkey = passkey
        .ok_or(&errors::WEBAUTHN_REGISTRATION_NOT_FOUND)?
        .clone();
    let (challenge, sign_count) = match answer(consumer, &passkey, &credential, call) {
        Ok(answer) => answer,
        Err(failure) => {
            return Err(log_in::refuse(
                consumer,
                &passkey.user_id,
                failure,
                call.now,
            ));
        }
    };
    let user = consumer.users.find(&passkey.user_id)?.clone();
    let id = &passkey.webauthn_registration_id;
    let mut registrations = user.webauthn_registrations.iter();
    let registration = registrations.find(|known| known.webauthn_registration_id == *id);
    let registration = registration.ok_or(&errors::WEBAUTHN_REGISTRATION_NOT_FOUND)?;
    let factor = factor(registration, call);
    let attributes = Attributes::default();
    let done = log_in::complete(consumer, ids, (user, factor), attributes, &asked, call.now)?;
    let about = json!({ "webauthn_registration_id": passkey.webauthn_registration_id });
    consumer.passkeys.finish(&challenge);
    consumer.passkeys.put(Passkey {
        sign_count,
        ..passkey
    });
    Ok(Reply::ok(done.view(&consumer.project, call.now)?).and(about))
}

/// Verifies a response. Returns the challenge that it answers, and the new value of the signature counter.
fn answer(
    consumer: &Consumer,
    passkey: &Passkey,
    credential: &Credential,
    call: &Call,
) -> Result<(String, u32), Failure> {
    let row = &errors::UNABLE_TO_AUTH_WEBAUTHN_REGISTRATION;
    let claimed = webauthn::claimed_challenge(credential);
    let claimed = claimed.map_err(|refusal| refusal.failure(row))?;
    let pending = consumer
        .passkeys
        .pending(&URL_SAFE_NO_PAD.encode(&claimed), call.now)
        .filter(|pending| pending.purpose == Purpose::LogIn);
    let pending = pending.ok_or_else(|| {
        row.with_message("The challenge is unknown, or it has been answered or has expired.")
    })?;
    let is_other = |id: &String| *id != passkey.user_id;
    if pending.user_id.as_ref().is_some_and(is_other) || pending.domain != passkey.domain {
        return Err(row.with_message("The log-in was started for another user or domain."));
    }
    let handle = URL_SAFE_NO_PAD.encode(&credential.user_handle);
    if !handle.is_empty() && handle != passkey.user_handle {
        return Err(row.with_message("The userHandle is not that of the user."));
    }
    // Step 6: without a named user, only the userHandle identifies the user.
    if handle.is_empty() && pending.user_id.is_none() {
        return Err(row.with_message("The userHandle is required if the log-in names no user."));
    }
    let expected = Expected {
        challenge: &claimed,
        domain: &pending.domain,
    };
    let public_key = URL_SAFE_NO_PAD.decode(&passkey.public_key);
    let key = (public_key.unwrap_or_default(), passkey.sign_count);
    let verified = webauthn::verify_assertion(credential, &expected, (&key.0, key.1));
    let sign_count = verified.map_err(|refusal| refusal.failure(row))?;
    Ok((pending.challenge.clone(), sign_count))
}
