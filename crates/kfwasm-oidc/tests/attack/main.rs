//! What attackers try, and what becomes of it. Each test stands for a row of the threat model.

#[cfg(test)]
mod authorization_response;
#[cfg(test)]
mod bearer;
#[cfg(test)]
mod bytes;
#[cfg(test)]
mod code_exchange;
#[cfg(test)]
mod cookies;
#[cfg(test)]
mod hosts;
#[cfg(test)]
mod identity_headers;
#[cfg(test)]
mod open_redirect;
#[cfg(test)]
mod panics;
#[cfg(test)]
mod programs;
#[cfg(test)]
mod provider_logout;
#[cfg(test)]
mod sealed_cookies;
#[cfg(test)]
mod secrets;
#[cfg(test)]
mod several_providers;
#[cfg(test)]
mod shared_memory;
#[cfg(test)]
mod sign_out;
#[cfg(test)]
#[expect(dead_code, reason = "the flow tests need the rest")]
#[path = "../support/mod.rs"]
mod support;
#[cfg(test)]
mod way_in;
