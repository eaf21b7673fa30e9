//! Comparing bytes, for everything in the module that compares texts.
//!
//! The C library's function, which would be linked otherwise, goes byte by byte; names of headers are compared some thirty
//! times a request. Nothing secret is compared with it: that is what `subtle` is for.
#![expect(
    unsafe_code,
    reason = "the linker finds the function by its name, and it takes pointers"
)]

const WORD: usize = size_of::<u64>();

/// As in C: 0 for the same bytes, else the order of the first that differ.
///
/// # Safety
/// Both pointers are good for reading so many bytes.
#[unsafe(no_mangle)]
unsafe extern "C" fn memcmp(one: *const u8, other: *const u8, size: usize) -> i32 {
    let mut place = 0;
    while size - place >= WORD {
        // SAFETY: a whole word is left of both.
        let (left, right) = unsafe { (word(one, place), word(other, place)) };
        if left != right {
            // Little-endian: the first byte that differs has the lowest bit that does.
            let first = (left ^ right).trailing_zeros() & !7;
            return difference(left >> first, right >> first);
        }
        place += WORD;
    }
    while place < size {
        // SAFETY: a byte is left of both.
        let (left, right) = unsafe { (*one.add(place), *other.add(place)) };
        if left != right {
            return difference(left.into(), right.into());
        }
        place += 1;
    }
    0
}

/// # Safety
/// A whole word can be read there, wherever it begins.
unsafe fn word(bytes: *const u8, place: usize) -> u64 {
    // SAFETY: as the caller promises.
    unsafe { bytes.add(place).cast::<u64>().read_unaligned() }
}

/// By the lowest byte.
const fn difference(left: u64, right: u64) -> i32 {
    (left & 0xFF) as i32 - (right & 0xFF) as i32
}
