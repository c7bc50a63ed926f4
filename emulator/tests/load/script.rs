//! The measured calls: each route that finds, adds or removes a record. The calls of a run leave the numbers of users,
//! sessions and clients unchanged.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::filled::{Filled, numbered};

/// The number of different calls.
pub const MEASURED: usize = 26;

/// Runs all calls once, and returns the name of each and its time.
pub fn run(filled: &mut Filled, round: usize) -> Vec<(&'static str, Duration)> {
    let mut run = Run {
        // A step of a prime number, so that the records are spread over the memory.
        record: round.wrapping_mul(7919) % filled.records,
        filled,
        times: Vec::new(),
    };
    run.users(round);
    run.sessions();
    run.links();
    run.clients(round);
    run.organizations(round);
    run.members();
    run.times
}

struct Run<'a> {
    filled: &'a mut Filled,
    record: usize,
    times: Vec<(&'static str, Duration)>,
}

impl Run<'_> {
    fn users(&mut self, round: usize) {
        let known = json!({ "email": numbered("user@x.example", self.record) });
        let external_id = numbered("user", self.record);
        let by_external_id = format!("GET /v1/users/{external_id}");
        let user = self.time("read a user by external id", &by_external_id, Value::Null);
        let id = text(&user, "/user_id");
        self.time("read a user", &format!("GET /v1/users/{id}"), Value::Null);
        let name = json!({ "name": { "first_name": format!("{round}") } });
        self.time("update a user", &format!("PUT /v1/users/{id}"), name);
        let created = json!({ "email": "new@x.example", "phone_number": "+15005550007" });
        let user = self.time("create a user", "POST /v1/users", created);
        let path = format!("DELETE /v1/users/{}", text(&user, "/user_id"));
        self.time("delete a user", &path, Value::Null);
        self.time(
            "send a link",
            "POST /v1/magic_links/email/login_or_create",
            known,
        );
    }

    fn sessions(&mut self) {
        let user = self.untimed(
            &format!("GET /v1/users/{}", numbered("user", self.record)),
            Value::Null,
        );
        let list = format!("GET /v1/sessions?user_id={}", text(&user, "/user_id"));
        // The sessions of the users have the same numbers as the users.
        self.time("list the sessions of a user", &list, Value::Null);
    }

    fn links(&mut self) {
        // The newest mail is that of the link which `users` has sent.
        let token = self.filled.newest_token();
        let route = "POST /v1/magic_links/authenticate";
        let session = json!({ "token": token, "session_duration_minutes": 60 });
        let session = self.time("log a user in (signs)", route, session);
        let (token, jwt) = (
            text(&session, "/session_token"),
            text(&session, "/session_jwt"),
        );
        let id = text(&session, "/session/session_id");
        let route = "POST /v1/sessions/authenticate";
        self.time(
            "authenticate a token (signs)",
            route,
            json!({ "session_token": token }),
        );
        self.time(
            "authenticate a JWT (signs)",
            route,
            json!({ "session_jwt": jwt }),
        );
        self.time(
            "revoke a session",
            "POST /v1/sessions/revoke",
            json!({ "session_id": id }),
        );

        let link = json!({ "email": numbered("user@x.example", self.record) });
        self.untimed("POST /v1/magic_links/email/login_or_create", link);
        let token = self.filled.newest_token();
        let log_in = json!({ "token": token });
        self.time(
            "use a link without a session",
            "POST /v1/magic_links/authenticate",
            log_in,
        );
    }

    fn clients(&mut self, round: usize) {
        let path = format!("/v1/m2m/clients/{}", numbered("client", self.record));
        self.time("read a client", &format!("GET {path}"), Value::Null);
        let name = json!({ "client_name": format!("{round}") });
        self.time("update a client", &format!("PUT {path}"), name);
        let created = self.time("create a client", "POST /v1/m2m/clients", json!({}));
        let id = text(&created, "/m2m_client/client_id");
        let path = format!("DELETE /v1/m2m/clients/{id}");
        self.time("delete a client", &path, Value::Null);
    }

    fn organizations(&mut self, round: usize) {
        let slug = numbered("slug", self.record);
        let by_slug = format!("GET /v1/b2b/organizations/{slug}");
        let organization = self.time("read an organization by slug", &by_slug, Value::Null);
        let id = text(&organization, "/organization/organization_id");
        let by_id = format!("GET /v1/b2b/organizations/{id}");
        self.time("read an organization", &by_id, Value::Null);
        let external_id = numbered("external", self.record);
        let by_external_id = format!("GET /v1/b2b/organizations/{external_id}");
        self.time(
            "read an organization by external id",
            &by_external_id,
            Value::Null,
        );
        let created = json!({ "organization_name": format!("Round {round}") });
        self.time(
            "create an organization",
            "POST /v1/b2b/organizations",
            created,
        );
    }

    fn members(&mut self) {
        let organization = self.untimed("GET /v1/b2b/organizations/slug", Value::Null);
        let id = text(&organization, "/organization/organization_id");
        let path = format!("GET /v1/b2b/organizations/{id}/member");
        let email = numbered("member@x.example", self.record);
        let by_email = format!("{path}?email_address={email}");
        let member = self.time("read a member by email address", &by_email, Value::Null);
        let member_id = text(&member, "/member_id");
        self.time(
            "read a member",
            &format!("{path}?member_id={member_id}"),
            Value::Null,
        );
        let list = format!("GET /v1/b2b/sessions?organization_id={id}&member_id={member_id}");
        self.time("list the sessions of a member", &list, Value::Null);
        let link = json!({ "organization_id": id, "email_address": email });
        let route = "POST /v1/b2b/magic_links/email/login_or_signup";
        self.time("send a link to a member", route, link);
        let token = self.filled.newest_token();
        let log_in = json!({ "magic_links_token": token });
        let route = "POST /v1/b2b/magic_links/authenticate";
        let session = self.time("log a member in (signs)", route, log_in);
        let selector =
            json!({ "member_session_id": text(&session, "/member_session/member_session_id") });
        self.time(
            "revoke a session of a member",
            "POST /v1/b2b/sessions/revoke",
            selector,
        );
    }

    fn time(&mut self, name: &'static str, call: &str, body: Value) -> Value {
        let start = Instant::now();
        let answer = self.filled.call(call, body);
        self.times.push((name, start.elapsed()));
        answer
    }

    fn untimed(&mut self, call: &str, body: Value) -> Value {
        self.filled.call(call, body)
    }
}

fn text(body: &Value, pointer: &str) -> String {
    body.pointer(pointer).unwrap().as_str().unwrap().to_owned()
}
