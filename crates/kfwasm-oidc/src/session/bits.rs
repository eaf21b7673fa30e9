//! Bits in bytes, the most significant first.

/// Writes bits one behind the other.
#[derive(Default)]
pub(super) struct BitWriter {
    bytes: Vec<u8>,
    /// Bits of the last byte that are not written yet.
    free: u32,
}

/// Reads them in the same order.
pub(super) struct BitReader<'a> {
    bytes: &'a [u8],
    /// Bits of the first byte that were read.
    used: u32,
}

impl BitWriter {
    /// Writes the last `count` bits of `value`; at most 128.
    pub(super) fn write(&mut self, value: u128, count: u32) {
        let mut left = count;
        while left > 0 {
            if self.free == 0 {
                self.bytes.push(0);
                self.free = 8;
            }
            let taken = left.min(self.free);
            left = left.saturating_sub(taken);
            self.free = self.free.saturating_sub(taken);
            let part = low_bits(value.checked_shr(left).unwrap_or(0), taken);
            if let Some(last) = self.bytes.last_mut() {
                *last |= part << self.free;
            }
        }
    }

    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }
}

impl<'a> BitReader<'a> {
    pub(super) const fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, used: 0 }
    }

    /// The next `count` bits; `None` when there are not so many.
    pub(super) fn read(&mut self, count: u32) -> Option<u128> {
        let (mut value, mut left) = (0, count);
        while left > 0 {
            let (first, rest) = self.bytes.split_first()?;
            let unread = 8_u32.saturating_sub(self.used);
            let taken = left.min(unread);
            left = left.saturating_sub(taken);
            let behind = unread.saturating_sub(taken);
            value = value << taken | u128::from(low_bits(u128::from(*first >> behind), taken));
            self.used = self.used.saturating_add(taken);
            if behind == 0 {
                (self.bytes, self.used) = (rest, 0);
            }
        }
        Some(value)
    }
}

/// The last bits of a value, at most 8 of them.
fn low_bits(value: u128, count: u32) -> u8 {
    let [.., last] = value.to_be_bytes();
    let mask = u8::MAX.checked_shr(8_u32.saturating_sub(count));
    last & mask.unwrap_or(0)
}
