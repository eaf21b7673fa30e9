//! To which root the current stream belongs. The ABI tells it when a stream begins, at the price of an entry into the virtual
//! machine for each request; Envoy tells it here where there are several roots.

use super::{call_foreign_function, set_property};

/// Lets Envoy know a property that can be set once in a stream of this root, which is the current one. False when it does
/// not; then no stream is of this root by [`is_of_root`].
///
/// Envoy keeps what is declared with the root (`declare_property`, whose argument is the protobuf message
/// `envoy.source.extensions.common.wasm.DeclarePropertyArguments`).
pub(crate) fn declare_root(root: u32) -> bool {
    let name = property(root);
    let mut argument = vec![NAME, name.len().to_le_bytes()[0]];
    argument.extend(name.as_bytes());
    argument.extend([READ_ONLY, 1]);
    call_foreign_function("declare_property", &argument).is_some()
}

/// Whether the current stream is of this root: whoever else sets the property may do it twice.
pub(crate) fn is_of_root(root: u32) -> bool {
    let name = property(root);
    set_property(&name, b"1") && !set_property(&name, b"1")
}

/// Field 1, a string.
const NAME: u8 = 1 << 3 | 2;
/// Field 2, a number.
const READ_ONLY: u8 = 2 << 3;

fn property(root: u32) -> String {
    let mut name = String::from("kfwasm_root_");
    for digit in root.to_be_bytes() {
        name.push(char::from(b'a' + (digit >> 4)));
        name.push(char::from(b'a' + (digit & 15)));
    }
    name
}
