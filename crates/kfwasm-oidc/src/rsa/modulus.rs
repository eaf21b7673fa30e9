//! Arithmetic modulo an odd number.
//!
//! Numbers are limbs of 32 bits, the least significant first, as many as the modulus has, and kept in Montgomery's form
//! (x·R mod n, where R is the power of 2 just above the limbs): P. L. Montgomery, "Modular Multiplication Without Trial
//! Division", 1985. What is done with a private exponent takes no branch and reads no address that depends on it.

use core::iter::repeat_n;

use subtle::{Choice, ConditionallySelectable as _, ConstantTimeEq as _};
use zeroize::{Zeroize as _, Zeroizing};

/// Bits of a limb.
const LIMB: usize = 32;

/// An odd number greater than 1.
#[derive(Clone, Debug)]
pub(super) struct Modulus {
    limbs: Vec<u32>,
    bits: usize,
    /// −n⁻¹ modulo 2³².
    factor: u32,
    /// 1, in Montgomery's form.
    one: Vec<u32>,
    /// R, in Montgomery's form.
    radix: Vec<u32>,
}

impl Modulus {
    /// The modulus in big-endian `bytes`; `None` unless it is odd and greater than 1.
    pub(super) fn new(bytes: &[u8]) -> Option<Self> {
        let mut limbs = limbs(bytes, bytes.len().div_ceil(4))?;
        let last = limbs.iter().rposition(|limb| *limb != 0)?;
        limbs.truncate(last + 1);
        let (low, high) = (*limbs.first()?, *limbs.last()?);
        let bits = (LIMB * limbs.len()).checked_sub(high.leading_zeros() as usize)?;
        if low & 1 == 0 || bits < 2 {
            return None;
        }
        let factor = inverse(low).wrapping_neg();
        let (one, radix) = (Vec::new(), Vec::new());
        Some(
            Self {
                limbs,
                bits,
                factor,
                one,
                radix,
            }
            .prepared(),
        )
    }

    /// How many bits it has.
    pub(super) fn bits(&self) -> usize {
        self.bits
    }

    /// How many bytes it has.
    pub(super) fn length(&self) -> usize {
        self.bits.div_ceil(8)
    }

    /// `base` to the power of a public `exponent`, all of them big-endian; `None` unless `base` is smaller than the modulus.
    pub(super) fn power(&self, base: &[u8], exponent: &[u8]) -> Option<Vec<u8>> {
        let base = self.enter(base)?;
        Some(self.leave(&self.public_power(&base, exponent)))
    }

    /// `base` to the power of a secret `exponent`, both big-endian; `None` unless `base` is smaller than the modulus. Of the
    /// exponent only the length shows in the time that it takes.
    pub(super) fn secret_power(&self, base: &[u8], exponent: &[u8]) -> Option<Vec<u8>> {
        let base = self.enter(base)?;
        let powers = self.first_powers(base);
        let mut power = self.one.clone();
        for window in exponent.iter().flat_map(|byte| [byte >> 4, byte & 15]) {
            for _ in 0..4 {
                power = self.multiply(&power, &power);
            }
            let factor = Zeroizing::new(self.chosen(&powers, window));
            power = self.multiply(&power, &factor);
        }
        Some(self.leave(&power))
    }

    fn public_power(&self, base: &[u32], exponent: &[u8]) -> Vec<u32> {
        let mut power = self.one.clone();
        let bits = exponent
            .iter()
            .flat_map(|byte| (0..8).rev().map(move |bit| byte >> bit & 1));
        for bit in bits.skip_while(|bit| *bit == 0) {
            power = self.multiply(&power, &power);
            if bit == 1 {
                power = self.multiply(&power, base);
            }
        }
        power
    }

    /// `base` to the powers of 0 to 15.
    fn first_powers(&self, base: Vec<u32>) -> Vec<Vec<u32>> {
        let next = |power: &Vec<u32>| Some(self.multiply(power, &base));
        core::iter::successors(Some(self.one.clone()), next)
            .take(16)
            .collect()
    }

    /// `powers[window]`, read as if it could be any of them.
    fn chosen(&self, powers: &[Vec<u32>], window: u8) -> Vec<u32> {
        let mut chosen = self.one.clone();
        for (power, index) in powers.iter().zip(0_u8..) {
            assign_if(index.ct_eq(&window), &mut chosen, power);
        }
        chosen
    }

    /// A big-endian number in Montgomery's form; `None` unless it is smaller than the modulus.
    fn enter(&self, bytes: &[u8]) -> Option<Vec<u32>> {
        let number = limbs(bytes, self.limbs.len())?;
        let (_, borrow) = difference(&number, &self.limbs);
        borrow.then(|| self.multiply(&number, &self.radix))
    }

    /// A number in Montgomery's form as [`Modulus::length`] bytes, big-endian.
    fn leave(&self, number: &[u32]) -> Vec<u8> {
        let mut one = vec![0; self.limbs.len()];
        one.iter_mut().take(1).for_each(|limb| *limb = 1);
        self.bytes_of(&self.multiply(number, &one))
    }

    /// The modulus itself, big-endian.
    pub(super) fn to_bytes(&self) -> Vec<u8> {
        self.bytes_of(&self.limbs)
    }

    fn bytes_of(&self, limbs: &[u32]) -> Vec<u8> {
        let mut bytes: Vec<u8> = limbs.iter().flat_map(|limb| limb.to_le_bytes()).collect();
        bytes.truncate(self.length());
        bytes.reverse();
        bytes
    }

    /// a·b/R modulo n.
    ///
    /// The method is "coarsely integrated operand scanning" of Ç. K. Koç and others, "Analyzing and Comparing Montgomery
    /// Multiplication Algorithms", 1996: the sum stays below 2n·2³², so that its top is a bit.
    fn multiply(&self, a: &[u32], b: &[u32]) -> Vec<u32> {
        let mut sum = vec![0; self.limbs.len()];
        let mut top = 0;
        for digit in a {
            let carry = u64::from(add_product(&mut sum, *digit, b)) + u64::from(top);
            let lowest = sum.first().copied().unwrap_or_default();
            let reduction = lowest.wrapping_mul(self.factor);
            let carry = carry + u64::from(add_product(&mut sum, reduction, &self.limbs));
            sum.rotate_left(1);
            sum.iter_mut()
                .rev()
                .take(1)
                .for_each(|limb| *limb = low(carry));
            top = low(carry >> LIMB);
        }
        self.reduced(sum, top)
    }

    /// 2·x modulo n.
    fn double(&self, x: &[u32]) -> Vec<u32> {
        let mut sum = x.to_vec();
        let top = add_product(&mut sum, 1, x);
        self.reduced(sum, top)
    }

    /// What of `top` and `sum`, together less than 2n, is left when n is taken off as often as it goes.
    fn reduced(&self, mut sum: Vec<u32>, top: u32) -> Vec<u32> {
        let (mut smaller, borrow) = difference(&sum, &self.limbs);
        let goes = !top.ct_eq(&0) | !Choice::from(u8::from(borrow));
        assign_if(goes, &mut sum, &smaller);
        smaller.zeroize();
        sum
    }

    /// With 1 and R in Montgomery's form: the first by doubling the largest power of 2 below n, the second as a power of 2.
    fn prepared(mut self) -> Self {
        let width = LIMB * self.limbs.len();
        let mut one = vec![0; self.limbs.len()];
        one.iter_mut()
            .rev()
            .take(1)
            .for_each(|limb| *limb = 1 << ((self.bits - 1) % LIMB));
        for _ in self.bits..=width {
            one = self.double(&one);
        }
        let two = self.double(&one);
        self.one = one;
        self.radix = self.public_power(&two, &width.to_be_bytes());
        self
    }
}

/// The limbs of a big-endian number, `count` of them; `None` when it does not fit in there.
fn limbs(bytes: &[u8], count: usize) -> Option<Vec<u32>> {
    let mut limbs: Vec<u32> = bytes
        .rchunks(4)
        .map(|chunk| {
            chunk
                .iter()
                .fold(0, |limb, byte| limb << 8 | u32::from(*byte))
        })
        .collect();
    let excess = limbs.iter().skip(count).any(|limb| *limb != 0);
    limbs.truncate(count);
    limbs.extend(repeat_n(0, count.saturating_sub(limbs.len())));
    (!excess).then_some(limbs)
}

/// `odd`⁻¹ modulo 2³², by Newton's iteration: an odd number is its own inverse modulo 8, and each step doubles the bits.
fn inverse(odd: u32) -> u32 {
    (0..4).fold(odd, |x, _| {
        x.wrapping_mul(2_u32.wrapping_sub(odd.wrapping_mul(x)))
    })
}

/// sum += digit·number; what does not fit is returned.
fn add_product(sum: &mut [u32], digit: u32, number: &[u32]) -> u32 {
    let mut carry = 0;
    for (limb, other) in sum.iter_mut().zip(number) {
        // At most (2³² − 1)² + 2·(2³² − 1), which is 2⁶⁴ − 1.
        let product = u64::from(digit) * u64::from(*other) + u64::from(*limb) + u64::from(carry);
        *limb = low(product);
        carry = low(product >> LIMB);
    }
    carry
}

/// a − b, and whether it is below zero.
fn difference(a: &[u32], b: &[u32]) -> (Vec<u32>, bool) {
    let mut borrow = 0;
    let limbs = a.iter().zip(b).map(|(a, b)| {
        let limb = u64::from(*a)
            .wrapping_sub(u64::from(*b))
            .wrapping_sub(borrow);
        borrow = limb >> 63;
        low(limb)
    });
    let limbs = limbs.collect();
    (limbs, borrow == 1)
}

/// Makes `target` equal to `source` if `choice` says so, without a branch.
fn assign_if(choice: Choice, target: &mut [u32], source: &[u32]) {
    for (target, source) in target.iter_mut().zip(source) {
        target.conditional_assign(source, choice);
    }
}

/// The lower half.
#[expect(
    clippy::cast_possible_truncation,
    reason = "the upper half is for the caller to carry"
)]
fn low(number: u64) -> u32 {
    number as u32
}

#[cfg(test)]
mod tests;
