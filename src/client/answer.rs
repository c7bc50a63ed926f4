//! Classifies responses by their HTTP status, before the body is read.

/// The kind of a response.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ResponseKind {
    /// The request succeeded.
    Success,
    /// The API responded with an error, which the body describes.
    ApiError,
    /// A redirect. It is not followed, because a 307 would send a password to another URL. Browsers report status 0 for
    /// a redirect that they must not follow.
    Redirect,
}

/// Returns the kind of a response with this status.
#[must_use]
pub fn classify(status: u16) -> ResponseKind {
    match status {
        0 | 300..=399 => ResponseKind::Redirect,
        400.. => ResponseKind::ApiError,
        _ => ResponseKind::Success,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classifies_status_0_and_3xx_as_redirects_and_400_and_above_as_errors() {
        for (status, kind) in [
            (200, ResponseKind::Success),
            (201, ResponseKind::Success),
            (0, ResponseKind::Redirect),
            (302, ResponseKind::Redirect),
            (307, ResponseKind::Redirect),
            (400, ResponseKind::ApiError),
            (599, ResponseKind::ApiError),
        ] {
            assert_eq!(classify(status), kind, "{status}");
        }
    }
}
