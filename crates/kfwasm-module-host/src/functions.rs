//! The host's functions.

use std::sync::Arc;

use wasmtime::{Caller, Engine, Linker, Module, Result, Store};

use crate::world::{NOT_FOUND, OK, World, give, write, write_size};

/// Lines below this level are not written.
const INFO: u32 = 2;
/// The host's numbers for what it hands over.
const CALLOUT_RESPONSE_HEADERS: u32 = 6;
const CALLOUT_RESPONSE_BODY: u32 = 4;

/// The host's functions. Those that are not named here do nothing and say that all is well.
pub(crate) fn linker(
    engine: &Engine,
    module: &Module,
    store: &mut Store<World>,
) -> Result<Linker<World>> {
    let mut linker = Linker::new(engine);
    linker.func_wrap(
        "env",
        "proxy_get_log_level",
        |mut caller: Caller<'_, World>, level: u32| write(&mut caller, level, &INFO.to_le_bytes()),
    )?;
    linker.func_wrap(
        "env",
        "proxy_get_current_time_nanoseconds",
        |mut caller: Caller<'_, World>, time: u32| {
            let now = caller.data().now.to_le_bytes();
            write(&mut caller, time, &now)
        },
    )?;
    linker.func_wrap(
        "env",
        "proxy_get_header_map_pairs",
        |mut caller: Caller<'_, World>, map: u32, data: u32, size: u32| {
            let headers = match map {
                CALLOUT_RESPONSE_HEADERS => Arc::clone(&caller.data().response.0),
                _ => Arc::clone(&caller.data().headers),
            };
            give(&mut caller, &headers, data, size)
        },
    )?;
    linker.func_wrap(
        "env",
        "proxy_get_buffer_bytes",
        |mut caller: Caller<'_, World>, buffer: u32, _: u32, _: u32, data: u32, size: u32| {
            let bytes = match buffer {
                CALLOUT_RESPONSE_BODY => Arc::clone(&caller.data().response.1),
                _ => Arc::clone(&caller.data().configuration),
            };
            give(&mut caller, &bytes, data, size)
        },
    )?;
    linker.func_wrap("env", "proxy_http_call", http_call)?;
    // No request has ended (`request.duration`).
    linker.func_wrap(
        "env",
        "proxy_get_property",
        |_: u32, _: u32, _: u32, _: u32| NOT_FOUND,
    )?;
    linker.func_wrap(
        "env",
        "proxy_get_shared_data",
        |_: u32, _: u32, _: u32, _: u32, _: u32| NOT_FOUND,
    )?;
    linker.func_wrap(
        "env",
        "proxy_call_foreign_function",
        |_: u32, _: u32, _: u32, _: u32, _: u32, _: u32| NOT_FOUND,
    )?;
    wasi(&mut linker)?;
    linker.define_unknown_imports_as_default_values(&mut *store, module)?;
    Ok(linker)
}

/// The environment and random bytes, by WASI.
fn wasi(linker: &mut Linker<World>) -> Result<()> {
    const WASI: &str = "wasi_snapshot_preview1";
    linker.func_wrap(
        WASI,
        "environ_sizes_get",
        |mut caller: Caller<'_, World>, count: u32, size: u32| {
            let environment = Arc::clone(&caller.data().environment);
            let bytes: usize = environment.iter().map(|it| it.len() + 1).sum();
            write_size(&mut caller, count, environment.len())?;
            write_size(&mut caller, size, bytes)
        },
    )?;
    linker.func_wrap(
        WASI,
        "environ_get",
        |mut caller: Caller<'_, World>, mut places: u32, mut text: u32| {
            for variable in caller.data().environment.clone().iter() {
                write(&mut caller, places, &text.to_le_bytes())?;
                write(&mut caller, text, format!("{variable}\0").as_bytes())?;
                places += 4;
                text += u32::try_from(variable.len() + 1)?;
            }
            Ok(OK)
        },
    )?;
    linker.func_wrap(
        WASI,
        "random_get",
        |mut caller: Caller<'_, World>, place: u32, size: u32| {
            let data = caller.data_mut();
            data.random = data.random.wrapping_add(1);
            let bytes = vec![data.random; usize::try_from(size)?];
            write(&mut caller, place, &bytes)
        },
    )?;
    Ok(())
}

/// Takes a request to be sent, and gives it the next token. What is sent can be seen where calls are watched.
#[expect(clippy::too_many_arguments, reason = "so many has the ABI's function")]
fn http_call(
    mut caller: Caller<'_, World>,
    _cluster: u32,
    _cluster_size: u32,
    _headers: u32,
    _headers_size: u32,
    _body: u32,
    _body_size: u32,
    _trailers: u32,
    _trailers_size: u32,
    _timeout: u32,
    token: u32,
) -> Result<u32> {
    let world = caller.data_mut();
    world.token += 1;
    let next = world.token.to_le_bytes();
    write(&mut caller, token, &next)
}
