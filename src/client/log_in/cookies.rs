//! The cookies of log-ins that have not ended: the flow that a browser started, the intermediate session, the token of a
//! password reset, and a link that waits for a click.
//!
//! All are `HttpOnly` with the path `/`, and `SameSite=Lax` unless the session cookies are for pages that other sites embed. The prefix `__Host-` of their names has browsers refuse such a
//! cookie from another host of the same domain: an attacker who can set a flow cookie could log a user in to the attacker's
//! account. The prefix needs https, and cookies without a domain.

use std::{borrow::Cow, fmt};

use super::{
    super::{CookieRules, SameSite, decimal, escape, read_decimal},
    FlowKind, IncomingRequest, ReturnTo, Verifier,
    query::is_token,
};
use crate::jwt::UnixSeconds;

/// The names and attributes of these cookies, which follow from those of the session cookies.
#[derive(Debug, Clone, Copy)]
pub struct LogInCookies<'a> {
    /// The rules of the session cookies. Of them, `secure`, `domain`, `same_site` and `partitioned` are used.
    pub rules: &'a CookieRules,
}

/// A flow that the browser has started.
#[derive(Clone, PartialEq)]
pub struct FlowCookie {
    /// The end of the flow.
    pub expires_at: UnixSeconds,
    /// How many times the flow was started and has not succeeded: the number of tabs that may come back.
    pub starts: u64,
    /// The PKCE verifier, which all of them share.
    pub verifier: Verifier,
    /// The page to which the user returns: that of the last start.
    pub return_to: ReturnTo,
}

/// A link that is authenticated when the user clicks a button.
#[derive(Clone, PartialEq, Eq)]
pub struct KeptLink {
    /// The value of `stytch_token_type`.
    pub token_type: String,
    /// The token.
    pub token: String,
}

/// The token of a password reset, which is used up when the user sends a new password.
#[derive(Clone, PartialEq, Eq)]
pub struct KeptReset {
    /// The token.
    pub token: String,
    /// The PKCE verifier, if the flow was started by this browser.
    pub verifier: Option<Verifier>,
    /// The page to which the user returns.
    pub return_to: ReturnTo,
}

/// A log-in that has not ended, as the cookies of a request show it.
#[derive(Clone, PartialEq, Eq)]
pub struct Pending {
    /// The intermediate session token, which the API exchanges for a session.
    pub intermediate_session_token: Option<String>,
    /// The organization that requires another factor.
    pub organization_id: Option<String>,
    /// The member of that organization.
    pub member_id: Option<String>,
    /// Whether a password reset waits for the new password.
    pub has_password_reset: bool,
    /// The page to which the user returns.
    pub return_to: ReturnTo,
}

impl LogInCookies<'_> {
    /// Returns the flow of a kind that the browser started, unless it has expired.
    #[must_use]
    pub fn flow(
        &self,
        request: &IncomingRequest<'_>,
        kind: FlowKind,
        now: UnixSeconds,
    ) -> Option<FlowCookie> {
        let value = value_of(request, &self.flow_name(kind))?;
        FlowCookie::read(&value).filter(|flow| now < flow.expires_at)
    }

    /// Returns the line that keeps a flow.
    #[must_use]
    pub fn keep_flow(&self, kind: FlowKind, flow: &FlowCookie, now: UnixSeconds) -> String {
        #[allow(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a number outside of its range becomes the nearest one"
        )]
        let seconds = (flow.expires_at - now) as u32;
        self.line(&self.flow_name(kind), &flow.text(), seconds)
    }

    /// Returns the line for a flow after one of its tabs has come back: it is cleared after the last one.
    #[must_use]
    pub fn end_flow(&self, kind: FlowKind, flow: &FlowCookie, now: UnixSeconds) -> String {
        match flow.starts {
            0 | 1 => self.line(&self.flow_name(kind), "", 0),
            starts => {
                let rest = FlowCookie {
                    starts: starts - 1,
                    ..flow.clone()
                };
                self.keep_flow(kind, &rest, now)
            }
        }
    }

    /// Returns the line that keeps an intermediate session token for 10 minutes. The API has the same limit. `member` has
    /// the ids of the organization and the member, which are empty until the member has selected an organization. Returns
    /// `None` if a cookie cannot contain the token.
    #[must_use]
    pub fn keep_intermediate(
        &self,
        token: &str,
        member: [&str; 2],
        return_to: &ReturnTo,
    ) -> Option<String> {
        let page = escape::cookie_part(return_to.as_str());
        let [organization, member] = member.map(|id| if is_id(id) { id } else { "" });
        let value = [&page, ":", organization, ":", member, ":", token].concat();
        let line = self.line(&self.name(INTERMEDIATE), &value, TEN_MINUTES);
        is_token(token).then_some(line)
    }

    /// Returns the line that keeps the token of a password reset for 10 minutes.
    #[must_use]
    pub fn keep_reset(&self, kept: &KeptReset) -> String {
        let verifier = kept.verifier.as_ref().map_or("", Verifier::reveal);
        let page = escape::cookie_part(kept.return_to.as_str());
        let value = [&page, ":", verifier, ":", &kept.token].concat();
        self.line(&self.name(RESET), &value, TEN_MINUTES)
    }

    /// Returns the line that keeps a link for 10 minutes.
    #[must_use]
    pub fn keep_link(&self, link: &KeptLink) -> String {
        let value = [link.token_type.as_str(), ":", &link.token].concat();
        self.line(&self.name(LINK), &value, TEN_MINUTES)
    }

    /// Returns the link that waits for a click.
    #[must_use]
    pub fn link(&self, request: &IncomingRequest<'_>) -> Option<KeptLink> {
        let value = value_of(request, &self.name(LINK))?;
        let (token_type, token) = value.split_once(':')?;
        is_token(token).then(|| KeptLink {
            token_type: token_type.to_owned(),
            token: token.to_owned(),
        })
    }

    /// Returns the token of a password reset.
    #[must_use]
    pub fn reset(&self, request: &IncomingRequest<'_>) -> Option<KeptReset> {
        let value = value_of(request, &self.name(RESET))?;
        let (page, rest) = value.split_once(':')?;
        let (verifier, token) = rest.split_once(':')?;
        let verifier = match verifier {
            "" => None,
            text => Some(Verifier::read(text)?),
        };
        is_token(token).then(|| KeptReset {
            token: token.to_owned(),
            verifier,
            return_to: page_of(page),
        })
    }

    /// Returns the log-in that has not ended.
    #[must_use]
    pub fn pending(&self, request: &IncomingRequest<'_>) -> Pending {
        let kept = value_of(request, &self.name(INTERMEDIATE));
        let kept = kept.as_deref().and_then(|value| {
            let mut parts = value.splitn(4, ':');
            let mut part = || parts.next();
            Some((part()?, [part()?, part()?], part()?))
        });
        let kept = kept.filter(|(.., token)| is_token(token));
        let [organization_id, member_id] = kept.map_or([""; 2], |(_, ids, _)| ids);
        let id = |id: &str| is_id(id).then(|| id.to_owned());
        let reset = self.reset(request);
        let of_reset = || reset.as_ref().map(|reset| reset.return_to.clone());
        Pending {
            intermediate_session_token: kept.map(|(.., token)| token.to_owned()),
            organization_id: id(organization_id),
            member_id: id(member_id),
            has_password_reset: reset.is_some(),
            return_to: kept
                .map(|(page, ..)| page_of(page))
                .or_else(of_reset)
                .unwrap_or_else(ReturnTo::home),
        }
    }

    /// Returns the line that clears the link that waits for a click.
    #[must_use]
    pub fn clear_link(&self) -> String {
        self.line(&self.name(LINK), "", 0)
    }

    /// Returns the line that clears the token of a password reset.
    #[must_use]
    pub fn clear_reset(&self) -> String {
        self.line(&self.name(RESET), "", 0)
    }

    /// Returns the line that clears the intermediate session token.
    #[must_use]
    pub fn clear_intermediate(&self) -> String {
        self.line(&self.name(INTERMEDIATE), "", 0)
    }

    /// Returns the lines that clear all of these cookies that a request has.
    #[must_use]
    pub fn clear_present(&self, request: &IncomingRequest<'_>) -> Vec<String> {
        let flows = FlowKind::ALL.into_iter().map(|kind| self.flow_name(kind));
        let others = [INTERMEDIATE, RESET, LINK].into_iter();
        let names = flows.chain(others.map(|base| self.name(base)));
        let is_present = |name: &String| request.has_cookie(name);
        let present = names.filter(is_present);
        present.map(|name| self.line(&name, "", 0)).collect()
    }

    fn flow_name(&self, kind: FlowKind) -> String {
        self.name(&[FLOW, kind.word()].concat())
    }

    fn name(&self, base: &str) -> String {
        // The path of these cookies is always `/`.
        let prefix = match (self.rules.secure, self.rules.domain.is_empty()) {
            (true, true) => "__Host-",
            (true, false) => "__Secure-",
            (false, _) => "",
        };
        [prefix, base].concat()
    }

    fn line(&self, name: &str, value: &str, max_age: u32) -> String {
        let domain = &self.rules.domain;
        let domain = match domain.is_empty() {
            true => String::new(),
            false => ["; Domain=", domain].concat(),
        };
        let max_age = decimal(max_age.into());
        let secure = if self.rules.secure { "; Secure" } else { "" };
        // A page that another site embeds gets no cookies that are `Lax`.
        let same_site = match self.rules.same_site {
            SameSite::None => "; SameSite=None",
            SameSite::Lax | SameSite::Strict => "; SameSite=Lax",
        };
        let partitioned = match self.rules.partitioned {
            true => "; Partitioned",
            false => "",
        };
        [
            name,
            "=",
            value,
            "; Path=/",
            &domain,
            "; Max-Age=",
            &max_age,
            "; HttpOnly",
            secure,
            same_site,
            partitioned,
        ]
        .concat()
    }
}

impl FlowCookie {
    fn text(&self) -> String {
        #[allow(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a time after 1970"
        )]
        let expires_at = decimal(self.expires_at as u64);
        let starts = decimal(self.starts);
        let page = escape::cookie_part(self.return_to.as_str());
        let verifier = self.verifier.reveal();
        [&expires_at, ":", &starts, ":", verifier, ":", &page].concat()
    }

    fn read(text: &str) -> Option<Self> {
        let (expires_at, rest) = text.split_once(':')?;
        let (starts, rest) = rest.split_once(':')?;
        let (verifier, page) = rest.split_once(':')?;
        let number = |digits: &str| {
            let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
            is_number.then(|| read_decimal(digits))?
        };
        Some(Self {
            expires_at: number(expires_at)? as f64,
            starts: number(starts)?,
            verifier: Verifier::read(verifier)?,
            return_to: page_of(page),
        })
    }
}

/// The value of a cookie. Frameworks that set cookies by name escape the value, so that it does not contain the colons of
/// each of these cookies.
fn value_of<'a>(request: &IncomingRequest<'a>, name: &str) -> Option<Cow<'a, str>> {
    let value = request.cookie_of(name)?;
    if value.contains(':') {
        return Some(value.into());
    }
    escape::decoded(value, escape::Plus::Literal).map(Into::into)
}

/// Returns whether a text can be the id of an organization or a member.
fn is_id(text: &str) -> bool {
    is_token(text) && text.len() <= 200 && !text.contains(':')
}

/// The page in a cookie. It is checked again, because a cookie is input of the user, or of another site.
fn page_of(text: &str) -> ReturnTo {
    let decoded = escape::decoded(text, escape::Plus::Literal);
    let page = decoded.and_then(|page| ReturnTo::checked(&page));
    page.unwrap_or_else(ReturnTo::home)
}

const FLOW: &str = "stytch_flow_";
const INTERMEDIATE: &str = "stytch_intermediate_session";
const RESET: &str = "stytch_password_reset";
const LINK: &str = "stytch_link";

const TEN_MINUTES: u32 = 600;

/// Omits the verifier.
impl fmt::Debug for FlowCookie {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("FlowCookie(…)")
    }
}

/// Omits the token.
impl fmt::Debug for KeptLink {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("KeptLink(…)")
    }
}

/// Omits the token and the verifier.
impl fmt::Debug for KeptReset {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("KeptReset(…)")
    }
}

/// Omits the token.
impl fmt::Debug for Pending {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Pending(…)")
    }
}

#[cfg(test)]
mod tests;
