//! Against the big integers of `crypto-bigint`.

use crypto_bigint::modular::{BoxedMontyForm, BoxedMontyParams};
use crypto_bigint::{BoxedUint, Odd};
use proptest::collection::vec;
use proptest::prelude::*;

use super::Modulus;

/// `base` to the power of `exponent`, by somebody else.
fn expected(modulus: &[u8], base: &[u8], exponent: &[u8]) -> Option<Vec<u8>> {
    let modulus = BoxedUint::from_be_slice_vartime(modulus);
    let bits = modulus.bits_precision();
    let base = BoxedUint::from_be_slice(base, bits).ok()?;
    if base >= modulus {
        return None;
    }
    let length = modulus.bit_width_vartime().div_ceil(8) as usize;
    let params = BoxedMontyParams::new(Odd::new(modulus).into_option()?);
    let exponent = BoxedUint::from_be_slice_vartime(exponent);
    let power = BoxedMontyForm::new(base, &params).pow(&exponent).retrieve();
    let bytes = power.to_be_bytes();
    Some(bytes[bytes.len() - length..].to_vec())
}

proptest! {
    #[test]
    fn powers_are_those_of_another_implementation(
        mut modulus in vec(any::<u8>(), 1..80),
        base in vec(any::<u8>(), 0..80),
        exponent in vec(any::<u8>(), 0..20),
    ) {
        let last = modulus.len() - 1;
        modulus[last] |= 1;
        prop_assume!(modulus.iter().any(|byte| *byte > 1));

        let ours = Modulus::new(&modulus).unwrap();

        let theirs = expected(&modulus, &base, &exponent);
        prop_assert_eq!(ours.power(&base, &exponent), theirs.clone());
        prop_assert_eq!(ours.secret_power(&base, &exponent), theirs);
    }
}

/// Numbers whose limbs are all ones carry at every step.
#[test]
fn the_largest_numbers_carry_as_they_should() {
    for length in 1..=40 {
        let modulus = vec![0xff; length];
        let mut base = modulus.clone();
        base[length - 1] = 0xfe;

        let ours = Modulus::new(&modulus).unwrap();

        for exponent in [&[1][..], &[2], &[3], &[1, 0, 1], &[0xff; 9]] {
            let theirs = expected(&modulus, &base, exponent);
            assert_eq!(ours.power(&base, exponent), theirs);
            assert_eq!(ours.secret_power(&base, exponent), theirs);
        }
    }
}

#[test]
fn a_modulus_is_odd_and_greater_than_one() {
    for refused in [&[][..], &[0], &[1], &[0, 0, 0, 0, 1], &[2], &[1, 0]] {
        assert!(Modulus::new(refused).is_none(), "{refused:?}");
    }
    assert_eq!(Modulus::new(&[0, 0, 0, 0, 0, 3]).unwrap().bits(), 2);
}

#[test]
fn a_base_as_large_as_the_modulus_is_refused() {
    let modulus = Modulus::new(&[0x01, 0x00, 0x01]).unwrap();
    for refused in [
        &[0x01, 0x00, 0x01][..],
        &[0xff, 0xff, 0xff, 0xff],
        &[1, 0, 0, 0, 0],
    ] {
        assert_eq!(modulus.power(refused, &[3]), None, "{refused:?}");
    }
    assert_eq!(
        modulus.power(&[0, 0, 0, 0, 0, 2], &[3]),
        Some(vec![0, 0, 8])
    );
}
