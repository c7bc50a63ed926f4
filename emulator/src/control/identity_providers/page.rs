//! The pages of the identity providers: plain HTML without scripts. All texts come from callers, so each is escaped.

use crate::message::Response;
use crate::page::provider;
use crate::saml::escape;

/// A field that a person fills in.
pub(super) struct Input {
    pub(super) label: &'static str,
    pub(super) name: &'static str,
    pub(super) value: String,
    pub(super) is_required: bool,
}

impl Input {
    pub(super) fn new(label: &'static str, name: &'static str) -> Self {
        Self {
            label,
            name,
            value: String::new(),
            is_required: false,
        }
    }

    pub(super) fn required(self) -> Self {
        Self {
            is_required: true,
            ..self
        }
    }

    pub(super) fn with_value(self, value: impl Into<String>) -> Self {
        Self {
            value: value.into(),
            ..self
        }
    }
}

/// Returns a page with one form.
pub(super) fn page(
    title: &str,
    lead: &str,
    action: &str,
    hidden: &[(&str, &str)],
    inputs: &[Input],
) -> Response {
    let hidden: String = hidden
        .iter()
        .map(|(name, value)| {
            format!(
                "<input type=\"hidden\" name=\"{}\" value=\"{}\">\n",
                escape(name),
                escape(value)
            )
        })
        .collect();
    let inputs: String = inputs
        .iter()
        .map(|input| {
            let required = if input.is_required { " required" } else { "" };
            format!(
                "<label>{} <input name=\"{}\" value=\"{}\" autocomplete=\"off\" spellcheck=\"false\"{required}></label>\n",
                input.label,
                input.name,
                escape(&input.value)
            )
        })
        .collect();
    let (title, lead, action) = (escape(title), escape(lead), escape(action));
    let html = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"robots\" content=\"noindex\">\n<title>{title} – Stytch emulator</title>\n<link rel=\"icon\" href=\"data:,\">\n<link rel=\"stylesheet\" href=\"/_emulator/page/colors.css\">\n<link rel=\"stylesheet\" href=\"/_emulator/page/provider.css\">\n</head>\n<body>\n<main>\n<p class=\"origin\">Stytch emulator</p>\n<h1>{title}</h1>\n<p class=\"lead\">{lead}</p>\n<form method=\"post\" action=\"{action}\" class=\"fields\">\n{hidden}{inputs}<button>Continue</button>\n</form>\n</main>\n</body>\n</html>\n"
    );
    provider::response(html)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_of_a_caller_cannot_become_html() {
        let hostile = "\"><script>alert('1')</script>";
        let inputs = [Input::new("Email", "email").with_value(hostile)];
        let response = page(hostile, hostile, hostile, &[(hostile, hostile)], &inputs);
        let html = String::from_utf8_lossy(&response.body).into_owned();
        assert!(!html.contains("<script"), "{html}");
        assert_eq!(html.matches("&lt;script&gt;").count(), 7);
    }
}
