//! The limits of single calls, instead of those of a client's configuration.

use std::sync::Arc;

use super::{
    B2bClient, Client, Result, SamlShieldClient,
    config::{check_retries, check_timeout},
    core::Core,
};
use crate::flow;

/// The limits of a call. An absent field is that of the client's configuration.
///
/// To abort a call, drop its future: the request ends, and so does the delay before a retry. Calls that share the request go
/// on, and one of them sends it again.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct CallOptions {
    /// The time limit of each request of the call in milliseconds, including its retries. From 1 to 2,147,483,647.
    pub timeout_ms: Option<u32>,
    /// How often a request that is safe to repeat is sent again after a temporary failure. At most 10. 0: never.
    pub retries: Option<u32>,
}

macro_rules! with_options {
    ($client:ty) => {
        impl $client {
            /// Returns this client with other limits, for single calls. It shares all state with this client.
            ///
            /// ```
            /// # use stytch_edge::{CallOptions, Client, Result, consumer::UsersGetRequest};
            /// async fn user(client: &Client, request: &UsersGetRequest) -> Result<()> {
            ///     let options = CallOptions { timeout_ms: Some(500), retries: Some(0) };
            ///     client.with_options(&options)?.users().get(request).await?;
            ///     Ok(())
            /// }
            /// ```
            ///
            /// # Errors
            /// [`Error::Client`](crate::Error::Client) with `invalid_argument`. The message names the field.
            pub fn with_options(&self, options: &CallOptions) -> Result<Self> {
                let core = self.core.with_options(options)?;
                Ok(Self { core })
            }
        }
    };
}

with_options!(Client);
with_options!(B2bClient);
with_options!(SamlShieldClient);

impl Core {
    fn with_options(&self, options: &CallOptions) -> Result<Self> {
        let mut config = (*self.flow.config).clone();
        if let Some(timeout_ms) = options.timeout_ms {
            check_timeout("timeout_ms", timeout_ms)?;
            config.call_timeout_ms = Some(timeout_ms);
        }
        if let Some(retries) = options.retries {
            check_retries(retries)?;
            config.retries = retries;
        }
        let platform = Arc::clone(&self.flow.platform);
        let flow = flow::Core::new(platform, Arc::new(config));
        Ok(Self { flow })
    }
}
