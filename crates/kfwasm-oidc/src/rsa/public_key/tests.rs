//! What a sound key is.

use super::RsaPublicKey;

fn modulus(bits: usize) -> Vec<u8> {
    let mut bytes = vec![0xff; bits.div_ceil(8)];
    bytes[0] = 0xff >> (8 * bytes.len() - bits);
    bytes
}

#[test]
fn a_modulus_has_2048_to_8192_bits() {
    for (bits, is_sound) in [
        (2047, false),
        (2048, true),
        (2049, true),
        (8192, true),
        (8193, false),
    ] {
        assert_eq!(
            RsaPublicKey::new(&modulus(bits), &[3]).is_some(),
            is_sound,
            "{bits}"
        );
    }
}

#[test]
fn an_exponent_is_odd_and_from_3_to_33_bits() {
    let sound: [&[u8]; 4] = [
        &[3],
        &[1, 0, 1],
        &[0, 0, 0, 0, 0, 1, 0, 1],
        &[1, 0xff, 0xff, 0xff, 0xff],
    ];
    let unsound: [&[u8]; 5] = [&[], &[0], &[1], &[4], &[2, 0, 0, 0, 1]];
    for exponent in sound {
        assert!(
            RsaPublicKey::new(&modulus(2048), exponent).is_some(),
            "{exponent:?}"
        );
    }
    for exponent in unsound {
        assert!(
            RsaPublicKey::new(&modulus(2048), exponent).is_none(),
            "{exponent:?}"
        );
    }
}
