//! What an HTTP status means, before anybody reads the body.

/// The three kinds of answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AnswerKind {
    /// What was asked for.
    Success,
    /// The API's refusal, with a body that says why.
    ApiError,
    /// An invitation to send the request elsewhere. It is not followed: a 307
    /// would carry a password to wherever the answer says. A browser shows status
    /// 0 for a redirect that it was told not to follow.
    Redirect,
}

/// Tells the kind of an answer by its status.
#[must_use]
pub fn classify(status: u16) -> AnswerKind {
    match status {
        0 | 300..=399 => AnswerKind::Redirect,
        400.. => AnswerKind::ApiError,
        _ => AnswerKind::Success,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn follows_no_redirect_and_takes_400_and_above_for_errors() {
        for (status, kind) in [
            (200, AnswerKind::Success),
            (201, AnswerKind::Success),
            (0, AnswerKind::Redirect),
            (302, AnswerKind::Redirect),
            (307, AnswerKind::Redirect),
            (400, AnswerKind::ApiError),
            (599, AnswerKind::ApiError),
        ] {
            assert_eq!(classify(status), kind, "{status}");
        }
    }
}
