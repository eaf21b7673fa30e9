//! A proxy-wasm host (ABI 0.2.1), as much of it as a request that is let through needs.

use std::path::Path;
use std::sync::Arc;

use wasmtime::{
    Caller, Engine, Linker, Memory, Module, Result, Store, TypedFunc, bail, format_err,
};

const OK: u32 = 0;
const NOT_FOUND: u32 = 1;
/// Lines below this level are not written.
const INFO: u32 = 2;
const ROOT: u32 = 1;

/// What the module may ask for.
struct World {
    configuration: Arc<[u8]>,
    /// `NAME=VALUE` of each variable.
    environment: Arc<[String]>,
    /// In nanoseconds since the epoch.
    now: u64,
    /// The request's headers, serialized.
    headers: Arc<[u8]>,
    random: u8,
    inside: Option<Inside>,
}

/// What the host uses of the module while the module calls it.
#[derive(Clone)]
struct Inside {
    memory: Memory,
    allocate: TypedFunc<u32, u32>,
}

/// A module that runs.
pub(crate) struct Host {
    store: Store<World>,
    on_request_headers: TypedFunc<(u32, u32, u32), u32>,
    on_response_headers: TypedFunc<(u32, u32, u32), u32>,
    streams: u32,
}

impl Host {
    /// Starts a module under a configuration, at a time in seconds since the epoch that does not pass.
    pub(crate) fn start(
        file: &Path,
        configuration: &str,
        environment: &[(&str, &str)],
        now: u64,
    ) -> Result<Self> {
        let engine = Engine::default();
        let module = Module::from_file(&engine, file)?;
        let environment = environment.iter().map(|(name, it)| format!("{name}={it}"));
        let world = World {
            configuration: configuration.as_bytes().into(),
            environment: environment.collect(),
            now: now.saturating_mul(1_000_000_000),
            headers: Arc::default(),
            random: 0,
            inside: None,
        };
        let mut store = Store::new(&engine, world);
        let instance = linker(&engine, &module, &mut store)?.instantiate(&mut store, &module)?;
        let memory = instance.get_memory(&mut store, "memory");
        store.data_mut().inside = Some(Inside {
            memory: memory.ok_or_else(|| format_err!("the module has no memory"))?,
            allocate: instance.get_typed_func(&mut store, "proxy_on_memory_allocate")?,
        });
        let mut host = Self {
            on_request_headers: instance.get_typed_func(&mut store, "proxy_on_request_headers")?,
            on_response_headers: instance
                .get_typed_func(&mut store, "proxy_on_response_headers")?,
            store,
            streams: ROOT,
        };
        let initialize: TypedFunc<(), ()> =
            instance.get_typed_func(&mut host.store, "_initialize")?;
        let configure: TypedFunc<(u32, u32), u32> =
            instance.get_typed_func(&mut host.store, "proxy_on_configure")?;
        initialize.call(&mut host.store, ())?;
        let size = u32::try_from(configuration.len())?;
        match configure.call(&mut host.store, (ROOT, size))? {
            0 => bail!("the module refused its configuration"),
            _ => Ok(host),
        }
    }

    /// The life of a request from its headers to its end; whether it was let through.
    pub(crate) fn request(&mut self, headers: &[u8]) -> Result<bool> {
        self.streams += 1;
        self.store.data_mut().headers = headers.into();
        let (stream, store) = (self.streams, &mut self.store);
        let passes = self.on_request_headers.call(&mut *store, (stream, 0, 1))? == OK;
        if passes {
            self.on_response_headers.call(&mut *store, (stream, 0, 1))?;
        }
        Ok(passes)
    }
}

/// The host's functions. Those that are not named here do nothing and say that all is well.
fn linker(engine: &Engine, module: &Module, store: &mut Store<World>) -> Result<Linker<World>> {
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
        |mut caller: Caller<'_, World>, _map: u32, data: u32, size: u32| {
            let headers = Arc::clone(&caller.data().headers);
            give(&mut caller, &headers, data, size)
        },
    )?;
    linker.func_wrap(
        "env",
        "proxy_get_buffer_bytes",
        |mut caller: Caller<'_, World>, _: u32, _: u32, _: u32, data: u32, size: u32| {
            let configuration = Arc::clone(&caller.data().configuration);
            give(&mut caller, &configuration, data, size)
        },
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

/// Puts bytes into memory that the module allocates for them, and tells it where.
fn give(caller: &mut Caller<'_, World>, bytes: &[u8], data: u32, size: u32) -> Result<u32> {
    let Inside { allocate, .. } = inside(caller)?;
    let place = allocate.call(&mut *caller, u32::try_from(bytes.len())?)?;
    write(caller, place, bytes)?;
    write(caller, data, &place.to_le_bytes())?;
    write_size(caller, size, bytes.len())
}

fn write_size(caller: &mut Caller<'_, World>, place: u32, size: usize) -> Result<u32> {
    write(caller, place, &u32::try_from(size)?.to_le_bytes())
}

fn write(caller: &mut Caller<'_, World>, place: u32, bytes: &[u8]) -> Result<u32> {
    let Inside { memory, .. } = inside(caller)?;
    memory.write(caller, usize::try_from(place)?, bytes)?;
    Ok(OK)
}

fn inside(caller: &Caller<'_, World>) -> Result<Inside> {
    let inside = caller.data().inside.clone();
    inside.ok_or_else(|| format_err!("the module calls before it is initialized"))
}
