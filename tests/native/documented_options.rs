//! The tables of options in the documents: their names are those of `api/options.yaml`, and their defaults are those of the
//! code.

use std::collections::BTreeSet;

use stytch_edge::client::{CacheLimits, CookieRules, DEFAULT_TIMEOUT_MS, Lifetimes};

#[test]
fn the_reference_lists_the_options_of_each_client() {
    let all = configuration(|_| true);
    let expected = without(all, &["public_token", "product", "token_cache"]);
    assert_eq!(names(&table(REFERENCE, CLIENTS)), expected);

    let (_, excepted) = section(REFERENCE, VERIFIER).split_once("without").unwrap();
    let (excepted, _) = excepted.split_once(", and `product`").unwrap();
    let mut expected = configuration(|rules| lists(rules, "unsupported_by", "verifier"));
    // The constructor refuses a secret with a message of its own, and a verifier does not call the fraud and risk API.
    expected.extend(["secret", "fraud_env"].map(str::to_owned));
    assert_eq!(in_backticks(excepted), expected);

    let supported = configuration(|rules| !lists(rules, "unsupported_by", "saml_shield"));
    let of_projects = [
        "project_id",
        "secret",
        "product",
        "env",
        "fraud_env",
        "token_cache.max_entries",
        "token_cache.max_bytes",
    ];
    assert_eq!(
        in_backticks(section(REFERENCE, SAML_SHIELD)),
        without(supported, &of_projects)
    );
}

#[test]
fn the_reference_lists_the_options_of_each_method() {
    let requests = table(REFERENCE, REQUESTS);
    let mut expected = options_of("authenticateRequest");
    expected.insert("wait_until".to_owned());
    assert_eq!(names(&requests), expected);
    let check = row(&requests, "authorization_check");
    assert_eq!(in_backticks(check[1]), fields_of("authorization_check"));

    let services = table(REFERENCE, SERVICES);
    assert_eq!(names(&services), options_of("authenticateAppRequest"));
    let for_machines: Vec<_> = services
        .into_iter()
        .filter(|row| !row[0].contains("(`idp` only)"))
        .collect();
    assert_eq!(
        names(&for_machines),
        options_of("authenticateMachineRequest")
    );

    let provider = table(REFERENCE, TOKEN_PROVIDER);
    assert_eq!(names(&provider), options_of("tokenProvider"));
}

#[test]
fn the_guide_lists_the_cookie_options_with_their_defaults() {
    let cookies = table(SESSIONS, COOKIES);
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
    let clients = table(REFERENCE, CLIENTS);
    let (lifetimes, limits) = (Lifetimes::default(), CacheLimits::default());
    for (option, default) in [
        ("timeout", grouped(DEFAULT_TIMEOUT_MS.into(), ",")),
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
        (
            "fraud_env",
            format!("`{}`", after(CONFIG, "fraud: \"", "\"")),
        ),
    ] {
        assert_eq!(row(&clients, option)[2], default, "{option}");
    }
    // The npm package has the default of `timeout` in TypeScript, too.
    assert!(CONFIG_CHECKS.contains(&grouped(DEFAULT_TIMEOUT_MS.into(), "_")));

    let provider = table(REFERENCE, TOKEN_PROVIDER);
    let ahead = after(ACCESS_TOKENS, "const REFRESH_AHEAD_SECONDS: f64 = ", ".0;");
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
    without(names.map(str::to_owned).collect(), &["current_date"])
}

fn fields_of(option: &str) -> BTreeSet<String> {
    let fields = after(LIST, &format!("\n  {option}: ["), "]");
    fields.split(", ").map(str::to_owned).collect()
}

fn without(mut names: BTreeSet<String>, others: &[&str]) -> BTreeSet<String> {
    names.retain(|name| !others.contains(&name.as_str()));
    names
}

/// The part of a document below a heading of the second level.
fn section<'a>(document: &'a str, heading: &str) -> &'a str {
    let (_, rest) = document
        .split_once(&format!("\n## {heading}\n"))
        .unwrap_or_else(|| panic!("{heading}"));
    rest.split("\n## ").next().unwrap()
}

/// The cells of the rows of the first table below a heading.
fn table<'a>(document: &'a str, heading: &str) -> Vec<Vec<&'a str>> {
    let lines = section(document, heading).lines();
    let table: Vec<_> = lines
        .skip_while(|line| !line.starts_with('|'))
        .take_while(|line| line.starts_with('|'))
        .collect();
    let cells = |line: &&'a str| line.trim_matches('|').split('|').map(str::trim).collect();
    table.iter().skip(2).map(cells).collect()
}

/// The options of the rows. A row may have several.
fn names(table: &[Vec<&str>]) -> BTreeSet<String> {
    let cells = table
        .iter()
        .map(|row| row[0].split(" (").next().unwrap_or_default());
    cells.flat_map(in_backticks).collect()
}

fn row<'a, 'b>(table: &'b [Vec<&'a str>], option: &str) -> &'b [&'a str] {
    let name = format!("`{option}`");
    let found = table.iter().find(|row| row[0].starts_with(&name));
    found.unwrap_or_else(|| panic!("{option}"))
}

fn in_backticks(text: &str) -> BTreeSet<String> {
    text.split('`')
        .skip(1)
        .step_by(2)
        .map(str::to_owned)
        .collect()
}

/// The text after the first `start`, up to `end`.
fn after<'a>(text: &'a str, start: &str, end: &str) -> &'a str {
    let (_, rest) = text.split_once(start).unwrap_or_else(|| panic!("{start}"));
    rest.split_once(end).unwrap().0
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
const CONFIG_CHECKS: &str = include_str!("../../pkg/src/config_checks.ts");
const ACCESS_TOKENS: &str = include_str!("../../npm/src/access_tokens.rs");

const CLIENTS: &str = "Client and B2BClient";
const VERIFIER: &str = "SessionVerifier";
const SAML_SHIELD: &str = "SamlShieldClient";
const REQUESTS: &str = "authenticateRequest";
const SERVICES: &str = "idp.authenticateRequest and m2m.authenticateRequest";
const TOKEN_PROVIDER: &str = "m2m.tokenProvider";
const COOKIES: &str = "Cookie options";
