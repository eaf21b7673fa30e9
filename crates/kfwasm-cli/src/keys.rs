//! The key ring that seals sessions, as it is kept in the Secret.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use secrecy::{ExposeSecret as _, SecretString};

use crate::failure::Failure;
use crate::install::new_key;
use crate::object::Object;

/// Most keys that a gateway reads.
const MOST: usize = 8;

/// Keys in base64: the first seals, all open.
#[derive(Clone, Debug)]
pub(crate) struct KeyRing(Vec<SecretString>);

impl KeyRing {
    /// The ring in that field of the Secret.
    pub(crate) fn of(secret: &Object, field: &str) -> Option<Self> {
        let encoded = secret.get("/data")?.get(field)?.as_str()?;
        let text = String::from_utf8(BASE64_STANDARD.decode(encoded).ok()?).ok()?;
        let keys = text.split(|it: char| it == ',' || it.is_ascii_whitespace());
        let keys: Vec<SecretString> = keys
            .filter(|key| !key.is_empty())
            .map(SecretString::from)
            .collect();
        (!keys.is_empty()).then_some(Self(keys))
    }

    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// The two rings that bring a new key without signing anybody out: first all pods must open what it seals, then it
    /// seals. In the second, `keep` old keys are left.
    pub(crate) fn rotated(&self, keep: usize) -> Result<[Self; 2], Failure> {
        let new = SecretString::from(new_key()?);
        let old = self.0.iter().take(MOST.saturating_sub(1));
        let both = old.clone().chain([&new]).cloned().collect();
        let then = [&new].into_iter().chain(old.take(keep)).cloned().collect();
        Ok([Self(both), Self(then)])
    }

    /// As the field of the Secret has it.
    pub(crate) fn encoded(&self) -> String {
        let keys: Vec<&str> = self.0.iter().map(SecretString::expose_secret).collect();
        BASE64_STANDARD.encode(keys.join(","))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn ring(text: &str) -> Option<KeyRing> {
        let data = json!({"KEYS": BASE64_STANDARD.encode(text)});
        let secret = json!({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "kfwasm"}, "data": data});
        KeyRing::of(&Object::new(secret).unwrap(), "KEYS")
    }

    fn keys(ring: &KeyRing) -> Vec<&str> {
        ring.0.iter().map(SecretString::expose_secret).collect()
    }

    #[test]
    fn the_new_key_opens_everywhere_before_it_seals() {
        let old = ring("one,two\nthree\n").unwrap();
        let [both, then] = old.rotated(2).unwrap();
        let new = keys(&then)[0];
        assert_eq!(keys(&both), ["one", "two", "three", new]);
        assert_eq!(keys(&then), [new, "one", "two"]);
        assert_eq!(
            ring(&String::from_utf8(BASE64_STANDARD.decode(then.encoded()).unwrap()).unwrap())
                .unwrap()
                .len(),
            3
        );
    }

    #[test]
    fn a_ring_never_has_more_keys_than_a_gateway_reads() {
        let old = ring("1 2 3 4 5 6 7 8").unwrap();
        let [both, then] = old.rotated(99).unwrap();
        assert_eq!((both.len(), then.len()), (MOST, MOST));
        assert_eq!(keys(&both)[..7], keys(&then)[1..]);
    }

    #[test]
    fn no_ring_is_none_and_a_ring_is_not_shown() {
        assert!(ring("").is_none() && ring(" , ").is_none());
        assert!(!format!("{:?}", ring("one")).contains("one"));
    }
}
