//! Compares the scopes of an access token with the required scopes.

/// Returns whether `held` includes every scope of `required`: either the same scope, or a scope of
/// the same action with the resource `*`.
///
/// A scope is `action:resource` or `action`. It is split at its first colon, so that `read:a:b` is
/// the action `read` on the resource `a:b`.
#[must_use]
pub fn holds_scopes(held: &[String], required: &[String]) -> bool {
    required.iter().all(|required| {
        let (action, resource) = parts(required);
        held.iter().any(|held| {
            let (held_action, held_resource) = parts(held);
            held_action == action && (held_resource == resource || held_resource == "*")
        })
    })
}

fn parts(scope: &str) -> (&str, &str) {
    scope.split_once(':').unwrap_or((scope, NO_RESOURCE))
}

/// The resource of a scope that consists of an action only, as in npm `stytch`.
const NO_RESOURCE: &str = "-";

#[cfg(test)]
mod tests {
    use super::*;

    fn holds(held: &str, required: &str) -> bool {
        let list = |text: &str| {
            text.split_whitespace()
                .map(str::to_owned)
                .collect::<Vec<_>>()
        };
        holds_scopes(&list(held), &list(required))
    }

    #[test]
    fn accepts_the_same_scope_or_a_held_wildcard() {
        assert!(holds("read:users write:users", "write:users read:users"));
        assert!(holds("read:*", "read:users"));
        assert!(holds("read:*", "read"));
        assert!(holds("admin", "admin"));
        assert!(holds("", ""));
    }

    #[test]
    fn refuses_missing_scopes_and_other_wildcards() {
        assert!(!holds("", "read:users"));
        assert!(!holds("read:users", "read:users write:users"));
        assert!(!holds("read:users", "read:*"));
        assert!(!holds("read:users", "read"));
        assert!(!holds("read", "read:users"));
        assert!(!holds("*", "read:users"));
        assert!(!holds("*:*", "read:users"));
        assert!(!holds("READ:users", "read:users"));
    }

    #[test]
    fn splits_at_the_first_colon_only() {
        assert!(holds("read:a:b", "read:a:b"));
        assert!(!holds("read:a:b", "read:a"));
        assert!(!holds("read:a", "read:a:b"));
        assert!(!holds("read:a:*", "read:a:b"));
        assert!(holds("read:*", "read:a:b"));
    }
}
