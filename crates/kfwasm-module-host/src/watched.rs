//! Calls that are seen, and that fail on demand.

use wasmtime::{Extern, Linker, Module, Result, Store, Val, format_err};

use crate::world::{OK, World, read};

/// A call of the module to its host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// The function of the ABI, or of WASI.
    pub function: String,
    /// The arguments, places and lengths among them; 0 for those of 64 bits.
    pub arguments: Vec<u32>,
    /// The texts among the arguments, such as the name and value of a header.
    pub texts: Vec<Vec<u8>>,
    /// What the host returned.
    pub status: u32,
}

/// Which arguments of a function are the places of texts. Their lengths follow them.
const TEXTS: [(&str, &[usize]); 6] = [
    ("proxy_add_header_map_value", &[1, 3]),
    ("proxy_http_call", &[0, 2, 4]),
    ("proxy_remove_header_map_value", &[1]),
    ("proxy_replace_header_map_value", &[1, 3]),
    ("proxy_send_local_response", &[1, 3, 5]),
    ("proxy_set_property", &[0, 2]),
];

/// Puts something that notes each call, and lets it fail if it is to, before every function that the module imports.
pub(crate) fn watch(
    linker: &mut Linker<World>,
    module: &Module,
    store: &mut Store<World>,
) -> Result<()> {
    linker.allow_shadowing(true);
    for import in module.imports() {
        let original = linker
            .get_by_import(&mut *store, &import)
            .and_then(Extern::into_func)
            .ok_or_else(|| format_err!("the host has no function {}", import.name()))?;
        let function = import.name().to_owned();
        let texts = TEXTS.iter().find(|(name, _)| *name == function);
        let texts = texts.map_or(&[][..], |(_, places)| places);
        let kind = original.ty(&*store);
        linker.func_new(
            import.module(),
            import.name(),
            kind,
            move |mut caller, arguments, results| {
                let numbers = arguments.iter().map(|it| it.i32().unwrap_or_default());
                let numbers: Vec<u32> = numbers.map(i32::cast_unsigned).collect();
                let texts = texts.iter().filter_map(|place| {
                    Some(read(
                        &caller,
                        *numbers.get(*place)?,
                        *numbers.get(place + 1)?,
                    ))
                });
                let texts = texts.collect::<Result<_>>()?;
                match caller.data().statuses.get(&function) {
                    Some(status) => results.fill(Val::I32(status.cast_signed())),
                    None => original.call(&mut caller, arguments, results)?,
                }
                let status = results.first().and_then(Val::i32);
                caller.data_mut().calls.push(Call {
                    function: function.clone(),
                    arguments: numbers,
                    texts,
                    status: status.map_or(OK, i32::cast_unsigned),
                });
                Ok(())
            },
        )?;
    }
    Ok(())
}
