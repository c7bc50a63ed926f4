//! Machine-to-machine clients, which projects of both products have. Their access tokens are issued in `oauth2/`.

pub(crate) mod client;
pub(crate) mod clients;
pub(crate) mod search;
pub(crate) mod secrets;
pub(crate) mod seeded;
