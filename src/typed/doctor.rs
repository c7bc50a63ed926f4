//! `doctor` on the typed clients.

use super::{B2bClient, Client};
use crate::client::Finding;

macro_rules! doctor {
    ($client:ty) => {
        impl $client {
            /// Checks the credentials, the key set, the clock of this host, the project and the cookies. Returns one finding
            /// for each check. Its severity is `Ok` if the check finds no problem. Sends two requests, uses no cache, and never
            /// fails.
            ///
            /// ```
            /// # use stytch_edge::{Client, Severity};
            /// async fn has_errors(client: &Client) -> bool {
            ///     let findings = client.doctor().await;
            ///     findings.iter().any(|finding| finding.severity == Severity::Error)
            /// }
            /// ```
            pub async fn doctor(&self) -> Vec<Finding> {
                self.core.flow.doctor().await
            }
        }
    };
}

doctor!(Client);
doctor!(B2bClient);
