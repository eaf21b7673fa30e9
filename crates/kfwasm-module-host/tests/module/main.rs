//! The module in a host whose functions fail on demand: whatever fails, nobody goes on who must not, and nothing traps.

#[cfg(test)]
mod callouts;
#[cfg(test)]
mod contexts;
#[cfg(test)]
mod gateway;
#[cfg(test)]
mod requests;
#[cfg(test)]
#[allow(
    dead_code,
    unreachable_pub,
    clippy::allow_attributes,
    reason = "these tests use a part of it"
)]
#[path = "../../../kfwasm-oidc/tests/support/mod.rs"]
mod support;
