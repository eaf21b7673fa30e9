//! Against the `rsa` crate.

use rsa::pkcs8::DecodePrivateKey as _;
use sha2::Sha256;

use super::RsaSigningKey;
use crate::provider::PrivateKeyInfo;

const MESSAGE: &[u8] = b"header.payload";

/// The key of `pem` here and in the `rsa` crate, and how long its signatures are in bytes.
fn keys() -> [(RsaSigningKey, rsa::PrivateKey, usize); 2] {
    [
        (
            include_str!("../../../tests/id_token/keys/rsa-2048.pem"),
            256,
        ),
        (
            include_str!("../../../tests/id_token/keys/rsa-2049.pem"),
            257,
        ),
    ]
    .map(|(pem, length)| {
        let info = PrivateKeyInfo::from_pem(pem.as_bytes()).ok().unwrap();
        let ours = info.rsa().unwrap().key().unwrap();
        (ours, rsa::PrivateKey::from_pkcs8_pem(pem).unwrap(), length)
    })
}

#[test]
fn a_pkcs1_signature_is_the_one_that_the_rsa_crate_makes() {
    for (ours, theirs, length) in keys() {
        let signature = ours.sign_pkcs1_v1_5(MESSAGE).unwrap();

        assert_eq!(signature.len(), length);
        assert_eq!(signature, theirs.pkcs1v15_sign::<Sha256>(MESSAGE).unwrap());
    }
}

/// With 2049 bits the encoded message is a byte shorter than the signature.
#[test]
fn a_pss_signature_is_accepted_by_the_rsa_crate() {
    for (ours, theirs, length) in keys() {
        let public = theirs.to_public_key();
        for salt in 0..16 {
            let signature = ours.sign_pss(MESSAGE, &[salt; 32]).unwrap();

            assert_eq!(signature.len(), length);
            assert_eq!(public.pss_verify::<Sha256>(MESSAGE, &signature), Ok(()));
        }
    }
}
