//! A browser for tests: cookies, redirects, forms and fetch metadata, and on request what no browser would send.

mod agent;
mod cookie_jar;
mod form;
mod network;
mod page;
mod request;

pub use agent::UserAgent;
pub use page::Page;
pub use request::Request;
