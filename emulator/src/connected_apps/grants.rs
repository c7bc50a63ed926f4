//! The access that users and members have granted to apps: consents, authorization codes, and the tokens that were issued
//! for a code.
//!
//! An access token is a signed JWT. Its record says whether it has been revoked, and it is kept after the end of the app,
//! the user or the member, so that the token stays revoked. A used code is kept, too: its second use is an attack, which
//! ends all tokens that were issued for it (RFC 6749, section 4.1.2).

use serde::{Deserialize, Serialize};

use crate::clock::UnixSeconds;
use crate::store::{Record, Store};

/// Stytch documents a lifetime of three months. Assumption: they are 90 days.
pub(crate) const REFRESH_LIFETIME_SECONDS: i64 = 90 * 24 * 60 * 60;

/// The access that one authorization grants.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Grant {
    /// The authorization code that started the grant. All tokens of the grant name it.
    pub(crate) code: String,
    pub(crate) client_id: String,
    /// The id of the user or member.
    pub(crate) subject: String,
    pub(crate) scopes: Vec<String>,
    /// The resources for which the app requested the tokens (RFC 8707).
    pub(crate) resources: Vec<String>,
    /// Whether a session identified the user or member. Only then, the access token can be exchanged for a session.
    pub(crate) has_session: bool,
}

#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct AuthorizationCode {
    pub(crate) grant: Grant,
    pub(crate) redirect_uri: String,
    pub(crate) nonce: Option<String>,
    pub(crate) code_challenge: Option<String>,
    pub(crate) expires_at: UnixSeconds,
    pub(crate) used: bool,
}

#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct RefreshToken {
    pub(crate) token: String,
    pub(crate) grant: Grant,
    /// The access token that was issued at the same time.
    pub(crate) jti: String,
    pub(crate) issued_at: UnixSeconds,
    pub(crate) expires_at: UnixSeconds,
    /// Whether a newer token has replaced this one.
    pub(crate) rotated: bool,
}

/// An access token without its signature.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct AccessToken {
    pub(crate) jti: String,
    pub(crate) grant: Grant,
    pub(crate) revoked: bool,
}

/// The scopes that a user or member has granted to an app at the end of the last authorization.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Consent {
    /// The client id and the subject.
    id: String,
    pub(crate) client_id: String,
    pub(crate) subject: String,
    pub(crate) scopes: Vec<String>,
}

/// The grants of a project.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Grants {
    consents: Store<Consent>,
    codes: Store<AuthorizationCode>,
    refresh_tokens: Store<RefreshToken>,
    access_tokens: Store<AccessToken>,
}

/// The indexes of the grants.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum By {
    Subject,
    Client,
    Code,
}

impl Consent {
    pub(crate) fn new(client_id: &str, subject: &str, scopes: Vec<String>) -> Self {
        Self {
            id: consent_id(client_id, subject),
            client_id: client_id.to_owned(),
            subject: subject.to_owned(),
            scopes,
        }
    }
}

/// Ids do not contain line breaks.
fn consent_id(client_id: &str, subject: &str) -> String {
    format!("{client_id}\n{subject}")
}

impl Grant {
    fn keys(&self) -> Vec<(By, String)> {
        vec![
            (By::Subject, self.subject.clone()),
            (By::Client, self.client_id.clone()),
            (By::Code, self.code.clone()),
        ]
    }
}

impl Grants {
    pub(crate) fn consent(&self, client_id: &str, subject: &str) -> Option<&Consent> {
        self.consents.get(&consent_id(client_id, subject))
    }

    /// Returns the consents of a user or member, oldest first.
    pub(crate) fn consents_of(&self, subject: &str) -> impl Iterator<Item = &Consent> {
        self.consents.all(By::Subject, subject)
    }

    /// Returns the consents for an app, oldest first.
    pub(crate) fn consents_for(&self, client_id: &str) -> impl Iterator<Item = &Consent> {
        self.consents.all(By::Client, client_id)
    }

    /// Stores a consent. It replaces an earlier one for the same app.
    pub(crate) fn put_consent(&mut self, consent: Consent) {
        self.consents.put(consent);
    }

    pub(crate) fn code(&self, code: &str) -> Option<&AuthorizationCode> {
        self.codes.get(code)
    }

    pub(crate) fn put_code(&mut self, code: AuthorizationCode) {
        self.codes.put(code);
    }

    pub(crate) fn refresh_token(&self, token: &str) -> Option<&RefreshToken> {
        self.refresh_tokens.get(token)
    }

    /// Returns the number of refresh tokens that an app can use.
    pub(crate) fn refreshable(&self, client_id: &str, now: UnixSeconds) -> usize {
        let tokens = self.refresh_tokens.all(By::Client, client_id);
        let usable = tokens.filter(|token| !token.rotated && now < token.expires_at);
        usable.count()
    }

    pub(crate) fn put_refresh_token(&mut self, token: RefreshToken) {
        self.refresh_tokens.put(token);
    }

    /// Returns the record of an access token. A token of the control route has a record only if it has been revoked.
    pub(crate) fn access_token(&self, jti: &str) -> Option<&AccessToken> {
        self.access_tokens.get(jti)
    }

    pub(crate) fn put_access_token(&mut self, token: AccessToken) {
        self.access_tokens.put(token);
    }

    pub(crate) fn is_revoked(&self, jti: &str) -> bool {
        self.access_token(jti).is_some_and(|token| token.revoked)
    }

    /// Removes a refresh token, and revokes the access token that was issued at the same time.
    pub(crate) fn revoke_refresh_token(&mut self, token: &str) {
        let Some(found) = self.refresh_token(token) else {
            return;
        };
        let jti = found.jti.clone();
        self.refresh_tokens.remove(token);
        if let Some(token) = self.access_token(&jti) {
            let token = AccessToken {
                revoked: true,
                ..token.clone()
            };
            self.put_access_token(token);
        }
    }

    /// Ends all tokens that were issued for a code.
    pub(crate) fn revoke_code(&mut self, code: &str) {
        self.refresh_tokens.remove_all(By::Code, code, |_| true);
        self.revoke_access_tokens((By::Code, code), |_| true);
    }

    /// Ends the access of one app to one user or member: the consent, the codes and the tokens.
    pub(crate) fn revoke(&mut self, client_id: &str, subject: &str) {
        self.end((By::Subject, subject), |grant| grant.client_id == client_id);
        self.consents.remove(&consent_id(client_id, subject));
    }

    /// Ends the access of all apps to a user or member who is deleted.
    pub(crate) fn forget(&mut self, subject: &str) {
        self.end((By::Subject, subject), |_| true);
        self.consents.remove_all(By::Subject, subject, |_| true);
    }

    /// Ends the access of an app that is deleted.
    pub(crate) fn forget_app(&mut self, client_id: &str) {
        self.end((By::Client, client_id), |_| true);
        self.consents.remove_all(By::Client, client_id, |_| true);
    }

    /// Ends the codes and tokens of the grants with this key that are meant.
    fn end(&mut self, (index, key): (By, &str), is_meant: impl Fn(&Grant) -> bool) {
        self.codes
            .remove_all(index, key, |code| is_meant(&code.grant));
        self.refresh_tokens
            .remove_all(index, key, |token| is_meant(&token.grant));
        self.revoke_access_tokens((index, key), is_meant);
    }

    fn revoke_access_tokens(
        &mut self,
        (index, key): (By, &str),
        is_meant: impl Fn(&Grant) -> bool,
    ) {
        let tokens = self.access_tokens.all(index, key);
        let meant: Vec<AccessToken> = tokens
            .filter(|token| is_meant(&token.grant))
            .cloned()
            .collect();
        for token in meant {
            self.put_access_token(AccessToken {
                revoked: true,
                ..token
            });
        }
    }
}

impl Record for Consent {
    type Index = By;
    type Stored = Self;
    const UNIQUE: &'static [By] = &[];

    fn id(&self) -> &str {
        &self.id
    }

    fn keys(&self) -> Vec<(By, String)> {
        vec![
            (By::Subject, self.subject.clone()),
            (By::Client, self.client_id.clone()),
        ]
    }
}

macro_rules! records_of_grants {
    ($($record:ty: $($id:ident).+;)*) => {
        $(impl Record for $record {
            type Index = By;
            type Stored = Self;
            const UNIQUE: &'static [By] = &[];

            fn id(&self) -> &str {
                &self.$($id).+
            }

            fn keys(&self) -> Vec<(By, String)> {
                self.grant.keys()
            }
        })*
    };
}

records_of_grants! {
    AuthorizationCode: grant.code;
    RefreshToken: token;
    AccessToken: jti;
}
