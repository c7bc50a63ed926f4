//! Log-in round trips: the browser of a user, and the browser of an attacker.

mod browser;

mod attacks;
mod log_out;
mod members;
mod rows;
mod start;
mod steps;
