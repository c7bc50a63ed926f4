//! Whether the project id, the base URL and the product of a client belong together.

use super::{Finding, FindingCode, displayed};
use crate::{client::Config, session::Product};

/// What the API reports about the project.
#[derive(Debug, Clone, Copy, Default)]
pub struct ProjectFacts<'a> {
    /// The project of the credentials.
    pub project_id: Option<&'a str>,
    /// The `error_type` with which the API refused the request for the key set.
    pub key_set_error: Option<&'a str>,
}

/// Returns the finding about the project of a client.
#[must_use]
pub fn project_finding(config: &Config, facts: ProjectFacts<'_>) -> Finding {
    let code = FindingCode::ProjectEnvironment;
    let own = &config.issuer.project_id;
    if let Some(other) = facts.project_id.filter(|id| id != own) {
        let message = [
            "The credentials belong to the project ",
            displayed(other),
            ", but the project of the client is ",
            displayed(own),
            ".",
        ]
        .concat();
        return Finding::error(
            code,
            &message,
            "Copy the project id and the secret from the same page of the Stytch dashboard.",
        );
    }
    // The endpoints for key sets of both products report a project of the other one.
    let product = match (config.issuer.product, facts.key_set_error) {
        (Product::B2b, Some("invalid_b2b_endpoint")) => Some(("consumer", "B2B")),
        (Product::Consumer, Some("invalid_consumer_endpoint")) => Some(("B2B", "consumer")),
        _ => None,
    };
    if let Some((of_project, of_client)) = product {
        let message = [
            "The project is a ",
            of_project,
            " project, but the client is for ",
            of_client,
            " projects.",
        ]
        .concat();
        return Finding::error(
            code,
            &message,
            "Use `Client` for consumer projects, and `B2BClient` for B2B projects.",
        );
    }
    let own_environment = ENVIRONMENTS
        .iter()
        .find(|(prefix, _, _)| own.starts_with(prefix));
    let host_environment = ENVIRONMENTS
        .iter()
        .find(|(_, origin, _)| *origin == config.origin);
    match (own_environment, host_environment) {
        (_, None) => {
            let message = [
                "Requests are sent to ",
                &config.origin,
                ", which the configuration names. Its environment is not known from its name.",
            ]
            .concat();
            Finding::ok(code, &message)
        }
        (None, Some(_)) => Finding::warning(
            code,
            "The project id begins with neither project-test- nor project-live-.",
            "Copy the project id from the Stytch dashboard.",
        ),
        (Some((_, _, own)), Some((_, _, host))) if own == host => {
            let message = [
                "The project id and the base URL are those of the ",
                own,
                " environment.",
            ]
            .concat();
            Finding::ok(code, &message)
        }
        (Some((_, _, own)), Some((_, origin, host))) => {
            let message = [
                "The project id is that of a ",
                own,
                " project, but requests are sent to ",
                origin,
                ", the ",
                host,
                " environment.",
            ]
            .concat();
            Finding::error(
                code,
                &message,
                "Remove `custom_base_url` and `env`: the project id selects the base URL.",
            )
        }
    }
}

/// The beginning of project ids, the origin of the API, and the name of each environment.
const ENVIRONMENTS: [(&str, &str, &str); 2] = [
    ("project-test-", "https://test.stytch.com", "test"),
    ("project-live-", "https://api.stytch.com", "live"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client::Severity::{self, Error, Ok, Warning};

    #[test]
    fn compares_the_project_with_the_host_and_with_the_responses() {
        let (test, live) = ("https://test.stytch.com", "https://api.stytch.com");
        let b2b_route = Some("invalid_b2b_endpoint");
        let consumer_route = Some("invalid_consumer_endpoint");
        for (product, id, origin, of_credentials, key_set_error, severity, words) in [
            (
                "consumer",
                "project-test-1",
                test,
                None,
                None,
                Ok,
                "test environment",
            ),
            (
                "b2b",
                "project-live-1",
                live,
                Some("project-live-1"),
                None,
                Ok,
                "live environment",
            ),
            (
                "b2b",
                "project-live-1",
                test,
                None,
                None,
                Error,
                "a live project, but",
            ),
            (
                "b2b",
                "project-test-1",
                live,
                None,
                None,
                Error,
                "a test project, but",
            ),
            (
                "b2b",
                "project-test-1",
                "https://a.b",
                None,
                None,
                Ok,
                "https://a.b",
            ),
            ("b2b", "acme", test, None, None, Warning, "neither"),
            (
                "b2b",
                "project-test-1",
                test,
                Some("project-test-2"),
                None,
                Error,
                "project-test-2",
            ),
            (
                "b2b",
                "project-test-1",
                test,
                Some("\u{1b}[2J"),
                None,
                Error,
                "the project …,",
            ),
            (
                "b2b",
                "project-test-1",
                test,
                None,
                b2b_route,
                Error,
                "is a consumer project",
            ),
            (
                "consumer",
                "project-test-1",
                test,
                None,
                consumer_route,
                Error,
                "is a B2B project",
            ),
            (
                "consumer",
                "project-test-1",
                test,
                None,
                b2b_route,
                Ok,
                "test environment",
            ),
        ]
            as [(_, _, _, _, _, Severity, _); 11]
        {
            let text = str::to_owned;
            let urls = (format!("{origin}/"), text(origin), text("https://c.d"));
            let config = Config::new(Product::from(product), (text(id), text("s")), urls);
            let facts = ProjectFacts {
                project_id: of_credentials,
                key_set_error,
            };
            let finding = project_finding(&config, facts);
            assert_eq!(finding.severity, severity, "{id} {origin} {finding:?}");
            assert!(finding.message.contains(words), "{finding:?}");
            assert_eq!(finding.advice.is_empty(), severity == Ok);
        }
    }
}
