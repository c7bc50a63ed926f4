//! Whether the scopes that a program holds include those that a caller requires.

/// Whether every scope of `required` is among `held`: the same, or of the same
/// action with `*` for a resource.
///
/// A scope is `action:resource` or `action`. It splits at its first colon, so that
/// what is `read:a:b` for one side is not `read:a` for the other.
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

/// What an action without a resource acts on, as in npm `stytch`.
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
    fn takes_the_same_scope_or_a_wildcard_on_the_held_side() {
        assert!(holds("read:users write:users", "write:users read:users"));
        assert!(holds("read:*", "read:users"));
        assert!(holds("read:*", "read"));
        assert!(holds("admin", "admin"));
        assert!(holds("", ""));
    }

    #[test]
    fn takes_nothing_less() {
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
