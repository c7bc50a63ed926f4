//! The passkeys and biometric registrations of the users of a seed.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::json;

use super::Consumer;
use super::passkeys::Passkey;
use super::user::{BiometricRegistration, User, WebauthnRegistration};
use super::webauthn::is_domain;
use crate::given::{Given, SeedError};
use crate::ids::Ids;
use crate::webauthn;

/// Takes `webauthn_registrations` and `biometric_registrations`. The id of the user is known.
pub(super) fn take(
    consumer: &mut Consumer,
    user: &mut User,
    ids: &mut Ids,
    given: &mut Given,
) -> Result<(), SeedError> {
    for passkey in given.objects("webauthn_registrations")? {
        take_passkey(consumer, user, ids, passkey)?;
    }
    for mut biometric in given.objects("biometric_registrations")? {
        let drawn = ids.id(BIOMETRIC);
        let id = biometric.id("biometric_registration_id", BIOMETRIC, ids)?;
        let verified = biometric.flag("verified")?;
        biometric.finish(&json!({}))?;
        user.biometric_registrations.push(BiometricRegistration {
            biometric_registration_id: id.unwrap_or(drawn),
            verified: verified.unwrap_or(true),
        });
    }
    Ok(())
}

/// Takes a registration as the API returns it with the user, and the members of its credential: `credential_id`, the
/// `public_key` in the form of COSE, `sign_count`, and `user_handle`, whose default is the id of the user. Binary values are
/// base64url without padding.
fn take_passkey(
    consumer: &mut Consumer,
    user: &mut User,
    ids: &mut Ids,
    mut given: Given,
) -> Result<(), SeedError> {
    let drawn = ids.id(PASSKEY);
    let id = given.id("webauthn_registration_id", PASSKEY, ids)?;
    let id = id.unwrap_or(drawn);
    let domain = given.text("domain")?.filter(|domain| is_domain(domain));
    let domain =
        domain.ok_or_else(|| given.refused("domain", "must be a host without scheme and port"))?;
    let credential_id = read_bytes(&mut given, "credential_id")?;
    let public_key = read_bytes(&mut given, "public_key")?;
    let is_key = |text: &String| {
        let bytes = URL_SAFE_NO_PAD.decode(text);
        bytes.is_ok_and(|bytes| webauthn::is_public_key(&bytes))
    };
    let public_key = public_key.filter(is_key).ok_or_else(|| {
        let message = "must be an ES256, RS256 or EdDSA key in the form of COSE, in base64url";
        given.refused("public_key", message)
    })?;
    let credential_id = credential_id.filter(|id| !id.is_empty());
    let credential_id =
        credential_id.ok_or_else(|| given.refused("credential_id", "is required"))?;
    if consumer.passkeys.with_credential(&credential_id).is_some() {
        return Err(given.refused("credential_id", "is the id of another credential"));
    }
    let sign_count = given.take("sign_count").unwrap_or_else(|| json!(0));
    let sign_count = serde_json::from_value(sign_count)
        .map_err(|_| given.refused("sign_count", "must be a whole number from 0 to 4294967295"))?;
    let handle = read_bytes(&mut given, "user_handle")?;
    let of_user = || URL_SAFE_NO_PAD.encode(&user.user_id);
    let user_handle = handle.unwrap_or_else(of_user);
    let registration = WebauthnRegistration {
        webauthn_registration_id: id.clone(),
        domain: domain.clone(),
        user_agent: given.text("user_agent")?.unwrap_or_default(),
        verified: given.flag("verified")?.unwrap_or(true),
        authenticator_type: given.text("authenticator_type")?.unwrap_or_default(),
        name: given.text("name")?.unwrap_or_default(),
    };
    given.ignore(&["type"]);
    given.finish(&json!({}))?;
    user.webauthn_registrations.push(registration);
    consumer.passkeys.put(Passkey {
        webauthn_registration_id: id,
        user_id: user.user_id.clone(),
        domain,
        credential_id,
        public_key,
        sign_count,
        user_handle,
    });
    Ok(())
}

/// Takes a binary value, and returns it in its usual form: without padding.
fn read_bytes(given: &mut Given, name: &str) -> Result<Option<String>, SeedError> {
    let Some(text) = given.text(name)? else {
        return Ok(None);
    };
    let bytes = URL_SAFE_NO_PAD.decode(text.trim_end_matches('='));
    let bytes = bytes.map_err(|_| given.refused(name, "must be base64url"))?;
    Ok(Some(URL_SAFE_NO_PAD.encode(bytes)))
}

const PASSKEY: &str = "webauthn-registration";
const BIOMETRIC: &str = "biometric-registration";
