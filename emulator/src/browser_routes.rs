//! The routes that only browsers call: the start URLs of log-ins with OAuth providers. The description of the API does not
//! have them, because the clients for servers do not call them.

use crate::route::{Caller, Route};
use crate::{b2b, consumer};

pub(crate) static BROWSER_ROUTES: &[Route] = &[
    Route {
        method: "GET",
        path: "/v1/public/oauth/{provider}/start",
        caller: Caller::Browser,
        operation: |state, call| {
            consumer::oauth::start(&mut state.projects.consumer, &mut state.ids, call)
        },
    },
    Route {
        method: "GET",
        path: "/v1/b2b/public/oauth/{provider}/start",
        caller: Caller::Browser,
        operation: |state, call| b2b::oauth::start(&mut state.projects.b2b, &mut state.ids, call),
    },
    Route {
        method: "GET",
        path: "/v1/b2b/public/oauth/{provider}/discovery/start",
        caller: Caller::Browser,
        operation: |state, call| {
            b2b::oauth::discovery_start(&mut state.projects.b2b, &mut state.ids, call)
        },
    },
];
