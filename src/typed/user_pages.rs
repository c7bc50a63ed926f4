//! The users that a search finds, page by page. Knows cursors and nothing of what is
//! searched for.

use std::fmt;

use super::Result;
use crate::consumer::{User, Users, UsersSearchRequest};

impl<'client> Users<'client> {
    /// Finds users by conditions, a page for each step.
    #[must_use]
    pub fn search_all(&self, request: &UsersSearchRequest) -> UserPages<'client> {
        UserPages {
            users: *self,
            next: Some(request.clone()),
        }
    }
}

/// Pages that are still to come. Made by [`Users::search_all`].
pub struct UserPages<'client> {
    users: Users<'client>,
    next: Option<UsersSearchRequest>,
}

impl UserPages<'_> {
    /// The next page, or nothing after the last; after a failure, the same page again.
    pub async fn next(&mut self) -> Result<Option<Vec<User>>> {
        let Some(request) = &self.next else {
            return Ok(None);
        };
        let page = self.users.search(request).await?;
        let cursor = page.results_metadata.next_cursor;
        let more = cursor.filter(|cursor| !cursor.is_empty());
        self.next = self
            .next
            .take()
            .zip(more)
            .map(|(request, cursor)| UsersSearchRequest {
                cursor: Some(cursor),
                ..request
            });
        Ok(Some(page.results))
    }
}

/// Shows nothing of what is searched for.
impl fmt::Debug for UserPages<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("UserPages { .. }")
    }
}
