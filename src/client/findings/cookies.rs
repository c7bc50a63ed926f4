//! Settings of cookies that browsers drop or change, or that are a risk, although [`CookieRules::check`] accepts them.
//!
//! The rules are those of RFC 6265, section 5, and of its revision, draft-ietf-httpbis-rfc6265bis. There is no list of public
//! suffixes here: a browser may drop the cookies of a domain that has no finding.

use super::{Finding, FindingCode, Severity};
use crate::{
    client::{CookieRules, SameSite},
    jwt::pieces,
};

/// Returns the finding about the session cookies of a client: all problems, and the severity of the most serious one.
#[must_use]
pub fn cookie_finding(rules: &CookieRules) -> Finding {
    let code = FindingCode::Cookies;
    let is_too_long = rules
        .max_age_seconds
        .is_some_and(|seconds| seconds > MAX_AGE_SECONDS);
    let problems = [
        domain_problem(&rules.domain),
        (!rules.secure).then_some(NOT_SECURE),
        (rules.same_site == SameSite::None).then_some(CROSS_SITE),
        is_too_long.then_some(TOO_LONG),
    ];
    let (mut severity, mut message, mut advice) = (Severity::Ok, String::new(), String::new());
    for (of_problem, what, to_do) in problems.into_iter().flatten() {
        severity = severity.max(of_problem);
        for (text, sentence) in [(&mut message, what), (&mut advice, to_do)] {
            if !text.is_empty() {
                text.push(' ');
            }
            text.push_str(sentence);
        }
    }
    if severity == Severity::Ok {
        return Finding::ok(
            code,
            "Browsers keep the session cookies with these settings.",
        );
    }
    Finding::new(code, severity, &message, &advice)
}

/// How serious a problem is, what it is, and what to do.
type Problem = (Severity, &'static str, &'static str);

/// Browsers ignore a leading dot, and drop a cookie unless the host is the domain or below it.
fn domain_problem(domain: &str) -> Option<Problem> {
    let domain = domain.strip_prefix('.').unwrap_or(domain);
    if domain.is_empty() {
        return None;
    }
    let mut labels = 0;
    let mut last = "";
    for label in pieces(domain, '.') {
        if label.is_empty() {
            return Some(NOT_A_HOST);
        }
        (labels, last) = (labels + 1, label);
    }
    if last.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(ADDRESS);
    }
    if domain.eq_ignore_ascii_case("localhost") {
        return Some(LOCALHOST);
    }
    let is_shared = SHARED
        .iter()
        .any(|suffix| domain.eq_ignore_ascii_case(suffix));
    (labels == 1 || is_shared).then_some(PUBLIC_SUFFIX)
}

const NOT_SECURE: Problem = (
    Severity::Warning,
    "`cookies.secure` is false, so browsers send the session over http too.",
    "Use it for development with http only.",
);

const CROSS_SITE: Problem = (
    Severity::Warning,
    "`cookies.same_site` is \"none\": requests that other sites trigger contain the session, and some browsers block such cookies.",
    "Use \"lax\", or protect every route that changes something against cross-site requests.",
);

const TOO_LONG: Problem = (
    Severity::Warning,
    "`cookies.max_age_seconds` is more than 400 days, and browsers shorten it to 400 days.",
    "Set at most 34560000.",
);

const NOT_A_HOST: Problem = (
    Severity::Error,
    "`cookies.domain` has an empty label, which no host name has, so browsers drop the cookies.",
    "Write the domain without a dot at the end, for example example.com.",
);

const ADDRESS: Problem = (
    Severity::Warning,
    "`cookies.domain` is an IP address. Browsers drop the cookies on every other host.",
    "Remove `cookies.domain`: the cookies are then valid for the host that sets them.",
);

const LOCALHOST: Problem = (
    Severity::Warning,
    "`cookies.domain` is localhost, and some browsers drop such cookies.",
    "Remove `cookies.domain` for development.",
);

const PUBLIC_SUFFIX: Problem = (
    Severity::Error,
    "`cookies.domain` is a suffix that many sites share, so browsers drop the cookies.",
    "Set the domain of your own site, or remove `cookies.domain`.",
);

/// 400 days, the longest lifetime of a cookie (rfc6265bis, section 5.5).
const MAX_AGE_SECONDS: u32 = 34_560_000;

/// Suffixes of runtimes and frameworks of this package, which are in the public suffix list.
const SHARED: [&str; 5] = [
    "workers.dev",
    "pages.dev",
    "vercel.app",
    "netlify.app",
    "deno.dev",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reports_domains_that_browsers_drop() {
        for (domain, expected) in [
            ("", None),
            (".", None),
            ("example.com", None),
            (".example.com", None),
            ("app.example.co", None),
            ("acme.workers.dev", None),
            ("com", Some(PUBLIC_SUFFIX)),
            (".com", Some(PUBLIC_SUFFIX)),
            ("Workers.dev", Some(PUBLIC_SUFFIX)),
            ("LOCALHOST", Some(LOCALHOST)),
            ("app.localhost", None),
            ("10.0.0.1", Some(ADDRESS)),
            ("127.1", Some(ADDRESS)),
            ("example.com.", Some(NOT_A_HOST)),
            ("a..b", Some(NOT_A_HOST)),
            ("..", Some(NOT_A_HOST)),
        ] {
            assert_eq!(domain_problem(domain), expected, "{domain}");
        }
    }

    #[test]
    fn joins_all_problems_and_has_the_highest_severity() {
        let good = cookie_finding(&CookieRules::default());
        assert_eq!(good.severity, Severity::Ok);
        let rules = CookieRules {
            secure: false,
            max_age_seconds: Some(MAX_AGE_SECONDS + 1),
            ..CookieRules::default()
        };
        let finding = cookie_finding(&rules);
        assert_eq!(finding.severity, Severity::Warning);
        assert_eq!(finding.message, [NOT_SECURE.1, TOO_LONG.1].join(" "));
        let rules = CookieRules {
            same_site: SameSite::None,
            domain: "com".to_owned(),
            max_age_seconds: Some(MAX_AGE_SECONDS),
            ..CookieRules::default()
        };
        let finding = cookie_finding(&rules);
        assert_eq!(finding.severity, Severity::Error);
        assert_eq!(finding.advice, [PUBLIC_SUFFIX.2, CROSS_SITE.2].join(" "));
    }
}
