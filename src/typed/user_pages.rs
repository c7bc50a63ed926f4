//! Pagination of a search for users. Handles cursors and does not read filters.

use std::fmt;

use super::Result;
use crate::consumer::{User, Users, UsersSearchRequest};

impl<'client> Users<'client> {
    /// Returns the pages of a search. Sends no request: [`UserPages::next`] requests each page.
    #[must_use]
    pub fn search_all(&self, request: &UsersSearchRequest) -> UserPages<'client> {
        UserPages {
            users: *self,
            next: Some(request.clone()),
        }
    }
}

/// The remaining pages of a search. Created by [`Users::search_all`].
pub struct UserPages<'client> {
    users: Users<'client>,
    next: Option<UsersSearchRequest>,
}

impl UserPages<'_> {
    /// Requests the next page. Returns `None` after the last page. After an error, the next call requests the same page
    /// again.
    ///
    /// # Errors
    /// [`Error::Api`](super::Error::Api) if the API refuses the request, [`Error::Request`](super::Error::Request) if
    /// the response is missing or unusable.
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

/// Does not show the filters of the search, which may contain personal data.
impl fmt::Debug for UserPages<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("UserPages { .. }")
    }
}
