//! The fields of records that are sealed, one behind the other.
//!
//! They are written as postcard writes them: numbers in 7 bits a byte, the lowest first, and texts behind their length. By hand,
//! because derived code for each record takes ten times the room in the module.

/// Writes fields.
#[derive(Default)]
pub(crate) struct FieldWriter(Vec<u8>);

/// Reads them in the same order. Whatever does not fit is `None`.
pub(crate) struct FieldReader<'a>(&'a [u8]);

impl FieldWriter {
    #[inline(never)]
    pub(crate) fn byte(&mut self, byte: u8) {
        self.0.push(byte);
    }

    #[inline(never)]
    pub(crate) fn number(&mut self, mut number: u64) {
        loop {
            let [lowest, ..] = number.to_le_bytes();
            number >>= 7;
            if number == 0 {
                return self.byte(lowest & 0x7F);
            }
            self.byte(lowest | 0x80);
        }
    }

    /// Bytes whose number is known to the reader.
    #[inline(never)]
    pub(crate) fn raw(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(bytes);
    }

    #[inline(never)]
    pub(crate) fn bytes(&mut self, bytes: &[u8]) {
        self.count(bytes.len());
        self.raw(bytes);
    }

    /// How many fields of a kind follow.
    pub(crate) fn count(&mut self, count: usize) {
        self.number(u64::try_from(count).unwrap_or(u64::MAX));
    }

    pub(crate) fn text(&mut self, text: &str) {
        self.bytes(text.as_bytes());
    }

    #[inline(never)]
    pub(crate) fn texts(&mut self, texts: &[String]) {
        self.count(texts.len());
        for text in texts {
            self.text(text);
        }
    }

    #[inline(never)]
    pub(crate) fn optional_number(&mut self, number: Option<u64>) {
        self.byte(u8::from(number.is_some()));
        if let Some(number) = number {
            self.number(number);
        }
    }

    pub(crate) fn into_bytes(self) -> Vec<u8> {
        self.0
    }
}

impl<'a> FieldReader<'a> {
    pub(crate) const fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    #[inline(never)]
    pub(crate) fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*first)
    }

    /// Whether an optional field is there.
    pub(crate) fn flag(&mut self) -> Option<bool> {
        match self.byte()? {
            0 => Some(false),
            1 => Some(true),
            _ => None,
        }
    }

    #[inline(never)]
    pub(crate) fn number(&mut self) -> Option<u64> {
        let mut number: u64 = 0;
        for shift in (0..70).step_by(7) {
            let byte = self.byte()?;
            let bits = u64::from(byte & 0x7F);
            let shifted = bits.checked_shl(shift)?;
            if shifted >> shift != bits {
                return None;
            }
            number |= shifted;
            if byte & 0x80 == 0 {
                return Some(number);
            }
        }
        None
    }

    #[inline(never)]
    pub(crate) fn raw(&mut self, count: usize) -> Option<&'a [u8]> {
        let (bytes, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(bytes)
    }

    pub(crate) fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        self.raw(N)?.try_into().ok()
    }

    #[inline(never)]
    pub(crate) fn count(&mut self) -> Option<usize> {
        usize::try_from(self.number()?).ok()
    }

    #[inline(never)]
    pub(crate) fn bytes(&mut self) -> Option<&'a [u8]> {
        let count = self.count()?;
        self.raw(count)
    }

    #[inline(never)]
    pub(crate) fn text(&mut self) -> Option<String> {
        let text = core::str::from_utf8(self.bytes()?).ok()?;
        Some(text.to_owned())
    }

    #[inline(never)]
    pub(crate) fn texts(&mut self) -> Option<Vec<String>> {
        let count = self.count()?;
        let mut texts = Vec::new();
        for _ in 0..count {
            texts.push(self.text()?);
        }
        Some(texts)
    }

    #[inline(never)]
    pub(crate) fn optional_number(&mut self) -> Option<Option<u64>> {
        match self.flag()? {
            true => self.number().map(Some),
            false => Some(None),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{FieldReader, FieldWriter};

    type Record = (u64, String, Vec<String>, Option<u64>, Vec<u8>);

    fn write((number, text, texts, optional, bytes): &Record) -> Vec<u8> {
        let mut writer = FieldWriter::default();
        writer.number(*number);
        writer.text(text);
        writer.texts(texts);
        writer.optional_number(*optional);
        writer.bytes(bytes);
        writer.into_bytes()
    }

    fn read(bytes: &[u8]) -> Option<Record> {
        let mut reader = FieldReader::new(bytes);
        Some((
            reader.number()?,
            reader.text()?,
            reader.texts()?,
            reader.optional_number()?,
            reader.bytes()?.to_vec(),
        ))
    }

    proptest! {
        #[test]
        fn fields_are_written_as_postcard_writes_them_and_come_back(record in any::<Record>()) {
            let written = write(&record);

            prop_assert_eq!(&written, &postcard::to_allocvec(&record).unwrap());
            prop_assert_eq!(read(&written), Some(record));
        }

        #[test]
        fn no_bytes_make_it_panic(bytes in any::<Vec<u8>>()) {
            read(&bytes);
        }
    }

    #[test]
    fn a_number_that_is_too_large_is_none() {
        for bytes in [[0xFF; 10], [0x80; 10]] {
            assert_eq!(FieldReader::new(&bytes).number(), None);
        }
    }
}
