//! The start of a log-in, with randomness of the platform.

use super::super::{Core, Error};
use crate::client::{ClientError, ClientErrorCode, IncomingRequest, StartLogIn, Started, start};

impl Core {
    /// Starts a log-in. Sends no request.
    ///
    /// # Errors
    /// [`Error::Client`] with `invalid_argument` if an option is invalid, `cross_origin` if a page of another origin has sent
    /// the request for an email, or `internal` if the platform has no secure randomness.
    pub fn start_log_in(
        &self,
        request: &IncomingRequest<'_>,
        options: &StartLogIn<'_>,
    ) -> Result<Started, Error> {
        let random = self.platform.secret_bytes().ok_or_else(|| {
            let message = "the platform has no secure randomness here";
            ClientError::new(ClientErrorCode::Internal, None, message)
        })?;
        let now = self.platform.now();
        Ok(start(&self.config, request, options, random, now)?)
    }
}
