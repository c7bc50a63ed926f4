//! Requests whose token may be of several kinds: every kind against every set of accepted kinds, in both products.

use serde_json::{Value, json};
use stytch_edge::{
    client::{
        CookieRules, Credentials, RemoteFallback, RequestHeaders, Requirement, ServiceRequirement,
        Verdict,
    },
    flow::{
        Challenge, Error, Introspection, KindsCheck, KindsVerdict, RequestCheck, ServiceCheck,
        Times,
    },
    session::{AuthorizationCheck, Product, TokenKind},
};

use super::fixture::consumer;
use crate::{
    session_checks::token,
    shell::{NOW, Shell},
    token_kinds::kinds,
};

const ALL: [TokenKind; 3] = [
    TokenKind::Session,
    TokenKind::Machine,
    TokenKind::ConnectedApp,
];

/// The accepted kinds, and the requirements for them.
struct Accepts {
    kinds: Vec<TokenKind>,
    fallback: RemoteFallback,
    session: Requirement,
    machine_scopes: Vec<String>,
    app_scopes: Vec<String>,
    audiences: Vec<String>,
}

impl Accepts {
    fn of(kinds: &[TokenKind]) -> Self {
        Self {
            kinds: kinds.to_vec(),
            fallback: RemoteFallback::Stale,
            session: Requirement::Nothing,
            machine_scopes: Vec::new(),
            app_scopes: Vec::new(),
            audiences: Vec::new(),
        }
    }

    fn has(&self, kind: TokenKind) -> bool {
        self.kinds.contains(&kind)
    }

    fn service(&self, kind: TokenKind) -> Option<ServiceCheck<'static>> {
        let scopes = match kind {
            TokenKind::Machine => &self.machine_scopes,
            _ => &self.app_scopes,
        };
        self.has(kind).then(|| ServiceCheck {
            credential: None,
            kind,
            requirement: ServiceRequirement {
                audiences: self.audiences.clone(),
                scopes: scopes.clone(),
                permission: None,
            },
            times: Times::default(),
            introspection: Introspection::Never,
            challenge: Challenge::default(),
        })
    }
}

/// The verdict as words: the status, the reason or the kind, and the challenge.
type Words = (&'static str, &'static str, Option<String>);

fn ask(
    shell: &mut Shell,
    authorization: Option<&str>,
    cookie: Option<&str>,
    accepts: &Accepts,
) -> Result<Words, Error> {
    let rules = CookieRules::default();
    let headers = RequestHeaders {
        authorization,
        cookie,
    };
    let credentials = Credentials::find(headers, &rules.session_jwt, &rules.session_token);
    let session = RequestCheck {
        credentials,
        requirement: &accepts.session,
        times: Times::default(),
        required_claims: &[],
        remote_fallback: Some(accepts.fallback),
        cookies: Some(&rules),
        session_duration_minutes: None,
        refresh_timeout_ms: None,
    };
    let question = KindsCheck {
        credentials,
        session: accepts.has(TokenKind::Session).then_some(session),
        machine: accepts.service(TokenKind::Machine),
        connected_app: accepts.service(TokenKind::ConnectedApp),
    };
    shell.sent = 0;
    let verdict = shell.run(async |core| core.authenticate_kinds(&question).await)?;
    Ok(match verdict {
        KindsVerdict::AccessToken { kind, via, .. } => {
            assert_ne!(kind, TokenKind::Session);
            (via.word(), name_of(kind), None)
        }
        KindsVerdict::Session { decided, challenge } => match decided.verdict {
            Verdict::Authenticated { via, .. } => (via.word(), "session", challenge),
            verdict => (verdict.status(), verdict.reason(), challenge),
        },
    })
}

fn bearer(shell: &mut Shell, token: &str, accepts: &Accepts) -> Words {
    ask(shell, Some(&format!("Bearer {token}")), None, accepts).unwrap()
}

fn name_of(kind: TokenKind) -> &'static str {
    match kind {
        TokenKind::Session => "session",
        TokenKind::Machine => "m2m",
        TokenKind::ConnectedApp => "connected_app",
    }
}

/// The seven sets of at least one kind.
fn sets() -> impl Iterator<Item = Vec<TokenKind>> {
    (1..8).map(|bits: usize| {
        let of_bit = |bit: &usize| bits & (1 << bit) != 0;
        (0..3).filter(of_bit).map(|bit| ALL[bit]).collect()
    })
}

fn with_claims(shell: &mut Shell, mut claims: Value, changes: &Value) -> String {
    let changes = changes.as_object().unwrap().clone();
    claims.as_object_mut().unwrap().extend(changes);
    token(shell, json!({ "claims": claims }))
}

#[test]
fn accepts_a_token_in_the_header_if_its_kind_is_in_the_set() {
    let (mut tried, mut accepted) = (0, 0);
    for product in [Product::Consumer, Product::B2b] {
        let mut shell = Shell::new(product);
        for (name, claims, kind, owner) in kinds() {
            let token = with_claims(&mut shell, claims, &json!({}));
            let fits = owner.is_none_or(|owner| owner == product);
            for set in sets() {
                tried += 1;
                let accepts = Accepts::of(&set);
                let (status, word, challenge) = bearer(&mut shell, &token, &accepts);
                if fits && set.contains(&kind) {
                    accepted += 1;
                    assert!(["local", "cache"].contains(&status), "{name} at {set:?}");
                    assert_eq!((word, challenge), (name_of(kind), None));
                    // The cache of verified tokens applies.
                    let again = bearer(&mut shell, &token, &accepts);
                    assert_eq!(again, ("cache", name_of(kind), None));
                    continue;
                }
                let expected = ("unauthenticated", "wrong_token_kind");
                assert_eq!((status, word), expected, "{name} at {product:?} {set:?}");
                let has_services = set != [TokenKind::Session];
                let error = r#"Bearer error="invalid_token""#.to_owned();
                assert_eq!(challenge, has_services.then_some(error), "{name} {set:?}");
                // At most the key set is fetched.
                assert!(shell.sent <= 1);
            }
        }
    }
    // Three kinds of each product, in four of the seven sets.
    assert_eq!((tried, accepted), (70, 24));
}

#[test]
fn an_expired_token_is_expired_only_for_its_own_kind_and_only_sessions_are_refreshed() {
    let mut refreshed = 0;
    for product in [Product::Consumer, Product::B2b] {
        let mut shell = Shell::new(product);
        for (name, claims, kind, owner) in kinds() {
            let expired = json!({"exp": NOW - 1});
            let token = with_claims(&mut shell, claims, &expired);
            let fits = owner.is_none_or(|owner| owner == product);
            let fetch = Accepts::of(&[TokenKind::Machine]);
            bearer(&mut shell, &token, &fetch);
            for set in sets() {
                let verdict = bearer(&mut shell, &token, &Accepts::of(&set));
                let expected = match (set.contains(&kind), kind) {
                    (true, TokenKind::Session) if fits => "session_not_found",
                    (true, TokenKind::Session) | (false, _) => "wrong_token_kind",
                    (true, _) => "expired",
                };
                assert_eq!(verdict.1, expected, "{name} at {product:?} {set:?}");
                assert_eq!(verdict.0, "unauthenticated");
                if expected == "session_not_found" {
                    refreshed += shell.sent;
                } else {
                    assert_eq!(shell.sent, 0, "{name} at {product:?} {set:?}");
                }
            }
        }
    }
    // The second and later times, the API's refusal is known.
    assert_eq!(refreshed, 2);
}

#[test]
fn a_cookie_is_a_session_and_nothing_else() {
    for product in [Product::Consumer, Product::B2b] {
        let mut shell = Shell::new(product);
        for (name, claims, kind, owner) in kinds() {
            for changes in [json!({}), json!({"exp": NOW - 1})] {
                let token = with_claims(&mut shell, claims.clone(), &changes);
                let cookie = format!("stytch_session_jwt={token}");
                let is_session =
                    kind == TokenKind::Session && owner.is_none_or(|owner| owner == product);
                for set in sets() {
                    let verdict = ask(&mut shell, None, Some(&cookie), &Accepts::of(&set));
                    let (status, word, challenge) = verdict.unwrap();
                    let expected = match (set.contains(&TokenKind::Session), is_session) {
                        (false, _) => "no_credentials",
                        (true, false) => "wrong_token_kind",
                        (true, true) if changes == json!({}) => "session",
                        (true, true) => "session_not_found",
                    };
                    assert_eq!(word, expected, "{name} at {product:?} {set:?}");
                    if word == "session" {
                        continue;
                    }
                    assert_eq!(status, "unauthenticated");
                    // A cookie is not a Bearer credential, so the challenge does not report an error.
                    let realm = r#"Bearer realm="api""#.to_owned();
                    let has_services = set != [TokenKind::Session];
                    assert_eq!(challenge, has_services.then_some(realm));
                }
            }
        }
    }
}

#[test]
fn a_bearer_credential_hides_the_cookies() {
    let (mut shell, login) = consumer();
    let accepts = Accepts::of(&ALL);
    let cookies = login.cookies();
    let verdict = ask(&mut shell, None, Some(&cookies), &accepts).unwrap();
    assert_eq!(verdict.1, "session");
    let verdict = ask(&mut shell, Some("Bearer x"), Some(&cookies), &accepts).unwrap();
    assert_eq!(verdict.1, "malformed");
    let verdict = ask(&mut shell, Some("Basic eDp5"), Some(&cookies), &accepts).unwrap();
    assert_eq!(verdict.1, "session");
}

#[test]
fn a_token_that_cannot_be_verified_is_sent_to_the_api_only_if_it_must_be_a_session() {
    let (mut shell, login) = consumer();
    let (body, signature) = login.session_jwt.rsplit_once('.').unwrap();
    let first = if signature.starts_with('A') { "B" } else { "A" };
    let forged = format!("{body}.{first}{}", &signature[1..]);
    let foreign = token(&mut shell, json!({"product": "b2b"}));
    for (token, reason) in [(&forged, "bad_signature"), (&foreign, "unknown_key")] {
        for set in sets() {
            let accepts = Accepts {
                fallback: RemoteFallback::Always,
                ..Accepts::of(&set)
            };
            // Fetches the key set.
            bearer(&mut shell, token, &Accepts::of(&[TokenKind::Machine]));
            let verdict = bearer(&mut shell, token, &accepts);
            if set == [TokenKind::Session] {
                assert_eq!((verdict.1, shell.sent), ("session_not_found", 1));
                shell.now += 60;
                continue;
            }
            assert_eq!(shell.sent, 0, "{set:?}");
            assert!(["unauthenticated", "unavailable"].contains(&verdict.0));
            assert!(
                [reason, "keys_unavailable"].contains(&verdict.1),
                "{verdict:?}"
            );
        }
    }
    // The keys are unavailable: the kind of the token is unknown.
    let mut shell = Shell::new(Product::Consumer);
    shell.faults.keys = Some(crate::shell::Fault::Status(500, ""));
    let verdict = bearer(&mut shell, &login.session_jwt, &Accepts::of(&ALL));
    assert_eq!(verdict, ("unavailable", "keys_unavailable", None));
}

#[test]
fn each_kind_has_its_own_requirements_and_challenge() {
    let mut shell = Shell::new(Product::Consumer);
    shell.policies.insert(
        "https://test.stytch.com/v1/rbac/policy".to_owned(),
        json!({"policy": {"roles": [], "resources": [], "scopes": []}}),
    );
    let permission = AuthorizationCheck {
        resource_id: "documents".to_owned(),
        action: "write".to_owned(),
        organization_id: None,
    };
    let text = str::to_owned;
    let accepts = Accepts {
        session: Requirement::Permission(permission),
        machine_scopes: vec![text("read:reports")],
        app_scopes: vec![text("read:notes")],
        audiences: vec![text("https://reports.example.com")],
        ..Accepts::of(&ALL)
    };
    let [user, _, app, _, machine] = kinds().map(|(_, claims, ..)| claims);
    let project = shell.config.issuer.project_id.clone();
    let named = json!([project, "https://reports.example.com"]);
    let scoped = |scope: &str| json!({"aud": named, "scope": scope});
    for (claims, changes, expected) in [
        (&user, json!({}), ("forbidden", "invalid_permissions", None)),
        (&machine, scoped("read:reports"), ("local", "m2m", None)),
        (
            &machine,
            scoped("read:notes"),
            (
                "forbidden",
                "missing_scopes",
                Some(r#"Bearer error="insufficient_scope", scope="read:reports""#),
            ),
        ),
        (
            &machine,
            json!({"scope": "read:reports"}),
            (
                "unauthenticated",
                "wrong_audience",
                Some(r#"Bearer error="invalid_token", scope="read:reports""#),
            ),
        ),
        (&app, scoped("read:notes"), ("local", "connected_app", None)),
        (
            &app,
            scoped("read:reports"),
            (
                "forbidden",
                "missing_scopes",
                Some(r#"Bearer error="insufficient_scope", scope="read:notes""#),
            ),
        ),
        (
            &app,
            json!({"iss": "stytch.com/project-test-another"}),
            (
                "unauthenticated",
                "wrong_issuer",
                Some(r#"Bearer error="invalid_token", scope="read:notes""#),
            ),
        ),
    ] {
        let token = with_claims(&mut shell, claims.clone(), &changes);
        let (status, word, challenge) = bearer(&mut shell, &token, &accepts);
        assert_eq!((status, word, challenge.as_deref()), expected);
    }
    // Without a token, Connected Apps read how to get one.
    let (status, reason, challenge) = ask(&mut shell, None, None, &accepts).unwrap();
    assert_eq!((status, reason), ("unauthenticated", "no_credentials"));
    assert_eq!(challenge.as_deref(), Some(r#"Bearer scope="read:notes""#));
}

#[test]
fn at_least_one_kind_and_valid_options_are_required() {
    let mut shell = Shell::new(Product::Consumer);
    let message = |outcome: Result<Words, Error>| outcome.unwrap_err().to_string();
    let none = message(ask(&mut shell, None, None, &Accepts::of(&[])));
    assert!(none.contains("session, m2m or connected_app"), "{none}");
    // Options are checked for each accepted kind, whichever token the request has.
    let spaced = Accepts {
        machine_scopes: vec!["a b".to_owned()],
        ..Accepts::of(&ALL)
    };
    let invalid = message(ask(&mut shell, None, None, &spaced));
    assert!(invalid.contains("required_scopes"), "{invalid}");
}
