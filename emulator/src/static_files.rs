//! Serves the files of one folder under `/_emulator/static/`, so that a page and the API have the same origin.

use std::path::{Component, Path, PathBuf};

use percent_encoding::percent_decode_str;
use stytch_emulator::{Delivery, Request, Response};

/// Returns the response for a file, or `None` if the path is not below `/_emulator/static/`.
pub async fn answer(folder: Option<&Path>, request: &Request) -> Option<Response> {
    let name = request.path.strip_prefix("/_emulator/static/")?;
    let path = folder.and_then(|folder| inside(folder, name));
    let read = match path {
        Some(path) if request.method == "GET" => tokio::fs::read(path).await.ok(),
        _ => None,
    };
    Some(match read {
        Some(body) => response(200, mime_type(name), body),
        None => response(
            404,
            "text/plain; charset=utf-8",
            b"file not found\n".to_vec(),
        ),
    })
}

/// Returns the path below the folder. Returns `None` if a segment would lead out of the folder: `..`, a root, or one of
/// these percent-encoded. Symbolic links inside the folder are followed: a user who can create a link there can also
/// copy the file there.
fn inside(folder: &Path, name: &str) -> Option<PathBuf> {
    let decoded = percent_decode_str(name).decode_utf8().ok()?;
    let relative = Path::new(decoded.as_ref());
    let stays = relative
        .components()
        .all(|component| matches!(component, Component::Normal(_)));
    (stays && !decoded.contains(['\\', '\0'])).then(|| folder.join(relative))
}

fn mime_type(name: &str) -> &'static str {
    let extension = name.rsplit('.').next().unwrap_or_default();
    let found = MIME_TYPES
        .iter()
        .find(|(known, _)| known.eq_ignore_ascii_case(extension));
    found.map_or("application/octet-stream", |(_, mime_type)| mime_type)
}

fn response(status: u16, content_type: &str, body: Vec<u8>) -> Response {
    let headers = vec![
        ("content-type".into(), content_type.into()),
        ("cache-control".into(), "no-store".into()),
        ("x-content-type-options".into(), "nosniff".into()),
    ];
    Response {
        status,
        headers,
        body,
        delivery: Delivery::Whole,
    }
}

static MIME_TYPES: [(&str, &str); 11] = [
    ("html", "text/html; charset=utf-8"),
    ("js", "text/javascript; charset=utf-8"),
    ("mjs", "text/javascript; charset=utf-8"),
    ("css", "text/css; charset=utf-8"),
    ("json", "application/json; charset=utf-8"),
    ("map", "application/json; charset=utf-8"),
    ("wasm", "application/wasm"),
    ("svg", "image/svg+xml"),
    ("png", "image/png"),
    ("ico", "image/x-icon"),
    ("txt", "text/plain; charset=utf-8"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_paths_that_lead_out_of_the_folder() {
        let folder = Path::new("/srv/pages");
        assert_eq!(
            inside(folder, "a/b.js"),
            Some(PathBuf::from("/srv/pages/a/b.js"))
        );
        for name in [
            "../secret",
            "a/../../secret",
            "%2e%2e/secret",
            "/etc/passwd",
            "%2fetc/passwd",
            "a\\..\\b",
            "a%00",
        ] {
            assert_eq!(inside(folder, name), None, "{name}");
        }
    }

    #[test]
    fn sends_the_content_types_that_browsers_require() {
        assert_eq!(mime_type("pkg/index.mjs"), "text/javascript; charset=utf-8");
        assert_eq!(mime_type("pkg/engine_bg.wasm"), "application/wasm");
    }
}
