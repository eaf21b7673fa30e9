//! A module that runs, and what it is told.

use std::path::Path;

use wasmtime::{
    Engine, Instance, Linker, Module, Result, Store, TypedFunc, WasmParams, WasmResults, bail,
    format_err,
};

use crate::functions;
use crate::watched::{self, Call};
use crate::world::{Inside, OK, World};

/// The number of the root that [`Host::start`] configures. Streams have the numbers after it.
pub const ROOT: u32 = 1;

/// A module that runs.
pub struct Host {
    store: Store<World>,
    instance: Instance,
    on_request_headers: TypedFunc<(u32, u32, u32), u32>,
    on_response_headers: TypedFunc<(u32, u32, u32), u32>,
    streams: u32,
}

/// Changes the host's functions before the module gets them.
type Change = fn(&mut Linker<World>, &Module, &mut Store<World>) -> Result<()>;

impl Host {
    /// Starts a module under a configuration, with variables of the environment, at a time in seconds since the epoch that
    /// does not pass.
    ///
    /// # Errors
    /// The file is no module, or the module traps or refuses the configuration.
    pub fn start(
        file: &Path,
        configuration: &str,
        environment: &[(&str, &str)],
        now: u64,
    ) -> Result<Self> {
        let engine = Engine::default();
        let module = Module::from_file(&engine, file)?;
        let mut host = Self::begin(&engine, &module, environment, now, |_, _, _| Ok(()))?;
        match host.configure(ROOT, configuration)? {
            true => Ok(host),
            false => bail!("the module refused its configuration"),
        }
    }

    /// Starts a module whose calls are kept for [`Host::take_calls`] and fail by [`Host::fail`]. It has no configuration yet.
    ///
    /// # Errors
    /// The module imports what this host does not have, or traps.
    pub fn watched(
        engine: &Engine,
        module: &Module,
        environment: &[(&str, &str)],
        now: u64,
    ) -> Result<Self> {
        Self::begin(engine, module, environment, now, watched::watch)
    }

    fn begin(
        engine: &Engine,
        module: &Module,
        environment: &[(&str, &str)],
        now: u64,
        change: Change,
    ) -> Result<Self> {
        let environment = environment.iter().map(|(name, it)| format!("{name}={it}"));
        let world = World {
            environment: environment.collect(),
            now: now.saturating_mul(1_000_000_000),
            ..World::default()
        };
        let mut store = Store::new(engine, world);
        let mut linker = functions::linker(engine, module, &mut store)?;
        change(&mut linker, module, &mut store)?;
        let instance = linker.instantiate(&mut store, module)?;
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
            instance,
            streams: ROOT,
        };
        host.call::<_, ()>("_initialize", ())?;
        Ok(host)
    }

    fn call<P: WasmParams, R: WasmResults>(&mut self, event: &str, arguments: P) -> Result<R> {
        let function = self.instance.get_typed_func(&mut self.store, event)?;
        function.call(&mut self.store, arguments)
    }

    /// Gives a root a configuration; whether the module takes it.
    ///
    /// # Errors
    /// The module traps.
    pub fn configure(&mut self, root: u32, configuration: &str) -> Result<bool> {
        self.store.data_mut().configuration = configuration.as_bytes().into();
        let size = u32::try_from(configuration.len())?;
        let taken: u32 = self.call("proxy_on_configure", (root, size))?;
        Ok(taken != 0)
    }

    /// The life of a request from its headers to its end; whether it was let through.
    ///
    /// # Errors
    /// The module traps.
    pub fn request(&mut self, headers: &[u8]) -> Result<bool> {
        let passes = self.begin_request(headers)?;
        if passes {
            self.response_headers(self.streams)?;
        }
        Ok(passes)
    }

    /// Begins a request with these headers, serialized; whether it was let through at once.
    ///
    /// # Errors
    /// The module traps.
    pub fn begin_request(&mut self, headers: &[u8]) -> Result<bool> {
        self.streams += 1;
        self.store.data_mut().headers = headers.into();
        let (stream, store) = (self.streams, &mut self.store);
        Ok(self.on_request_headers.call(store, (stream, 0, 1))? == OK)
    }

    /// Tells of the headers of a stream's response; whether they go on.
    ///
    /// # Errors
    /// The module traps.
    pub fn response_headers(&mut self, stream: u32) -> Result<bool> {
        let store = &mut self.store;
        Ok(self.on_response_headers.call(store, (stream, 0, 1))? == OK)
    }

    /// Tells of the response to the callout with this token: its headers, serialized, how many they are said to be, and its
    /// body.
    ///
    /// # Errors
    /// The module traps.
    pub fn callout_response(
        &mut self,
        token: u32,
        headers: &[u8],
        count: u32,
        body: &[u8],
    ) -> Result<()> {
        self.store.data_mut().response = (headers.into(), body.into());
        let size = u32::try_from(body.len())?;
        let event = "proxy_on_http_call_response";
        self.call(event, (ROOT, token, count, size, 0_u32))
    }

    /// Lets a root do what it does each second.
    ///
    /// # Errors
    /// The module traps.
    pub fn tick(&mut self, root: u32) -> Result<()> {
        self.call("proxy_on_tick", root)
    }

    /// From now on a function of the host does nothing but return this status.
    pub fn fail(&mut self, function: &str, status: u32) {
        let statuses = &mut self.store.data_mut().statuses;
        statuses.insert(function.to_owned(), status);
    }

    /// From now on every function does again what it should.
    pub fn heal(&mut self) {
        self.store.data_mut().statuses.clear();
    }

    /// What the module has called since it was asked last, in order.
    pub fn take_calls(&mut self) -> Vec<Call> {
        core::mem::take(&mut self.store.data_mut().calls)
    }
}
