//! The head of a request: its header map, cookies and path, read in place and compiled for speed.
//!
//! A crate of its own, because the rest of the module is compiled for size (docs/decisions/024-small-before-fast.md), and
//! this is what every request runs. Functions that matter are `#[inline(never)]`: inlined into another crate, they would be
//! compiled as that one is.

pub mod bytes;
pub mod cookies;
pub mod header_map;
mod header_name;
pub mod normalized_path;
pub mod own_headers;
pub mod request_head;
