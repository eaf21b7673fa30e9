//! The groups of a user.

use serde::{Deserialize, Serialize};

use super::guid::{self, Guid};
use super::guid_set;

/// Groups: those with other names as the provider lists them, then the GUIDs, sorted and each of them once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Groups {
    names: Vec<String>,
    guids: Vec<Guid>,
}

/// Groups as they stand in a cookie.
#[derive(Serialize, Deserialize)]
pub(super) struct PackedGroups {
    names: Vec<String>,
    /// How many random GUIDs there are, and the bits that tell them.
    random: (usize, Vec<u8>),
    /// GUIDs of other kinds.
    others: Vec<Guid>,
}

impl Groups {
    pub(super) fn of(names: Vec<String>, mut guids: Vec<Guid>) -> Self {
        guids.sort_unstable();
        guids.dedup();
        Self { names, guids }
    }

    /// Writes the groups behind `text`, separated by commas.
    pub(crate) fn write_to(&self, text: &mut Vec<u8>) {
        for name in &self.names {
            separate(text);
            text.extend_from_slice(name.as_bytes());
        }
        for guid in &self.guids {
            separate(text);
            guid::write(guid, text);
        }
    }

    pub(super) fn pack(&self) -> PackedGroups {
        let mut random = Vec::new();
        let mut others = Vec::new();
        for guid in &self.guids {
            match guid::random_bits(guid) {
                Some(bits) => random.push(bits),
                None => others.push(*guid),
            }
        }
        PackedGroups {
            names: self.names.clone(),
            random: (random.len(), guid_set::pack(&random)),
            others,
        }
    }
}

impl FromIterator<String> for Groups {
    fn from_iter<T: IntoIterator<Item = String>>(groups: T) -> Self {
        let mut names = Vec::new();
        let mut guids = Vec::new();
        for group in groups {
            match guid::parse(&group) {
                Some(guid) => guids.push(guid),
                None => names.push(group),
            }
        }
        Self::of(names, guids)
    }
}

impl PackedGroups {
    pub(super) fn unpack(self) -> Option<Groups> {
        let (count, bits) = self.random;
        let random = guid_set::unpack(count, &bits)?.into_iter();
        let guids = random.map(guid::of_random_bits).chain(self.others);
        Some(Groups::of(self.names, guids.collect()))
    }
}

fn separate(text: &mut Vec<u8>) {
    if !text.is_empty() {
        text.push(b',');
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Groups;

    #[test]
    fn every_kind_of_group_comes_back() {
        let names = [
            "data-science",
            "0f8fad5b-d9cb-469f-a165-70867728950e",
            "0F8FAD5B-D9CB-469F-A165-70867728950E",
            "0f8fad5b-d9cb-169f-a165-70867728950e",
            "0f8fad5b-d9cb-469f-a165-70867728950e",
        ];
        let groups: Groups = names.iter().map(|&it| it.to_owned()).collect();

        let unpacked = groups.pack().unpack().unwrap();
        let mut text = Vec::new();
        unpacked.write_to(&mut text);

        assert_eq!(unpacked, groups);
        assert_eq!(
            String::from_utf8(text).unwrap(),
            "data-science,0F8FAD5B-D9CB-469F-A165-70867728950E,0f8fad5b-d9cb-169f-a165-70867728950e,0f8fad5b-d9cb-469f-a165-70867728950e"
        );
    }

    proptest! {
        #[test]
        fn packed_groups_come_back(names in proptest::collection::vec("[a-z-]{1,12}", 0..5), guids in any::<Vec<[u8; 16]>>()) {
            let groups = Groups::of(names, guids);

            prop_assert_eq!(groups.pack().unpack(), Some(groups));
        }
    }
}
