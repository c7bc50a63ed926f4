//! Verdicts on requests, from the headers to the cookies, with the emulator as the API.

mod fixture;

mod attacks;
mod authenticated;
mod floods;
mod kinds;
mod limits;
mod one_session;
mod refused;
