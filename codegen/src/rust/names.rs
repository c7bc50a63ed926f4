//! Converts the names of the description to Rust.

/// A type's name without the prefix `B2B`, because the module is named `b2b`.
pub fn type_name(name: &str) -> String {
    name.strip_prefix("B2B").unwrap_or(name).to_owned()
}

/// Whether a type contains only `authorization`, which is an argument of its own in Rust.
pub fn is_options(name: &str) -> bool {
    name.ends_with("RequestOptions")
}

/// The name of a method or a field, such as `login_or_create` for `loginOrCreate`.
pub fn snake(name: &str) -> String {
    let mut snake = String::new();
    for c in name.chars() {
        if c.is_ascii_uppercase() && !snake.is_empty() {
            snake.push('_');
        }
        snake.push(c.to_ascii_lowercase());
    }
    identifier(snake)
}

/// The name of a variant or a type, such as `PtBr` for `pt-br` and `AllAllowed` for `ALL_ALLOWED`.
pub fn pascal(words: &str) -> String {
    let parts = words
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|part| !part.is_empty());
    let name: String = parts.map(capitalised).collect();
    if name.starts_with(|c: char| c.is_ascii_digit()) {
        return format!("N{name}");
    }
    identifier(name)
}

/// Splits a name in PascalCase into words, such as `Introspect`, `Token`, `Response`.
pub fn parts(name: &str) -> Vec<&str> {
    let mut starts: Vec<usize> = name
        .char_indices()
        .filter(|(_, c)| c.is_ascii_uppercase())
        .map(|(at, _)| at)
        .collect();
    starts.push(name.len());
    starts
        .windows(2)
        .filter_map(|pair| name.get(*pair.first()?..*pair.last()?))
        .collect()
}

fn capitalised(part: &str) -> String {
    let rest = part.get(1..).unwrap_or_default();
    let is_shouted = part.chars().all(|c| !c.is_ascii_lowercase());
    let first = part.chars().next().map(|c| c.to_ascii_uppercase());
    let rest = if is_shouted {
        rest.to_ascii_lowercase()
    } else {
        rest.to_owned()
    };
    first.into_iter().chain(rest.chars()).collect()
}

/// Converts a keyword of Rust to a raw identifier.
pub fn identifier(name: String) -> String {
    match name.as_str() {
        "as" | "async" | "await" | "break" | "const" | "continue" | "crate" | "dyn" | "else"
        | "enum" | "extern" | "false" | "fn" | "for" | "gen" | "if" | "impl" | "in" | "let"
        | "loop" | "match" | "mod" | "override" | "move" | "mut" | "pub" | "ref" | "return"
        | "static" | "struct" | "trait" | "true" | "type" | "unsafe" | "use" | "where"
        | "while" => {
            format!("r#{name}")
        }
        _ => name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn converts_names_to_rust() {
        assert_eq!(type_name("B2BSessionsGetRequest"), "SessionsGetRequest");
        assert_eq!(snake("loginOrCreate"), "login_or_create");
        assert_eq!(snake("type"), "r#type");
        assert_eq!(pascal("pt-br"), "PtBr");
        assert_eq!(pascal("ALL_ALLOWED"), "AllAllowed");
        assert_eq!(pascal("oauth_google"), "OauthGoogle");
        assert_eq!(pascal("2fa"), "N2fa");
        assert_eq!(parts("SearchUsersQuery"), ["Search", "Users", "Query"]);
    }
}
