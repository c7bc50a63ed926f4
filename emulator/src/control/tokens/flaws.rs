//! The flaws of tokens: deviations from a valid token that a verifier must refuse, one row each.
//!
//! | flaw | the token | the mistake of a verifier that accepts it |
//! |---|---|---|
//! | `expired` | has expired 5 minutes ago | ignores `exp` |
//! | `not_yet_valid` | is valid in one hour | ignores `nbf` |
//! | `without_exp` | does not have `exp` | checks `exp` only if it is present |
//! | `exp_is_text` | has an `exp` that is a string of digits | skips or converts an `exp` of the wrong type |
//! | `other_key` | names the current key, and another key signed it | does not verify the signature |
//! | `unknown_kid` | names the key that signed it, which is not in the JWK set | falls back to accepting |
//! | `missing_kid` | does not name a key, and another key signed it | skips the signature if it does not find a key |
//! | `embedded_key` | contains the public key that verifies it, in `jwk` | uses keys of the token (CVE-2018-0114) |
//! | `embedded_certificate` | the same, with the certificate in `x5c` | uses certificates of the token |
//! | `key_url` | contains a URL of keys, in `jku` | requests keys from a URL of the attacker |
//! | `alg_none` | has the algorithm `none` and no signature | accepts unsigned tokens (RFC 8725, section 2.1) |
//! | `alg_none_mixed_case` | has the algorithm `nOnE` and no signature | refuses only the usual spelling |
//! | `alg_none_signed` | has the algorithm `none` and a good signature | does not compare the algorithm |
//! | `other_algorithm` | is HS256, with the text of the public key as the secret | uses the key with any algorithm (RFC 8725, section 2.1) |
//! | `mislabeled_algorithm` | says RS512 and is RS256 | does not compare the algorithm |
//! | `without_alg` | does not name its algorithm | has a default algorithm |
//! | `wrong_signature` | has a signature with one changed bit | does not verify the signature |
//! | `empty_signature` | says RS256 and has an empty signature | accepts unsigned tokens |
//! | `short_signature` | has a signature without its last byte | compares a prefix |
//! | `changed_claims` | has another `sub` than the signed one | does not verify the signature over the claims |
//! | `other_project` | is of another project, with a signature of this one | ignores `aud` and `iss` |
//! | `wrong_audience` | has the `aud` of another project | ignores `aud` |
//! | `similar_audience` | has an `aud` that begins with the project ID | compares a prefix of `aud` |
//! | `without_audience` | does not have `aud` | checks `aud` only if it is present |
//! | `wrong_issuer` | has another `iss` | ignores `iss` |
//! | `without_issuer` | does not have `iss` | checks `iss` only if it is present |
//! | `other_kind` | is a valid M2M token instead of a session, or a valid session instead of another token | does not check what the token is for |
//! | `without_session` | does not have the session claim (kind `session`) | reads the user from `sub` alone |
//! | `other_type` | has the `typ` of another kind of JWT | ignores `typ` (RFC 8725, section 3.11) |
//! | `critical_header` | has an unknown extension in `crit` | ignores `crit` (RFC 7515, section 4.1.11) |
//! | `malformed` | does not have a signature part | accepts two parts |
//! | `four_parts` | has a fourth part | ignores what follows the signature |

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use super::kind::Kind;
use super::seal::Seal;
use crate::clock::UnixSeconds;
use crate::fields::Fields;
use crate::keys::SigningKey;
use crate::merge::{self, Object};
use crate::session_jwt::SESSION_CLAIM;

pub(super) struct Flaw {
    name: &'static str,
    header: fn(&Setting) -> Value,
    claims: fn(&Setting) -> Value,
    /// The signature, if the flaw determines it.
    pub(super) seal: Option<Seal>,
    pub(super) names_the_unlisted_key: bool,
    damage: fn(String) -> String,
    other_kind: bool,
    only_sessions: bool,
}

/// The data from which the rows make headers and claims.
pub(super) struct Setting<'a> {
    pub(super) now: UnixSeconds,
    pub(super) project_id: &'a str,
    /// The key that is not in a JWK set, if the flaw names it.
    pub(super) unlisted: Option<&'a SigningKey>,
}

static FLAWS: [Flaw; 32] = [
    flaw("expired").claims(|s| times(s.now, -600, -300)),
    flaw("not_yet_valid").claims(|s| times(s.now, 3600, 3900)),
    flaw("without_exp").claims(|_| json!({ "exp": null })),
    flaw("exp_is_text").claims(|s| json!({ "exp": s.now.plus_seconds(300).0.to_string() })),
    flaw("other_key").seal(Seal::Stranger),
    flaw("unknown_kid").by_unlisted_key(|s| json!({ "kid": s.kid() })),
    flaw("missing_kid").by_unlisted_key(|_| json!({ "kid": null })),
    flaw("embedded_key").by_unlisted_key(|s| json!({ "kid": s.kid(), "jwk": s.jwk() })),
    flaw("embedded_certificate")
        .by_unlisted_key(|s| json!({ "kid": s.kid(), "x5c": s.jwk().get("x5c") })),
    flaw("key_url").by_unlisted_key(
        |s| json!({ "kid": s.kid(), "jku": "https://attacker.example/keys.json" }),
    ),
    flaw("alg_none")
        .header(|_| json!({ "alg": "none" }))
        .seal(Seal::None),
    flaw("alg_none_mixed_case")
        .header(|_| json!({ "alg": "nOnE" }))
        .seal(Seal::None),
    flaw("alg_none_signed").header(|_| json!({ "alg": "none" })),
    flaw("other_algorithm")
        .header(|_| json!({ "alg": "HS256" }))
        .seal(Seal::HmacOfPublicKey),
    flaw("mislabeled_algorithm").header(|_| json!({ "alg": "RS512" })),
    flaw("without_alg").header(|_| json!({ "alg": null })),
    flaw("wrong_signature")
        .seal(Seal::Current)
        .damage_with(|token| {
            with_signature(&token, |bytes| {
                bytes.iter_mut().take(1).for_each(|byte| *byte ^= 1)
            })
        }),
    flaw("empty_signature")
        .seal(Seal::None)
        .header(|_| json!({ "alg": "RS256" })),
    flaw("short_signature")
        .seal(Seal::Current)
        .damage_with(|token| with_signature(&token, |bytes| bytes.truncate(255))),
    flaw("changed_claims")
        .seal(Seal::Current)
        .damage_with(with_another_subject),
    flaw("other_project").claims(
        |_| json!({ "aud": [OTHER_PROJECT], "iss": format!("stytch.com/{OTHER_PROJECT}") }),
    ),
    flaw("wrong_audience").claims(|_| json!({ "aud": [OTHER_PROJECT] })),
    flaw("similar_audience").claims(|s| json!({ "aud": [format!("{}0", s.project_id)] })),
    flaw("without_audience").claims(|_| json!({ "aud": null })),
    flaw("wrong_issuer").claims(|_| json!({ "iss": format!("stytch.com/{OTHER_PROJECT}") })),
    flaw("without_issuer").claims(|_| json!({ "iss": null })),
    flaw("other_kind").of_other_kind(),
    flaw("without_session")
        .of_sessions()
        .claims(|_| json!({ SESSION_CLAIM: null })),
    flaw("other_type").header(|_| json!({ "typ": "at+jwt" })),
    flaw("critical_header").header(|_| json!({ "crit": ["x-limit"], "x-limit": 1 })),
    flaw("malformed").damage_with(without_signature),
    flaw("four_parts").damage_with(|token| format!("{token}.e30")),
];

impl Flaw {
    /// Reads `flaw`. The refusal of an unknown name lists all names.
    pub(super) fn read(fields: &Fields, kind: Kind) -> Result<Option<&'static Self>, String> {
        let Some(given) = fields.value("flaw") else {
            return Ok(None);
        };
        let flaw = FLAWS.iter().find(|flaw| given == flaw.name);
        let names = || FLAWS.each_ref().map(|flaw| flaw.name).join(", ");
        let flaw = flaw.ok_or_else(|| format!("flaw must be one of {}", names()))?;
        if flaw.only_sessions && kind != Kind::Session {
            return Err(format!("the flaw {} needs the kind session", flaw.name));
        }
        Ok(Some(flaw))
    }

    pub(super) fn kind_instead_of(&self, kind: Kind) -> Kind {
        match kind {
            _ if !self.other_kind => kind,
            Kind::Session => Kind::Machine,
            _ => Kind::Session,
        }
    }

    /// Changes the header and the claims before the token is signed.
    pub(super) fn apply(&self, header: &mut Object, claims: &mut Object, setting: &Setting) {
        merge::merge_patch(header, &merge::object((self.header)(setting)));
        merge::merge_patch(claims, &merge::object((self.claims)(setting)));
    }

    /// Changes the signed token.
    pub(super) fn damage(&self, token: String) -> String {
        (self.damage)(token)
    }

    const fn header(self, header: fn(&Setting) -> Value) -> Self {
        Self { header, ..self }
    }

    const fn claims(self, claims: fn(&Setting) -> Value) -> Self {
        Self { claims, ..self }
    }

    const fn seal(self, seal: Seal) -> Self {
        Self {
            seal: Some(seal),
            ..self
        }
    }

    const fn damage_with(self, damage: fn(String) -> String) -> Self {
        Self { damage, ..self }
    }

    /// A key that is not in a JWK set signs the token, and `header` can name it.
    const fn by_unlisted_key(self, header: fn(&Setting) -> Value) -> Self {
        Self {
            header,
            seal: Some(Seal::Stranger),
            names_the_unlisted_key: true,
            ..self
        }
    }

    const fn of_other_kind(self) -> Self {
        Self {
            other_kind: true,
            ..self
        }
    }

    const fn of_sessions(self) -> Self {
        Self {
            only_sessions: true,
            ..self
        }
    }
}

/// Returns a row without deviations.
const fn flaw(name: &'static str) -> Flaw {
    Flaw {
        name,
        header: |_| Value::Null,
        claims: |_| Value::Null,
        seal: None,
        names_the_unlisted_key: false,
        damage: |token| token,
        other_kind: false,
        only_sessions: false,
    }
}

impl Setting<'_> {
    fn kid(&self) -> Option<&str> {
        self.unlisted.map(|key| key.kid.as_str())
    }

    fn jwk(&self) -> Value {
        self.unlisted.map_or(Value::Null, |key| key.jwk())
    }
}

fn times(now: UnixSeconds, start: i64, end: i64) -> Value {
    let start = now.plus_seconds(start).0;
    json!({ "iat": start, "nbf": start, "exp": now.plus_seconds(end).0 })
}

fn with_signature(token: &str, change: fn(&mut Vec<u8>)) -> String {
    let (signed, signature) = token.rsplit_once('.').unwrap_or_default();
    let mut bytes = URL_SAFE_NO_PAD.decode(signature).unwrap_or_default();
    change(&mut bytes);
    format!("{signed}.{}", URL_SAFE_NO_PAD.encode(bytes))
}

fn with_another_subject(token: String) -> String {
    let mut parts = token.split('.');
    let (header, claims, signature) = (parts.next(), parts.next(), parts.next());
    let bytes = URL_SAFE_NO_PAD.decode(claims.unwrap_or_default());
    let parsed = serde_json::from_slice(&bytes.unwrap_or_default());
    let mut claims = merge::object(parsed.unwrap_or_default());
    claims.insert(
        "sub".into(),
        json!("user-test-00000000-0000-4000-8000-000000000000"),
    );
    let claims = URL_SAFE_NO_PAD.encode(Value::Object(claims).to_string());
    [
        header.unwrap_or_default(),
        &claims,
        signature.unwrap_or_default(),
    ]
    .join(".")
}

fn without_signature(token: String) -> String {
    let (signed, _) = token.rsplit_once('.').unwrap_or_default();
    signed.to_owned()
}

const OTHER_PROJECT: &str = "project-test-00000000-0000-4000-8000-000000000000";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_has_its_own_name_and_is_documented_at_the_top_of_this_file() {
        let documentation = include_str!("flaws.rs");
        let documented: Vec<&str> = documentation
            .lines()
            .filter_map(|line| line.strip_prefix("//! | `")?.split('`').next())
            .collect();
        assert_eq!(documented, FLAWS.each_ref().map(|flaw| flaw.name));
        let mut names = documented;
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), FLAWS.len());
    }
}
