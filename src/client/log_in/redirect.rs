//! Decides what a request to the callback is: a token that the API may authenticate, a link that waits for a click, or a
//! request that is refused without a call.

use super::{
    FlowCookie, IncomingRequest, KeptLink, LogInCookies, LogInRefusal, RedirectQuery, ReturnTo,
    TokenType,
};
use crate::{jwt::UnixSeconds, session::Product};

/// The rules of a callback.
#[derive(Debug, Clone, Copy)]
pub struct RedirectRules {
    /// The product of the project.
    pub product: Product,
    /// Whether a token is accepted although this browser did not start its flow. Default: `false`.
    pub allow_unbound: bool,
    /// Whether employees may impersonate users. Default: `false`.
    pub allow_impersonation: bool,
    /// Whether the user clicks a button before the token is used. Default: `false`.
    pub confirm: bool,
}

/// A request to the callback.
#[derive(Debug)]
pub enum Redirect {
    /// A token that the API may authenticate.
    Token {
        /// The row of its type.
        row: &'static TokenType,
        /// The token.
        link: KeptLink,
        /// The flow that this browser started.
        flow: Option<FlowCookie>,
    },
    /// A link that is kept in a cookie. The browser requests the page with the button next, whose URL has no token.
    Keep {
        /// The link.
        link: KeptLink,
        /// The path of the page.
        page: ReturnTo,
    },
    /// The page with the button.
    Page,
    /// A request that is refused.
    Refused(LogInRefusal),
}

/// Reads a request to the callback.
#[must_use]
pub fn read_redirect(
    request: &IncomingRequest<'_>,
    rules: RedirectRules,
    cookies: LogInCookies<'_>,
    now: UnixSeconds,
) -> Redirect {
    read(request, rules, cookies, now).unwrap_or_else(Redirect::Refused)
}

fn read(
    request: &IncomingRequest<'_>,
    rules: RedirectRules,
    cookies: LogInCookies<'_>,
    now: UnixSeconds,
) -> Result<Redirect, LogInRefusal> {
    if request.is_speculative() {
        return Err(LogInRefusal::SpeculativeRequest);
    }
    let is_click = rules.confirm && request.method == "POST";
    if request.method != "GET" && !is_click {
        return Err(LogInRefusal::MethodNotAllowed);
    }
    if is_click {
        if !request.is_same_origin() {
            return Err(LogInRefusal::CrossOrigin);
        }
        let link = cookies.link(request).ok_or(LogInRefusal::NoToken)?;
        return token(link, request, rules, cookies, now);
    }
    match RedirectQuery::read(request.query())? {
        Some(RedirectQuery {
            token_type,
            token: text,
        }) => {
            let link = KeptLink {
                token_type,
                token: text,
            };
            if !rules.confirm {
                return token(link, request, rules, cookies, now);
            }
            row_of(&link, rules)?;
            let page = ReturnTo::checked(request.path()).unwrap_or_else(ReturnTo::home);
            Ok(Redirect::Keep { link, page })
        }
        None if rules.confirm && cookies.link(request).is_some() => Ok(Redirect::Page),
        None => Err(LogInRefusal::NoToken),
    }
}

fn row_of(link: &KeptLink, rules: RedirectRules) -> Result<&'static TokenType, LogInRefusal> {
    let row = TokenType::find(&link.token_type, rules.product);
    let row = row.ok_or(LogInRefusal::UnknownTokenType)?;
    if row.product != rules.product {
        return Err(LogInRefusal::OtherProduct);
    }
    let is_impersonation = row.verifier_field.is_none();
    if is_impersonation && !rules.allow_impersonation {
        return Err(LogInRefusal::ImpersonationNotAllowed);
    }
    Ok(row)
}

fn token(
    link: KeptLink,
    request: &IncomingRequest<'_>,
    rules: RedirectRules,
    cookies: LogInCookies<'_>,
    now: UnixSeconds,
) -> Result<Redirect, LogInRefusal> {
    let row = row_of(&link, rules)?;
    // An employee starts an impersonation in Stytch's dashboard, so it is never bound to a browser.
    let flow = row.verifier_field.and_then(|_| {
        let of_sibling = || cookies.flow(request, row.flow.sibling()?, now);
        cookies.flow(request, row.flow, now).or_else(of_sibling)
    });
    let needs_flow = row.verifier_field.is_some() && !rules.allow_unbound;
    if flow.is_none() && needs_flow {
        return Err(LogInRefusal::FlowNotStartedHere);
    }
    Ok(Redirect::Token { row, link, flow })
}
