//! Verdicts on requests, from their headers to cookies, with the emulator as the API.

mod stand;

mod let_in;
mod turned_away;
