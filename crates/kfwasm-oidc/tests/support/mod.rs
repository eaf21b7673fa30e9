//! A browser, a gateway and a provider in memory, under one clock: what the flow tests and the attack tests play with.

pub(crate) mod address;
pub(crate) mod bearer;
pub(crate) mod browser;
pub(crate) mod claims_set;
pub(crate) mod clock;
pub(crate) mod cookie_jar;
pub(crate) mod entropy;
pub(crate) mod gateway;
pub(crate) mod program;
pub(crate) mod provider;
pub(crate) mod record;
pub(crate) mod request;
pub(crate) mod response;
pub(crate) mod shared_memory;
pub(crate) mod signatures;
pub(crate) mod stage;
pub(crate) mod upstream;
