//! The form of ids, tokens, addresses, slugs and other values. Does not know the state or the error types.

/// Whether the text is `<prefix>-<test|live>-<uuid>`, the form of project ids and object ids.
pub(crate) fn is_id(prefix: &str, text: &str) -> bool {
    let rest = text
        .strip_prefix(prefix)
        .and_then(|rest| rest.strip_prefix('-'));
    let uuid = rest.and_then(|rest| {
        rest.strip_prefix("test-")
            .or_else(|| rest.strip_prefix("live-"))
    });
    // `try_parse` also accepts braces, URNs and UUIDs without hyphens. The API uses only the form with hyphens.
    uuid.is_some_and(|uuid| uuid.len() == 36 && uuid::Uuid::try_parse(uuid).is_ok())
}

/// Whether the text is `secret-<test|live>-` and 20-64 base64url characters. The exact length is not documented.
pub(crate) fn is_secret(text: &str) -> bool {
    let rest = text
        .strip_prefix("secret-test-")
        .or_else(|| text.strip_prefix("secret-live-"));
    rest.is_some_and(|rest| (20..=64).contains(&rest.len()) && rest.bytes().all(is_base64url))
}

/// Whether the text is an opaque token: 44 base64url characters, including any padding.
pub(crate) fn is_token(text: &str) -> bool {
    text.len() == 44 && text.bytes().all(is_base64url)
}

/// Whether the text is an external id: 1-128 characters of `[A-Za-z0-9._|-]`. The API's own ids have this form too.
pub(crate) fn is_external_id(text: &str) -> bool {
    (1..=128).contains(&text.len())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"._|-".contains(&byte))
}

/// Whether the text is an organization slug: 2-128 characters of `[A-Za-z0-9-._~]`, at least one of them alphanumeric.
pub(crate) fn is_slug(text: &str) -> bool {
    (2..=128).contains(&text.len())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte))
        && text.bytes().any(|byte| byte.is_ascii_alphanumeric())
}

/// Whether the text is an email address: exactly one `@`, text before it, and a domain with a dot after it. At most 254
/// bytes, without whitespace and control characters.
pub(crate) fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.split_once('@') else {
        return false;
    };
    text.len() <= 254
        && !local.is_empty()
        && !text
            .chars()
            .any(|character| character.is_whitespace() || character.is_control())
        && is_domain(domain)
}

/// Whether this is a loopback address, or a name that browsers resolve to one.
pub(crate) fn is_loopback(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    let is_address = bare
        .parse::<std::net::IpAddr>()
        .is_ok_and(|address| address.is_loopback());
    is_address || bare == "localhost" || bare.ends_with(".localhost")
}

/// Whether the text is a host name with at least two labels.
pub(crate) fn is_domain(text: &str) -> bool {
    let label_is_valid = |label: &str| {
        !label.is_empty()
            && label
                .chars()
                .all(|character| character.is_alphanumeric() || character == '-')
    };
    text.contains('.') && text.split('.').all(label_is_valid)
}

/// Whether the text is a phone number in E.164 form: a plus and 8-15 digits, the first of them not zero.
pub(crate) fn is_phone_number(text: &str) -> bool {
    let digits = text.strip_prefix('+').unwrap_or_default();
    (8..=15).contains(&digits.len())
        && !digits.starts_with('0')
        && digits.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether the text is a scope (RFC 6749, section 3.3): printable ASCII without spaces, quotes and backslashes.
pub(crate) fn is_scope(text: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_graphic() && !b"\"\\".contains(&byte);
    !text.is_empty() && text.bytes().all(fits)
}

fn is_base64url(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-_=".contains(&byte)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accepts_only_well_formed_values() {
        assert!(is_id(
            "project",
            "project-test-11111111-2222-4333-8444-555555555555"
        ));
        assert!(!is_id("project", "project-test-123"));
        assert!(!is_id(
            "project",
            "project-test-11111111222243338444555555555555"
        ));
        assert!(is_secret("secret-test-0123456789012345678901234567890123="));
        assert!(!is_secret("dummy"));
        assert!(is_token("DOYoip3rvIMMW5lgItikFK-Ak1CfMsgjuiCyI7uuU94="));
        assert!(!is_token("not a token"));
        assert!(is_email("ada+test@example.co.uk"));
        assert!(
            !is_email("ada@example") && !is_email("@example.com") && !is_email("a@b@example.com")
        );
        assert!(is_slug("acme-2") && !is_slug("a") && !is_slug("--"));
        assert!(is_scope("read:users") && !is_scope("a b") && !is_scope("\"") && !is_scope(""));
        assert!(is_phone_number("+15005550006") && !is_phone_number("5005550006"));
    }
}
