//! The tables of options in the documents: their names are those of `api/options.yaml`, and their defaults are those of the
//! code.

use std::collections::BTreeSet;

use stytch_edge::client::{
    CacheLimits, CookieRules, DEFAULT_RETRIES, DEFAULT_TIMEOUT_MS, Lifetimes, RefreshLimits,
};

use crate::documents::{between, in_backticks, section, table};

#[test]
fn the_reference_lists_the_options_of_each_client() {
    let all = configuration(|_| true);
    let expected = without(all, &["product", "token_cache", "refresh_limits"]);
    assert_eq!(names(&table(section(REFERENCE, CLIENTS))), expected);

    let (_, excepted) = section(REFERENCE, VERIFIER).split_once("without").unwrap();
    let (excepted, _) = excepted.split_once(", and `product`").unwrap();
    let refused = configuration(|rules| lists(rules, "unsupported_by", "verifier"));
    let mut expected = refused;
    // The constructor refuses a secret with a message of its own, and a verifier does not call the fraud and risk API.
    expected.extend(["secret", "fraud_env"].map(str::to_owned));
    assert_eq!(owned(in_backticks(excepted)), expected);

    let supported = configuration(|rules| !lists(rules, "unsupported_by", "saml_shield"));
    let of_projects = [
        "project_id",
        "secret",
        "product",
        "env",
        "fraud_env",
        "token_cache.max_entries",
        "token_cache.max_bytes",
        "refresh_limits.unverified_refreshes",
        "refresh_limits.session_refreshes",
        "refresh_limits.refused_session_seconds",
        "refresh_limits.max_pause_seconds",
    ];
    assert_eq!(
        owned(in_backticks(section(REFERENCE, SAML_SHIELD))),
        without(supported, &of_projects)
    );
}

#[test]
fn the_reference_lists_the_options_of_each_method() {
    let requests = table(section(REFERENCE, REQUESTS));
    let mut expected = options_of("authenticateRequest");
    expected.insert("wait_until".to_owned());
    assert_eq!(names(&requests), expected);
    let check = row(&requests, "authorization_check");
    assert_eq!(
        owned(in_backticks(check[1])),
        fields_of("authorization_check")
    );

    let calls = table(section(REFERENCE, CALLS));
    assert_eq!(names(&calls), options_of("callOptions"));

    let services = table(section(REFERENCE, SERVICES));
    assert_eq!(names(&services), options_of("authenticateAppRequest"));
    let for_machines: Vec<_> = services
        .into_iter()
        .filter(|row| !row[0].contains("(`idp` only)"))
        .collect();
    assert_eq!(
        names(&for_machines),
        options_of("authenticateMachineRequest")
    );

    let provider = table(section(REFERENCE, TOKEN_PROVIDER));
    assert_eq!(names(&provider), options_of("tokenProvider"));

    for (heading, method) in [
        ("startLogin", "startLogin"),
        ("handleCallback", "handleCallback"),
    ] {
        assert_eq!(
            names(&table(section(REFERENCE, heading))),
            options_of(method)
        );
    }
    let pages = row(&table(section(REFERENCE, "handleCallback")), "pages")[2].to_owned();
    assert_eq!(owned(in_backticks(&pages)), fields_of("pages"));
}

#[test]
fn the_guide_lists_the_cookie_options_with_their_defaults() {
    let cookies = table(section(SESSIONS, COOKIES));
    assert_eq!(names(&cookies), fields_of("cookies"));
    let rules = CookieRules::default();
    let text = |text: &str| format!("`\"{text}\"`");
    let same_site = format!("{:?}", rules.same_site).to_lowercase();
    for (option, default) in [
        ("session_jwt", text(&rules.session_jwt)),
        ("session_token", text(&rules.session_token)),
        ("http_only", format!("`{}`", rules.http_only)),
        ("secure", format!("`{}`", rules.secure)),
        ("same_site", text(&same_site)),
        ("path", text(&rules.path)),
    ] {
        assert_eq!(row(&cookies, option)[1], default, "{option}");
    }
    assert_eq!(
        (rules.domain.as_str(), row(&cookies, "domain")[1]),
        ("", "absent")
    );
    assert_eq!(
        (rules.max_age_seconds, row(&cookies, "max_age_seconds")[1]),
        (None, "absent")
    );
}

#[test]
fn the_reference_has_the_defaults_of_the_code() {
    let clients = table(section(REFERENCE, CLIENTS));
    let (lifetimes, limits) = (Lifetimes::default(), CacheLimits::default());
    let refreshes = RefreshLimits::default();
    for (option, default) in [
        ("timeout", grouped(DEFAULT_TIMEOUT_MS.into(), ",")),
        ("retries", DEFAULT_RETRIES.to_string()),
        (
            "keys_max_stale_seconds",
            grouped(lifetimes.max_stale as u64, ","),
        ),
        (
            "policy_ttl_seconds",
            grouped(lifetimes.policy_ttl as u64, ","),
        ),
        (
            "token_cache.max_entries",
            grouped(limits.max_entries as u64, ","),
        ),
        (
            "token_cache.max_bytes",
            format!("{} MiB", limits.max_bytes >> 20),
        ),
        ("refresh_timeout", grouped(refreshes.timeout_ms.into(), ",")),
        (
            "refresh_limits.unverified_refreshes",
            refreshes.unverified_refreshes.unwrap().to_string(),
        ),
        (
            "refresh_limits.session_refreshes",
            refreshes.session_refreshes.unwrap().to_string(),
        ),
        (
            "refresh_limits.refused_session_seconds",
            refreshes.refused_session_seconds.to_string(),
        ),
        (
            "refresh_limits.max_pause_seconds",
            refreshes.max_pause_seconds.to_string(),
        ),
        (
            "fraud_env",
            format!("`{}`", between(CONFIG, "fraud: \"", "\"")),
        ),
    ] {
        assert_eq!(row(&clients, option)[2], default, "{option}");
    }

    let provider = table(section(REFERENCE, TOKEN_PROVIDER));
    let ahead = between(ACCESS_TOKENS, "const REFRESH_AHEAD_SECONDS: f64 = ", ".0;");
    let written = row(&provider, "refresh_ahead_seconds")[1];
    assert_eq!(written.split(',').next(), Some(ahead));
}

/// The options of a configuration whose rules meet the condition. The name of a field begins with the name of its object.
fn configuration(is_wanted: impl Fn(&str) -> bool) -> BTreeSet<String> {
    let (_, lines) = LIST.split_once("\nconfig:\n").unwrap();
    let rows = lines
        .lines()
        .map(|line| line.trim_start().split_once(": ").unwrap());
    let wanted = rows.filter(|(_, rules)| is_wanted(rules));
    wanted
        .map(|(name, rules)| match rules.split_once("{in: ") {
            Some((_, rest)) => format!("{}.{name}", rest.split_once(',').unwrap().0),
            None => name.to_owned(),
        })
        .collect()
}

/// Whether the list with this key contains the word.
fn lists(rules: &str, key: &str, word: &str) -> bool {
    let list = rules.split_once(&format!("{key}: ["));
    list.is_some_and(|(_, rest)| {
        rest.split_once(']')
            .unwrap()
            .0
            .split(", ")
            .any(|found| found == word)
    })
}

/// The options that a method reads, except options that its TypeScript type does not have.
fn options_of(method: &str) -> BTreeSet<String> {
    let (_, lines) = LIST.split_once(&format!("\n  {method}:\n")).unwrap();
    let names = lines.lines().map_while(|line| line.strip_prefix("    - "));
    without(owned(names), &["current_date"])
}

fn fields_of(option: &str) -> BTreeSet<String> {
    owned(between(LIST, &format!("\n  {option}: ["), "]").split(", "))
}

fn without(mut names: BTreeSet<String>, others: &[&str]) -> BTreeSet<String> {
    names.retain(|name| !others.contains(&name.as_str()));
    names
}

/// The options of the rows. A row may have several.
fn names(table: &[Vec<&str>]) -> BTreeSet<String> {
    let cells = table
        .iter()
        .map(|row| row[0].split(" (").next().unwrap_or_default());
    owned(cells.flat_map(in_backticks))
}

fn row<'a, 'b>(table: &'b [Vec<&'a str>], option: &str) -> &'b [&'a str] {
    let name = format!("`{option}`");
    let found = table.iter().find(|row| row[0].starts_with(&name));
    found.unwrap_or_else(|| panic!("{option}"))
}

fn owned<'a>(names: impl IntoIterator<Item = &'a str>) -> BTreeSet<String> {
    names.into_iter().map(str::to_owned).collect()
}

/// A number in groups of three digits.
fn grouped(number: u64, separator: &str) -> String {
    let digits = number.to_string();
    let groups: Vec<_> = digits.as_bytes().rchunks(3).rev().collect();
    let groups = groups
        .iter()
        .map(|group| String::from_utf8_lossy(group).into_owned());
    groups.collect::<Vec<_>>().join(separator)
}

const REFERENCE: &str = include_str!("../../docs/reference/options.md");
const SESSIONS: &str = include_str!("../../docs/guide/sessions-and-cookies.md");
const LIST: &str = include_str!("../../api/options.yaml");
const CONFIG: &str = include_str!("../../pkg/src/config.ts");
const ACCESS_TOKENS: &str = include_str!("../../npm/src/access_tokens.rs");

const CLIENTS: &str = "Client and B2BClient";
const VERIFIER: &str = "SessionVerifier";
const SAML_SHIELD: &str = "SamlShieldClient";
const REQUESTS: &str = "authenticateRequest";
const CALLS: &str = "Every call";
const SERVICES: &str = "idp.authenticateRequest and m2m.authenticateRequest";
const TOKEN_PROVIDER: &str = "m2m.tokenProvider";
const COOKIES: &str = "Cookie options";
