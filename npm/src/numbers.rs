//! Numbers of credentials that crossed before: a number crosses faster than a token, and `true` faster than its session.
//!
//! Decides nothing. A number stands for the credentials, which are checked as if they crossed again. The result of a call
//! by number is `true` if it is the text that was returned with the number, and `false` if the number is not in use
//! any more. Numbers are never used anew, so that an old number does not stand for other credentials.

use std::{
    cell::RefCell,
    ops::Deref,
    rc::Rc,
    sync::{Arc, Weak},
};

use stytch_edge::client::{Accepted, CookieRules, Credentials, Verified, Via};

use super::tasks::{self, Done};

/// What a number stands for. The token is weak: it is dropped with the cache of verified tokens.
struct Numbered {
    number: u32,
    verified: Weak<Verified>,
    /// `None` for the token itself.
    request: Option<Rc<Request>>,
}

/// The credentials of a request, as cookies of these names have them.
pub(crate) struct Request {
    session_jwt: String,
    session_token: String,
    /// The length of the longer header in bytes.
    longest: usize,
    pub(crate) credentials: Credentials<String>,
}

/// The token of a call.
pub(crate) enum Token {
    Text(String),
    Known(Arc<Verified>),
}

thread_local! {
    static NUMBERS: RefCell<(u32, Vec<Numbered>)> = const { RefCell::new((0, Vec::new())) };
}

/// The token with a number.
pub(crate) fn token(number: u32) -> Option<Arc<Verified>> {
    with(number, |numbered| match numbered.request {
        None => numbered.verified.upgrade(),
        Some(_) => None,
    })
}

/// The token and the request with a number, if the cookies have the same names.
pub(crate) fn request(number: u32, rules: &CookieRules) -> Option<(Arc<Verified>, Rc<Request>)> {
    with(number, |numbered| {
        let request = numbered
            .request
            .as_ref()
            .filter(|request| request.is_by(rules))?;
        Some((numbered.verified.upgrade()?, Rc::clone(request)))
    })
}

/// The result of a call whose JSON text is `text`, if it accepted a token. `before` is the token of its number. The text must
/// depend on nothing but the token and `via`.
pub(crate) fn done(
    accepted: Option<&Accepted>,
    before: Option<&Arc<Verified>>,
    request: Option<&Rc<Request>>,
    text: impl FnOnce() -> String,
) -> Done {
    let is_again = |accepted: &&Accepted| accepted.via == Via::Cache && !tasks::has_waited();
    let verified = accepted.filter(is_again).and_then(Accepted::verified);
    match (verified, before) {
        (Some(verified), Some(before)) if Arc::ptr_eq(verified, before) => Done::Same,
        (Some(verified), None) => match number_of(verified, request) {
            Some(number) => Done::Numbered(text(), number),
            None => Done::Json(text()),
        },
        _ => Done::Json(text()),
    }
}

/// A new number. `None` if there are none left, or if TypeScript would not keep it because a text is too long: it would
/// replace a number that is in use, and its credentials would remain in memory.
fn number_of(verified: &Arc<Verified>, request: Option<&Rc<Request>>) -> Option<u32> {
    let longest = request.map_or(verified.token().len(), |request| request.longest);
    if longest > MAX_BYTES {
        return None;
    }
    NUMBERS.with_borrow_mut(|(last, all)| {
        let number = last.checked_add(1)?;
        *last = number;
        let numbered = Numbered {
            number,
            verified: Arc::downgrade(verified),
            request: request.cloned(),
        };
        match all.get_mut(place_of(number)) {
            Some(oldest) => *oldest = numbered,
            // The places are taken in their order.
            None => all.push(numbered),
        }
        Some(number)
    })
}

/// Forgets the credentials of all numbers.
pub(crate) fn forget() {
    NUMBERS.with_borrow_mut(|(_, all)| {
        for numbered in all {
            (numbered.verified, numbered.request) = (Weak::new(), None);
        }
    });
}

fn with<T>(number: u32, read: impl FnOnce(&Numbered) -> Option<T>) -> Option<T> {
    NUMBERS.with_borrow(|(_, all)| {
        let numbered = all.get(place_of(number))?;
        (numbered.number == number).then(|| read(numbered))?
    })
}

fn place_of(number: u32) -> usize {
    number.wrapping_sub(1) as usize % MAX_NUMBERS
}

impl Request {
    /// The credentials that cookies of the names in `rules` have, in headers of at most `longest` bytes.
    pub(crate) fn new(
        credentials: Credentials<String>,
        rules: &CookieRules,
        longest: usize,
    ) -> Rc<Self> {
        Rc::new(Self {
            session_jwt: rules.session_jwt.clone(),
            session_token: rules.session_token.clone(),
            longest,
            credentials,
        })
    }

    fn is_by(&self, rules: &CookieRules) -> bool {
        self.session_jwt == rules.session_jwt && self.session_token == rules.session_token
    }
}

impl Token {
    /// The token, if it crossed as a number.
    pub(crate) fn known(&self) -> Option<&Arc<Verified>> {
        match self {
            Self::Text(_) => None,
            Self::Known(verified) => Some(verified),
        }
    }
}

impl Deref for Token {
    type Target = str;

    fn deref(&self) -> &str {
        match self {
            Self::Text(text) => text,
            Self::Known(verified) => verified.token(),
        }
    }
}

/// As MAX_KNOWN in pkg/src/recall.ts. A project has at most 1,000 verified tokens by default.
const MAX_NUMBERS: usize = 500;
/// As MAX_LENGTH in pkg/src/recall.ts, but in bytes of UTF-8, which are at least as many.
const MAX_BYTES: usize = 4096;
