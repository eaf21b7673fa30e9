//! The groups of a user.

use super::guid::{self, Guid};
use super::guid_set;
use crate::fields::{FieldReader, FieldWriter};

/// Groups: those with other names as the provider lists them, then the GUIDs, sorted and each of them once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Groups {
    names: Vec<String>,
    guids: Vec<Guid>,
}

impl Groups {
    pub(super) fn add_name(&mut self, name: String) {
        self.names.push(name);
    }

    /// Adds a GUID at its place, which is the end when they come sorted.
    #[inline(never)]
    pub(super) fn add_guid(&mut self, guid: Guid) {
        if let Err(place) = self.guids.binary_search(&guid) {
            self.guids.insert(place, guid);
        }
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

    /// Names, random GUIDs, and those of other kinds.
    pub(super) fn write_fields(&self, fields: &mut FieldWriter) {
        let mut random = Vec::new();
        let mut others = Vec::new();
        for guid in &self.guids {
            match guid::random_bits(guid) {
                Some(bits) => random.push(bits),
                None => others.push(guid),
            }
        }
        fields.texts(&self.names);
        fields.count(random.len());
        fields.bytes(&guid_set::pack(&random));
        fields.count(others.len());
        for guid in others {
            fields.raw(guid);
        }
    }

    pub(super) fn read_fields(fields: &mut FieldReader<'_>) -> Option<Self> {
        let mut groups = Self {
            names: fields.texts()?,
            guids: Vec::new(),
        };
        let count = fields.count()?;
        for bits in guid_set::unpack(count, fields.bytes()?)? {
            groups.add_guid(guid::of_random_bits(bits));
        }
        for _ in 0..fields.count()? {
            groups.add_guid(fields.array()?);
        }
        Some(groups)
    }
}

impl FromIterator<String> for Groups {
    fn from_iter<T: IntoIterator<Item = String>>(names: T) -> Self {
        let mut groups = Self::default();
        for name in names {
            match guid::parse(&name) {
                Some(guid) => groups.add_guid(guid),
                None => groups.add_name(name),
            }
        }
        groups
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
    use crate::fields::{FieldReader, FieldWriter};

    fn written_and_read(groups: &Groups) -> Option<Groups> {
        let mut fields = FieldWriter::default();
        groups.write_fields(&mut fields);
        Groups::read_fields(&mut FieldReader::new(&fields.into_bytes()))
    }

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

        let unpacked = written_and_read(&groups).unwrap();
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
            let mut groups: Groups = names.into_iter().collect();
            guids.into_iter().for_each(|it| groups.add_guid(it));

            prop_assert_eq!(written_and_read(&groups), Some(groups));
        }
    }
}
