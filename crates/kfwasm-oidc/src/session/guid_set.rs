//! Many GUIDs in little room.
//!
//! Entra's groups are random GUIDs, which no compression makes smaller; but in a set their order does not count, and that is
//! worth log2(n!) bits. Sorted, each is told by its distance from the one before: the distance's last bits as they are, and
//! the rest, which is seldom more than 1 or 2, by so many ones and a zero (Rice, "Some practical universal noiseless coding
//! techniques", 1979). For 200 groups that is 116 bits each instead of 128.

use super::bits::{BitReader, BitWriter};
use super::guid::RANDOM_BITS;

/// Packs the random bits of GUIDs, which are sorted and different from each other.
///
/// Whatever they are, the ones that tell the distances' first parts are at most twice as many as the GUIDs.
pub(super) fn pack(sorted: &[u128]) -> Vec<u8> {
    let plain = plain_bits(sorted.len());
    let mut bits = BitWriter::default();
    let mut last = 0;
    for value in sorted {
        let distance = value.saturating_sub(last);
        for _ in 0..distance >> plain {
            bits.write(1, 1);
        }
        bits.write(0, 1);
        bits.write(distance, plain);
        last = *value;
    }
    bits.into_bytes()
}

/// The random bits of `count` GUIDs; `None` when the bytes do not hold so many.
pub(super) fn unpack(count: usize, bytes: &[u8]) -> Option<Vec<u128>> {
    let plain = plain_bits(count);
    let mut bits = BitReader::new(bytes);
    let mut last: u128 = 0;
    (0..count)
        .map(|_| {
            let mut distance: u128 = 0;
            while bits.read(1)? == 1 {
                distance = distance.checked_add(1 << plain)?;
            }
            last = last.checked_add(distance | bits.read(plain)?)?;
            (last >> RANDOM_BITS == 0).then_some(last)
        })
        .collect()
}

/// Bits of each distance that are written as they are: as many as the mean distance has, about.
fn plain_bits(count: usize) -> u32 {
    let doublings = usize::BITS.saturating_sub(count.saturating_sub(1).leading_zeros());
    RANDOM_BITS.saturating_sub(doublings)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::collection::btree_set;
    use proptest::prelude::*;

    use super::{pack, unpack};

    fn sorted(set: BTreeSet<u128>) -> Vec<u128> {
        set.into_iter().collect()
    }

    proptest! {
        #[test]
        fn what_is_packed_comes_back(set in btree_set(0_u128..1 << 122, 0..300)) {
            let guids = sorted(set);

            prop_assert_eq!(unpack(guids.len(), &pack(&guids)), Some(guids));
        }

        /// GUIDs that somebody has chosen can be close together, or at the ends.
        #[test]
        fn what_is_not_random_comes_back_in_no_more_room(low in btree_set(0_u128..600, 0..300), high in any::<bool>()) {
            let guids: Vec<u128> = low.into_iter().map(|it| if high { (1 << 122) - 600 + it } else { it }).collect();

            let packed = pack(&guids);

            prop_assert!(packed.len() * 8 <= guids.len() * (122 + 3) + 8);
            prop_assert_eq!(unpack(guids.len(), &packed), Some(guids));
        }

        #[test]
        fn no_bytes_make_it_panic(count in 0_usize..5000, bytes in any::<Vec<u8>>()) {
            if let Some(guids) = unpack(count, &bytes) {
                prop_assert_eq!(guids.len(), count);
            }
        }

        #[test]
        fn two_hundred_take_less_than_117_bits_each(set in btree_set(0_u128..1 << 122, 200)) {
            let packed = pack(&sorted(set));

            prop_assert!(packed.len() * 8 < 200 * 117, "{}", packed.len());
        }
    }
}
