//! Writes `docs/reference/errors.md`: the codes, reasons, statuses, events and findings of `api/words.yaml`, with the HTTP status to
//! respond with.
//!
//! Knows which type of the package holds which words. Does not know when the sources report a word.

use super::HEADER;
use super::markdown::{alternatives, code, table};
use crate::stable_words::{Group, StableWords};

/// `docs/reference/errors.md`.
pub fn write(words: &StableWords) -> String {
    let mut text = format!("<!-- {HEADER} -->\n\n{INTRODUCTION}{CLASSES}");
    text.push_str(&section(&format!("## Codes\n\n{CODES}"), codes(words)));
    let reasons: String = Group::ALL
        .map(|group| section(&heading(group), reasons(words, group)))
        .concat();
    text.push_str(&section(&format!("## Reasons\n\n{REASONS}"), reasons));
    text.push_str(&section("## Verdicts", verdicts(words)));
    text.push_str(&section("### `via`", meanings(words, "Via")));
    let log_ins = meanings(words, "LogInStatus");
    text.push_str(&section(&format!("## Log-ins\n\n{LOG_INS}"), log_ins));
    text.push_str(&section(
        "### `reason` of `refused`",
        meanings(words, "LogInRefusal"),
    ));
    text.push_str(&section(
        &format!("## Events\n\n{EVENTS}"),
        meanings(words, "EventType"),
    ));
    text.push_str(&section(
        &format!("## Findings\n\n{FINDINGS}"),
        meanings(words, "FindingCode"),
    ));
    text.push_str(&section(
        "### `severity`",
        meanings(words, "FindingSeverity"),
    ));
    format!("{}\n", text.trim_end())
}

/// A heading and what is below it, or nothing if the list has no such words.
fn section(heading: &str, body: String) -> String {
    if body.is_empty() {
        return body;
    }
    format!("{heading}\n\n{body}")
}

fn codes(words: &StableWords) -> String {
    let rows: Vec<[String; 3]> = words
        .of_type("ErrorCode")
        .map(|(word, about)| {
            let status = about.group.map(|group| group.http_status().to_string());
            [code(word), cell(&about.means), status.unwrap_or_default()]
        })
        .collect();
    table(["`code`", "Meaning", "Respond with"], &rows)
}

fn heading(group: Group) -> String {
    let status = group.http_status();
    let (name, meaning) = match group {
        Group::Refused => (
            "Refused",
            "The token or the session is not accepted. The user has to log in.",
        ),
        Group::Forbidden => (
            "Forbidden",
            "The token is accepted, but does not allow the request.",
        ),
        Group::Undecided => (
            "Undecided",
            "Nothing is known about the token or the session. Do not log the user out.",
        ),
        Group::Misuse => ("Misuse", "The calling code is wrong."),
    };
    format!("### {name}: respond with {status}\n\n{meaning}")
}

fn reasons(words: &StableWords, group: Group) -> String {
    let rows: Vec<[String; 3]> = words
        .all()
        .filter(|(_, about)| about.group == Some(group))
        .filter_map(|(word, about)| {
            let listed: Vec<String> = HOLDERS
                .iter()
                .filter(|(_, types)| types.iter().any(|name| about.is_in(name)))
                .map(|(holder, _)| (*holder).to_owned())
                .collect();
            let row = [code(word), cell(&about.means), listed.join(", ")];
            (!listed.is_empty()).then_some(row)
        })
        .collect();
    table(["`reason`", "Meaning", "Listed for"], &rows)
}

fn verdicts(words: &StableWords) -> String {
    let rows: Vec<[String; 5]> = words
        .of_type("VerdictStatus")
        .map(|(status, about)| {
            let denial = DENIALS.iter().find(|(denial, ..)| denial == status);
            let (http_status, of_users, of_services) = match denial {
                Some((_, group, kind)) => (
                    group.http_status().to_string(),
                    listed(words, *group, kind),
                    listed(words, *group, "ResourceReason"),
                ),
                None => Default::default(),
            };
            let means = cell(&about.means);
            [code(status), means, http_status, of_users, of_services]
        })
        .collect();
    let rows = table(VERDICT_COLUMNS, &rows);
    if rows.is_empty() {
        return rows;
    }
    format!("{VERDICTS}{rows}")
}

/// The reasons of one group that a type lists.
fn listed(words: &StableWords, group: Group, kind: &str) -> String {
    let of_group = words
        .of_type(kind)
        .filter(|(_, about)| about.group == Some(group));
    let names: Vec<String> = of_group.map(|(word, _)| code(word)).collect();
    alternatives(&names)
}

fn meanings(words: &StableWords, kind: &str) -> String {
    let rows: Vec<[String; 2]> = words
        .of_type(kind)
        .map(|(word, about)| [code(word), cell(&about.means)])
        .collect();
    table(["Word", "Meaning"], &rows)
}

/// A sentence of the list, which is Markdown already. Bars separate cells even in code.
fn cell(sentence: &str) -> String {
    sentence.replace('|', "\\|")
}

/// What reports reasons, and the types that list them.
const HOLDERS: [(&str, &[&str]); 4] = [
    ("`ClientError`", &["Reason"]),
    ("`RequestError`", &["RequestReason"]),
    (
        "user verdict",
        &[
            "UnauthenticatedReason",
            "ForbiddenReason",
            "UnavailableReason",
        ],
    ),
    ("service verdict", &["ResourceReason"]),
];

/// The statuses of a verdict that lets no request through: the group of their reasons, and the type that lists these.
const DENIALS: [(&str, Group, &str); 3] = [
    ("unauthenticated", Group::Refused, "UnauthenticatedReason"),
    ("forbidden", Group::Forbidden, "ForbiddenReason"),
    ("unavailable", Group::Undecided, "UnavailableReason"),
];

const VERDICT_COLUMNS: [&str; 5] = [
    "`status`",
    "Meaning",
    "Respond with",
    "Reasons of user verdicts",
    "Reasons of service verdicts",
];

const INTRODUCTION: &str = "\
# Errors and reasons

Codes, reasons, statuses, event types and codes of findings are stable words. A word never changes its meaning. New words may be added, so code
that compares words needs a default branch. The TypeScript declarations list the same words.

Write the reason to the log. The user needs the HTTP status only: log in (401), not allowed (403), try again later (503). From
the reason, an attacker learns which rule a forged token broke. `refusal(verdict)` responds with the status, and with `status`
and `reason` as JSON; if users must not see the reason, build the response yourself.

";

const CLASSES: &str = "\
## Error classes

| Class | Reports | Fields |
|---|---|---|
| `StytchError` | The API refused the request with status 400 or above. | `status_code`, `error_type`, `error_message`, `error_url`, `error_details`, `request_id`, `details` |
| `RequestError` | The request got no usable response: the network failed, the time limit passed, the body is not JSON, or the response is a redirect. | `reason`, `request.method`, `request.url` without its query |
| `ClientError` | The call cannot be made, or a token is refused. | `code`, and `reason` if there is one |

";

const CODES: &str = "`ClientError.code` names the kind of failure.";

const REASONS: &str = "\
A user verdict is the result of `client.authenticateRequest`. A service verdict is the result of `idp.authenticateRequest` or
`m2m.authenticateRequest`. \"Listed for\" names the declarations that list the word.";

const VERDICTS: &str = "\
`client.authenticateRequest`, `idp.authenticateRequest` and `m2m.authenticateRequest` return a verdict, whatever the request
contains. They throw `ClientError` `invalid_argument` if the options are wrong, or if the headers of the first argument cannot
be read. An `authenticated` verdict has `via`, every other verdict has a `reason`.

";

const LOG_INS: &str = "\
`client.handleCallback`, `client.resetPassword` and `client.finishLogin` return one of these statuses. If the status is
`unavailable`, the reason is one of those of user verdicts.";

const EVENTS: &str = "`on_event` is called with an object whose `type` is one of these words. No call fails because of an event.";

const FINDINGS: &str = "\
`client.doctor()` returns one finding for each `code`. [Troubleshooting](../guide/troubleshooting.md) describes what to do.";

#[cfg(test)]
mod tests {
    use crate::fixture::Project;

    const PAGE: &str = "docs/reference/errors.md";

    #[test]
    fn lists_a_code_with_the_status_of_its_group() {
        let page = page("broken: {means: It broke., group: undecided, types: [ErrorCode]}");
        assert!(
            page.contains("\n| `broken` | It broke. | 503 |\n"),
            "{page}"
        );
    }

    #[test]
    fn lists_a_reason_in_its_group_with_everything_that_reports_it() {
        let page = page(
            "bad: {means: It is bad., group: refused, types: [Reason, UnauthenticatedReason, ResourceReason]}",
        );
        let (_, group) = page.split_once("### Refused: respond with 401\n").unwrap();
        let row = "\n| `bad` | It is bad. | `ClientError`, user verdict, service verdict |\n";
        assert!(group.contains(row), "{page}");
        assert!(!page.contains("### Forbidden"), "{page}");
    }

    #[test]
    fn a_status_lists_the_reasons_of_its_group() {
        let page = page(
            "unauthenticated: {means: No., types: [VerdictStatus]}\n  \
             bad: {means: Bad., group: refused, types: [UnauthenticatedReason, ResourceReason]}\n  \
             worse: {means: Worse., group: refused, types: [UnauthenticatedReason]}\n  \
             late: {means: Late., group: undecided, types: [ResourceReason]}",
        );
        let row = "\n| `unauthenticated` | No. | 401 | `bad` or `worse` | `bad` |\n";
        assert!(page.contains(row), "{page}");
    }

    #[test]
    fn leaves_out_headings_without_words() {
        let page = Project::new().generated(PAGE);
        for heading in [
            "## Codes",
            "## Reasons",
            "## Verdicts",
            "## Events",
            "## Findings",
        ] {
            assert!(!page.contains(heading), "{page}");
        }
    }

    /// The page for a list that has these words, and a type of each name.
    fn page(words: &str) -> String {
        let types = [
            "ErrorCode",
            "Reason",
            "UnauthenticatedReason",
            "ResourceReason",
            "VerdictStatus",
        ];
        let types = types.into_iter().filter(|name| {
            let ends = [',', ']'].map(|end| format!("{name}{end}"));
            ends.iter().any(|listed| {
                words.contains(&format!(" {listed}")) || words.contains(&format!("[{listed}"))
            })
        });
        let types: String = types
            .map(|name| format!("  {name}: {{description: Words.}}\n"))
            .collect();
        let project = Project::new();
        project.put(
            "api/words.yaml",
            &format!("types:\n{types}words:\n  {words}\n"),
        );
        project.generated(PAGE)
    }
}
