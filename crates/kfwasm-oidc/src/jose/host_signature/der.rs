//! Distinguished Encoding Rules, as far as a key and a signature need them (X.690 §8 and §10).

const INTEGER: u8 = 0x02;
const BIT_STRING: u8 = 0x03;
const SEQUENCE: u8 = 0x30;

/// A number of big-endian octets, not negative (X.690 §8.3): no more octets than it needs.
pub(super) fn integer(octets: &[u8]) -> Vec<u8> {
    let zeros = octets.iter().take_while(|octet| **octet == 0).count();
    let significant = octets.get(zeros..).unwrap_or_default();
    let sign = match significant.first() {
        Some(first) if *first < 0x80 => &[][..],
        _ => &[0],
    };
    element(INTEGER, &[sign, significant])
}

/// Whole octets (X.690 §8.6).
pub(super) fn bit_string(octets: &[u8]) -> Vec<u8> {
    element(BIT_STRING, &[&[0], octets])
}

/// Elements in order.
pub(super) fn sequence(elements: &[Vec<u8>]) -> Vec<u8> {
    let parts: Vec<&[u8]> = elements.iter().map(Vec::as_slice).collect();
    element(SEQUENCE, &parts)
}

fn element(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let content = parts.concat();
    let octets = content.len().to_be_bytes();
    let zeros = octets.iter().take_while(|octet| **octet == 0).count();
    let length = octets.get(zeros..).unwrap_or_default();
    let mut encoded = vec![tag];
    match length {
        [] => encoded.push(0),
        [short] if *short < 0x80 => encoded.push(*short),
        // At most eight octets.
        long => {
            encoded.push(0x80 | u8::try_from(long.len()).unwrap_or_default());
            encoded.extend_from_slice(long);
        }
    }
    encoded.extend(content);
    encoded
}
