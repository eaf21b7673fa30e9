//! What people and programs live through: sign-ins, sessions and sign-outs, whole and in memory.

#[cfg(test)]
mod access;
#[cfg(test)]
mod bearer;
#[cfg(test)]
mod claim_headers;
#[cfg(test)]
mod cookie_size;
#[cfg(test)]
mod forwarded_id_token;
#[cfg(test)]
mod group_overage;
#[cfg(test)]
mod key_ring;
#[cfg(test)]
mod outage;
#[cfg(test)]
mod pages;
#[cfg(test)]
mod programs;
mod provider_faults;
#[cfg(test)]
mod provider_keys;
#[cfg(test)]
mod provider_logout;
#[cfg(test)]
mod refresh;
mod refresh_faults;
#[cfg(test)]
mod requests;
#[cfg(test)]
mod revocation;
#[cfg(test)]
mod session;
#[cfg(test)]
mod setup;
#[cfg(test)]
mod several_providers;
#[cfg(test)]
mod sign_in;
#[cfg(test)]
mod sign_out;
#[cfg(test)]
mod step_up;
#[cfg(test)]
#[expect(dead_code, reason = "the attack tests need the rest")]
#[path = "../support/mod.rs"]
mod support;
#[cfg(test)]
mod tabs;
#[cfg(test)]
mod user_info;
#[cfg(test)]
mod user_name;
#[cfg(test)]
mod versions;
#[cfg(test)]
mod workers;
