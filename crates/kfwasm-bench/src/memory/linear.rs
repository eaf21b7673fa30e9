//! The linear memories of WebAssembly modules in a process (proc(5), smaps).
//!
//! V8 reserves gigabytes of addresses behind each, so that an access out of bounds is caught by the processor: by that they
//! are told from all other memory.

use std::fs;

use anyhow::{Context, Result};

/// Addresses that V8 reserves behind a memory, in KiB: more than any other program keeps free in one piece.
const RESERVED: u64 = 4 * 1024 * 1024;

/// One range of addresses, in KiB.
#[derive(Clone, Copy, Default)]
struct Range {
    size: u64,
    resident: u64,
    is_writable: bool,
    is_reserved: bool,
}

/// Size and resident part of the memory of which most is resident, in KiB: a worker's. Envoy's main thread has modules too,
/// which serve nobody.
pub(super) fn of(pid: u32) -> Result<(u64, u64)> {
    let text = fs::read_to_string(format!("/proc/{pid}/smaps"))
        .with_context(|| format!("process {pid} has ended"))?;
    largest(&text).with_context(|| format!("process {pid} has no WebAssembly module"))
}

fn largest(smaps: &str) -> Option<(u64, u64)> {
    let ranges = ranges(smaps);
    let memories = ranges.windows(2).filter_map(|pair| match pair {
        [memory, behind] if memory.is_writable && behind.is_reserved => Some(memory),
        _ => None,
    });
    let largest = memories.max_by_key(|memory| memory.resident)?;
    Some((largest.size, largest.resident))
}

fn ranges(smaps: &str) -> Vec<Range> {
    let mut ranges: Vec<Range> = Vec::new();
    for line in smaps.lines() {
        let mut words = line.split_whitespace();
        match (words.next(), words.next(), ranges.last_mut()) {
            (Some("Size:"), Some(size), Some(last)) => {
                last.size = size.parse().unwrap_or_default();
                last.is_reserved &= last.size >= RESERVED;
            }
            (Some("Rss:"), Some(size), Some(last)) => {
                last.resident = size.parse().unwrap_or_default();
            }
            (Some(name), Some(access), _) if !name.ends_with(':') => ranges.push(Range {
                is_writable: access.starts_with("rw-"),
                is_reserved: access.starts_with("---"),
                ..Range::default()
            }),
            _ => {}
        }
    }
    ranges
}

#[cfg(test)]
mod tests {
    use super::largest;

    #[test]
    fn a_linear_memory_is_followed_by_gigabytes_of_nothing() {
        let smaps = "\
            1000-2000 rw-p 00000000 00:00 0\nSize: 9000 kB\nRss: 8000 kB\n\
            2000-3000 rw-p 00000000 00:00 0\nSize: 2176 kB\nRss: 40 kB\n\
            3000-4000 ---p 00000000 00:00 0\nSize: 8386432 kB\nRss: 0 kB\n\
            5000-6000 rw-p 00000000 00:00 0 \nSize: 4352 kB\nRss: 3000 kB\n\
            6000-7000 ---p 00000000 00:00 0\nSize: 8386432 kB\nRss: 0 kB\n";
        assert_eq!(largest(smaps), Some((4352, 3000)));
        assert_eq!(largest("1000-2000 rw-p 0 0 0\nSize: 1 kB\n"), None);
    }
}
