//! Random sequences of valid and invalid calls, generated from the description. After each call, the answer has the
//! form that the description has for it, a refused call has not changed the state, and the invariants hold.
//!
//! A failure prints its seed and the calls. `GATE_SEED=<seed>` repeats one sequence.

use std::collections::BTreeMap;

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore as _, SeedableRng as _};
use serde_json::{Value, json};
use stytch_emulator::{Request, UnixSeconds};

use super::conforms::any_faults;
use super::description::{Operation, Parameter, Place, resolve};
use super::invariants::violations;
use super::prepared::Values;
use super::requests::{Arguments, build, build_form, minimal, sample, wrong_values};
use super::routes::implemented;
use super::world::{NOW, SECRET, SEEDED, World, request};
use super::world_apps;

const SEQUENCES: u64 = 12;
const CALLS: usize = 350;

#[test]
fn random_calls_are_answered_as_described_and_keep_the_invariants() {
    let operations: Vec<&Operation> = implemented().collect();
    let chosen = std::env::var("GATE_SEED")
        .ok()
        .and_then(|seed| seed.parse().ok());
    let seeds = chosen.map_or(0..SEQUENCES, |seed| seed..seed + 1);
    let mut accepted: BTreeMap<String, usize> = BTreeMap::new();
    for seed in seeds {
        let mut sequence = Sequence::new(seed);
        for _ in 0..CALLS {
            let mut operation = operations[sequence.below(operations.len())];
            if sequence.one_of(4) {
                // Routes that refuse most calls get more calls, such as routes that need an active session.
                let count = |operation: &&&Operation| accepted.get(&operation.route()).copied();
                operation = operations.iter().min_by_key(count).unwrap();
            }
            if sequence.call(operation) {
                *accepted.entry(operation.route()).or_default() += 1;
            }
        }
    }
    if chosen.is_none() {
        let total: usize = accepted.values().sum();
        assert!(
            total > 600,
            "only {total} calls were accepted: {accepted:?}"
        );
        for operation in operations {
            let route = operation.route();
            assert!(
                accepted.contains_key(&route),
                "{route} never accepted a call"
            );
        }
    }
}

/// An emulator, and the values of its answers, which later calls use.
struct Sequence {
    seed: u64,
    random: ChaCha8Rng,
    world: World,
    now: UnixSeconds,
    state: Value,
    /// Values that occurred in answers, by the product of the route and the name of the member.
    seen: BTreeMap<(bool, String), Vec<Value>>,
    calls: Vec<String>,
    /// The values of the next call that only its operation has.
    prepared: Values,
}

impl Sequence {
    fn new(seed: u64) -> Self {
        // Half of the sequences start without objects, except for the policies.
        let world = if seed.is_multiple_of(2) {
            SEEDED.clone()
        } else {
            World::with_policies()
        };
        let state = world.state();
        Self {
            seed,
            random: ChaCha8Rng::seed_from_u64(seed),
            now: NOW,
            seen: BTreeMap::new(),
            calls: Vec::new(),
            prepared: Values::new(),
            world,
            state,
        }
    }

    /// Sends one call, and returns whether it was accepted.
    fn call(&mut self, operation: &Operation) -> bool {
        if self.one_of(20) {
            let steps = [1, 60, 290, 3600, 86_400];
            self.now = self.now.plus_seconds(steps[self.below(steps.len())]);
            // Some things end with the time. Each call notices this before it is answered.
            let health = request("GET /_emulator/health", None, &Value::Null);
            self.world.emulator.handle(&health, self.now);
            self.state = self.world.state();
        }
        self.refresh(operation);
        let request = self.request(operation);
        let target = format!("{} {}?{}", request.method, request.path, request.query);
        self.calls.push(format!(
            "{target} {}",
            String::from_utf8_lossy(&request.body)
        ));
        let response = self.world.emulator.handle(&request, self.now);
        let mut faults = any_faults(operation, &response);
        let state = self.world.state();
        // The tenth failed log-in locks its user.
        let has_locked = locks(&state) != locks(&self.state);
        if response.status >= 400 && state != self.state && !has_locked {
            faults.push("the state has changed".to_owned());
        }
        faults.extend(violations(&state));
        let body: Value = serde_json::from_slice(&response.body).unwrap_or_default();
        if !faults.is_empty() {
            let start = self.calls.len().saturating_sub(SHOWN);
            let calls = self.calls[start..].join("\n  ");
            panic!(
                "seed {}, call {}: {faults:?}\n{body}\nthe last calls:\n  {calls}",
                self.seed,
                self.calls.len()
            );
        }
        self.state = state;
        self.learn(operation.is_b2b(), "", &body);
        for (is_b2b, product) in [(false, "consumer"), (true, "b2b")] {
            let links = &self.state["projects"][product]["project"]["links"];
            let link = links.as_array().and_then(|links| links.last());
            if let Some(token) = link.map(|link| link["token"].clone()) {
                self.remember(is_b2b, "link", token);
            }
            let codes = &self.state["projects"][product]["project"]["codes"];
            let code = codes.as_array().and_then(|codes| codes.last()).cloned();
            for name in code.iter().flat_map(|_| ["method_id", "code"]) {
                let code = code.as_ref().unwrap();
                self.remember(is_b2b, name, code[name].clone());
            }
        }
        let b2b = &self.state["projects"]["b2b"];
        let newest = |list: &str, name: &str| {
            let list = b2b[list].as_array()?;
            Some(list.last()?[name].clone())
        };
        let found = [
            (
                "discovery_magic_links_token",
                newest("discovery_links", "token"),
            ),
            ("discovery_code", newest("discovery_codes", "code")),
            ("discovery_reset_token", newest("discovery_resets", "token")),
        ];
        for (name, value) in found {
            if let Some(value) = value {
                self.remember(true, name, value);
            }
        }
        response.status < 400
    }

    /// Creates the values of the request that work only for a short time.
    fn refresh(&mut self, operation: &Operation) {
        self.prepared = self.world.prepare(operation, self.now);
        if !self.prepared.is_empty() {
            self.state = self.world.state();
        }
        self.world.set_password_mode(&operation.path, self.now);
        let is_b2b = operation.is_b2b();
        let id = if is_b2b { "member_id" } else { "user_id" };
        let seen = self.seen.get(&(is_b2b, id.to_owned()));
        let seeded = SEEDED.value(operation, id).cloned().unwrap_or_default();
        let subject = seen.and_then(|seen| seen.last()).cloned().unwrap_or(seeded);
        let fresh = self.world.fresh(operation, &subject, self.now);
        if let Some((name, value)) = fresh {
            self.remember(is_b2b, name, value);
            self.state = self.world.state();
        }
    }

    fn request(&mut self, operation: &Operation) -> Request {
        let smallest = minimal(operation, &SEEDED);
        let mut arguments = Arguments::new();
        for parameter in &operation.parameters {
            // Without a duration, a log-in of a user does not start a session.
            let starts = parameter.name == "session_duration_minutes" && self.one_of(2);
            let included = starts || smallest.contains_key(&parameter.name);
            // A needed parameter is rarely left out, the others often.
            if (included && !self.one_of(25)) || (!included && self.one_of(6)) {
                let value = self.value(operation, parameter);
                arguments.insert(parameter.name.clone(), value);
            }
        }
        // A path parameter is always needed.
        for (name, value) in smallest {
            if operation.path.contains(&format!("{{{name}}}")) {
                arguments.entry(name).or_insert(value);
            }
        }
        match operation.has_form && self.one_of(2) {
            true => build_form(operation, &arguments),
            false => build(operation, &arguments),
        }
    }

    /// A value for a parameter: usually a value of an earlier answer, sometimes a sample, rarely a wrong value.
    fn value(&mut self, operation: &Operation, parameter: &Parameter) -> Value {
        if self.one_of(30) {
            let wrong = wrong_values(&parameter.name, parameter.schema);
            if !wrong.is_empty() {
                return wrong[self.below(wrong.len())].1.clone();
            }
        }
        let is_text = resolve(parameter.schema)["type"] == "string";
        if is_text && self.one_of(40) {
            let hostile = HOSTILE[self.below(HOSTILE.len())];
            // With an empty segment, the path is not the path of this route.
            if !(hostile.is_empty() && parameter.place == Place::Path) {
                return hostile.into();
            }
        }
        let mut prepared = self.prepared.iter();
        let prepared = prepared.find(|(name, _)| *name == parameter.name);
        if let Some((_, value)) = prepared.cloned()
            && !self.one_of(20)
        {
            return value;
        }
        let name = name_of(operation, &parameter.name);
        if let Some(values) = choices(name) {
            return values[self.below(values.len())].clone();
        }
        let key = (operation.is_b2b(), name.to_owned());
        let seen = self.seen.get(&key).map_or(0, Vec::len);
        // New values are more likely to be in use.
        if seen > 0 && !self.one_of(20) {
            let index = match self.one_of(2) {
                true => seen - 1,
                false => self.below(seen),
            };
            return self.seen[&key][index].clone();
        }
        let seeded = SEEDED.value(operation, &parameter.name);
        seeded
            .cloned()
            .unwrap_or_else(|| sample(&parameter.name, parameter.schema))
    }

    /// Remembers every string of an answer by the name of its member.
    fn learn(&mut self, is_b2b: bool, name: &str, value: &Value) {
        match value {
            Value::Object(members) => {
                for (name, value) in members {
                    self.learn(is_b2b, name, value);
                }
            }
            Value::Array(items) => items.iter().for_each(|item| self.learn(is_b2b, name, item)),
            Value::String(text) if !text.is_empty() => {
                if text.starts_with("connected-app-") {
                    self.remember(is_b2b, "connected_app_id", value.clone());
                }
                self.remember(is_b2b, name, value.clone());
            }
            _ => {}
        }
    }

    fn remember(&mut self, is_b2b: bool, name: &str, value: Value) {
        let known = self.seen.entry((is_b2b, name.to_owned())).or_default();
        known.retain(|known| *known != value);
        known.push(value);
        if known.len() > 30 {
            known.remove(0);
        }
    }

    fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.random.next_u32()).unwrap() % limit
    }

    fn one_of(&mut self, count: usize) -> bool {
        self.below(count) == 0
    }
}

/// The name under which answers contain the values of a parameter.
fn name_of<'a>(operation: &Operation, name: &'a str) -> &'a str {
    if let Some(name) = world_apps::name_in_answers(operation, name) {
        return name;
    }
    let is_of_connection = operation.path.contains("/connection");
    let has_connection = is_of_connection || operation.path.contains("/sso/external/");
    // Calls do not create these factors, so the seeded member must be named.
    let has_factors = ["/oauth_providers/", "/totp", "/members/passwords/"]
        .iter()
        .any(|part| operation.path.contains(part));
    match name {
        "connection_id" => "seeded",
        "organization_id" if has_connection => "seeded",
        "organization_id" | "member_id" | "member_password_id" if has_factors => "seeded",
        // Few members have a password.
        "organization_id" | "email_address" if uses_password(operation) => "seeded",
        "token" if operation.path.ends_with("/introspect") => "access_token",
        "token" if operation.path == "/v1/oauth/authenticate" => "oauth_login_token",
        "token" if operation.path.ends_with("/sessions/attest") => "trusted_token",
        "token" if operation.path.contains("/passwords/") => "reset_token",
        "password_reset_token" if operation.path.contains("/discovery/") => "discovery_reset_token",
        "password_reset_token" => "reset_token",
        "access_token" => "app_access_token",
        "session_token" if operation.path.ends_with("/sessions/migrate") => {
            "external_session_token"
        }
        "token" => "link",
        "magic_links_token" => "link",
        "code" if operation.path.ends_with("/discovery/authenticate") => "discovery_code",
        "X-Stytch-Member-Session" => "session_token",
        "X-Stytch-Member-SessionJWT" => "session_jwt",
        name => name,
    }
}

/// The locks of users and members.
fn locks(state: &Value) -> [&Value; 2] {
    ["consumer", "b2b"].map(|product| &state["projects"][product]["project"]["locks"])
}

/// Whether a call needs the password of a member.
fn uses_password(operation: &Operation) -> bool {
    let routes = ["/authenticate", "/existing_password/reset"];
    let path = operation.path.strip_prefix("/v1/b2b/passwords");
    path.is_some_and(|path| routes.contains(&path))
}

/// The values of parameters for which few values make collisions likely.
fn choices(name: &str) -> Option<Vec<Value>> {
    let texts = |texts: &[&str]| texts.iter().map(|text| json!(text)).collect();
    Some(match name {
        "email" | "email_address" => texts(&[
            "a@acme.example",
            "B@acme.example",
            "c@acme.example",
            "ada@example.com",
        ]),
        "phone_number" | "mfa_phone_number" => {
            texts(&["+15005550006", "+15005550007", "+15005550008"])
        }
        "external_id" | "organization_external_id" => texts(&["x-1", "x-2", "x-3", "acme"]),
        "organization_slug" => texts(&["acme", "globex", "x-1"]),
        "email_allowed_domains" => vec![
            json!(["acme.example"]),
            json!(["acme.example", "globex.example"]),
            json!([]),
        ],
        "email_jit_provisioning" => texts(&["RESTRICTED", "NOT_ALLOWED"]),
        "mfa_policy" => texts(&["OPTIONAL", "OPTIONAL", "REQUIRED_FOR_ALL"]),
        "auth_methods" => texts(&["ALL_ALLOWED", "ALL_ALLOWED", "RESTRICTED"]),
        "roles" => vec![
            json!([]),
            json!(["editor"]),
            json!(["unknown"]),
            json!(["editor", "editor"]),
        ],
        "client_secret" => texts(&[SECRET, SECRET, SECRET, "wrong secret", "short"]),
        "session_duration_minutes" => vec![
            json!(5),
            json!(60),
            json!(60),
            json!(60),
            json!(527_040),
            json!(4),
            json!(i64::MIN),
        ],
        "status" => texts(&["active", "active", "inactive"]),
        // A weak password is never accepted as a new password, so every password is SECRET.
        "password" | "existing_password" | "new_password" => {
            texts(&[SECRET, SECRET, SECRET, SECRET, "weak"])
        }
        _ => return None,
    })
}

/// Texts that break parsers.
const HOSTILE: [&str; 8] = [
    "",
    " ",
    "\0",
    "\u{202e}\u{1f600}",
    "%00",
    "../..",
    "{{x}}",
    "a,b;c=d&e?f#g",
];
const SHOWN: usize = 40;
