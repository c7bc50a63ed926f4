//! Facts that hold for the state of an emulator after any calls: unique ids, addresses and slugs, and no reference to an
//! object that does not exist.
//!
//! Reads the state from a snapshot.

use std::collections::BTreeSet;

use serde_json::Value;

/// Returns every violated invariant.
pub fn violations(state: &Value) -> Vec<String> {
    let mut found = Vec::new();
    let projects = &state["projects"];
    let users = list(projects, "/consumer/users");
    let organizations = list(projects, "/b2b/organizations");
    let members: Vec<&Value> = list(projects, "/b2b/members")
        .iter()
        .map(|row| &row["member"])
        .collect();
    let user_ids = texts(users.iter(), "/user_id");
    let member_ids = texts(members.iter().copied(), "/member_id");
    let mut unique = |what: &str, values: Vec<String>| {
        let mut seen = BTreeSet::new();
        let twice = values
            .into_iter()
            .filter(|value| !seen.insert(value.clone()));
        found.extend(twice.map(|value| format!("{what} {value} occurs twice")));
    };
    unique("the user", user_ids.clone());
    unique(
        "the external ID of users",
        texts(users.iter(), "/external_id"),
    );
    let emails = users.iter().flat_map(|user| list(user, "/emails"));
    unique(
        "the email address of users",
        texts(emails.clone(), "/email"),
    );
    unique("the email ID of users", texts(emails, "/email_id"));
    let phones = users.iter().flat_map(|user| list(user, "/phone_numbers"));
    unique("the phone number of users", texts(phones, "/phone_number"));
    unique(
        "the organization",
        texts(organizations.iter(), "/organization_id"),
    );
    unique(
        "the slug",
        texts(organizations.iter(), "/organization_slug"),
    );
    unique(
        "the external ID of organizations",
        texts(organizations.iter(), "/organization_external_id"),
    );
    unique("the member", member_ids.clone());
    for name in ["/email_address", "/external_id", "/mfa_phone_number"] {
        let in_organization = |member: &&&Value| {
            // Other members can have the values of a deleted member.
            let is_deleted = member["status"] == "deleted";
            let value = member
                .pointer(name)
                .and_then(Value::as_str)
                .unwrap_or_default();
            let organization = &member["organization_id"];
            (!value.is_empty() && !is_deleted).then(|| format!("{value} in {organization}"))
        };
        let values = members
            .iter()
            .filter_map(|member| in_organization(&member))
            .collect();
        unique(&format!("the {name} of members"), values);
    }
    for product in ["consumer", "b2b"] {
        let project = &projects[product]["project"];
        let sessions = list(project, "/sessions");
        let links = list(project, "/links");
        unique("the session", texts(sessions.iter(), "/id"));
        unique("the session token", texts(sessions.iter(), "/token"));
        unique("the link", texts(links.iter(), "/token"));
        let clients = list(project, "/m2m_clients")
            .iter()
            .map(|row| &row["m2m_client"]);
        unique("the M2M client", texts(clients, "/client_id"));
        let apps = list(project, "/connected_apps").iter();
        unique("the app", texts(apps, "/connected_app/client_id"));
    }
    for (product, subjects) in [("consumer", &user_ids), ("b2b", &member_ids)] {
        let project = &projects[product]["project"];
        for session in list(project, "/sessions") {
            let subject = session["subject"].as_str().unwrap().to_owned();
            if session["revoked"] != true && !subjects.contains(&subject) {
                found.push(format!(
                    "the session of {subject} is active, but {subject} does not exist"
                ));
            }
            if list(session, "/factors").is_empty() {
                found.push(format!("the session of {subject} has no factor"));
            }
            if session["started_at"].as_str() > session["last_accessed_at"].as_str() {
                found.push(format!(
                    "the session of {subject} was used before it started"
                ));
            }
        }
        for consent in list(project, "/grants/consents") {
            let subject = consent["subject"].as_str().unwrap().to_owned();
            let mut apps = list(project, "/connected_apps").iter();
            let is_known =
                apps.any(|app| app["connected_app"]["client_id"] == consent["client_id"]);
            if !subjects.contains(&subject) || !is_known {
                found.push(format!("a consent of {subject} is not for a known app"));
            }
        }
        for link in list(project, "/links") {
            let subject = link["subject"].as_str().unwrap().to_owned();
            if !subjects.contains(&subject) {
                found.push(format!("a link belongs to {subject}, which does not exist"));
            }
        }
    }
    let organization_ids = texts(organizations.iter(), "/organization_id");
    for organization in texts(members.iter().copied(), "/organization_id") {
        if !organization_ids.contains(&organization) {
            found.push(format!(
                "a member belongs to {organization}, which does not exist"
            ));
        }
    }
    for user in users {
        let roles = texts_of(&user["roles"]);
        if roles.first().map(String::as_str) != Some("stytch_user") {
            found.push(format!(
                "{} does not have the role stytch_user",
                user["user_id"]
            ));
        }
    }
    found
}

/// The list at a JSON pointer. A missing list is a failure, because nothing would be checked.
fn list<'a>(value: &'a Value, pointer: &str) -> &'a [Value] {
    let found = value.pointer(pointer).and_then(Value::as_array);
    found.unwrap_or_else(|| panic!("the state has no list {pointer}"))
}

/// The strings at a JSON pointer of each item. Null and empty strings are left out.
fn texts<'a>(items: impl Iterator<Item = &'a Value>, pointer: &str) -> Vec<String> {
    let texts = items.filter_map(|item| item.pointer(pointer).and_then(Value::as_str));
    texts
        .filter(|text| !text.is_empty())
        .map(str::to_owned)
        .collect()
}

fn texts_of(list: &Value) -> Vec<String> {
    texts(list.as_array().into_iter().flatten(), "")
}

#[test]
fn each_violation_is_found() {
    use super::world::SEEDED;
    use serde_json::json;
    let state = SEEDED.state();
    assert_eq!(violations(&state), [""; 0]);
    let copy = |pointer: &str| state.pointer(pointer).unwrap().clone();
    for (pointer, value, message) in [
        ("/projects/consumer/users", json!([]), "is active, but"),
        (
            "/projects/consumer/users/0/roles",
            json!([]),
            "does not have the role",
        ),
        ("/projects/b2b/members", json!([]), "a link belongs to"),
        (
            "/projects/b2b/organizations",
            json!([]),
            "a member belongs to",
        ),
        (
            "/projects/b2b/organizations",
            json!([
                copy("/projects/b2b/organizations/0"),
                copy("/projects/b2b/organizations/0")
            ]),
            "the slug acme occurs twice",
        ),
        (
            "/projects/consumer/users",
            json!([
                copy("/projects/consumer/users/0"),
                copy("/projects/consumer/users/0")
            ]),
            "the email address of users ada@example.com occurs twice",
        ),
        (
            "/projects/b2b/members",
            json!([
                copy("/projects/b2b/members/0"),
                copy("/projects/b2b/members/0")
            ]),
            "the /email_address of members bob@acme.example",
        ),
        (
            "/projects/consumer/project/sessions/0/factors",
            json!([]),
            "has no factor",
        ),
        (
            "/projects/consumer/project/grants/consents",
            json!([{ "client_id": "x", "subject": "y" }]),
            "a consent of y is not for a known app",
        ),
    ] {
        let mut broken = state.clone();
        *broken.pointer_mut(pointer).unwrap() = value;
        let found = violations(&broken).join("\n");
        assert!(found.contains(message), "{pointer}: {found}");
    }
}
