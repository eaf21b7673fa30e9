use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};

use axum::Router;
use axum::body::to_bytes;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use tokio::net::TcpListener;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::oneshot;

use super::Received;
use super::answer::answer;
use crate::RigError;

const LARGEST_BODY: usize = 8 * 1024 * 1024;

/// A running upstream. It ends when this value is dropped.
#[derive(Debug)]
pub struct Upstream {
    address: SocketAddr,
    received: Arc<Mutex<Vec<Received>>>,
    alive: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Upstream {
    /// Listens on a free port of loopback.
    ///
    /// # Errors
    /// When the operating system gives no port or no thread.
    pub fn start() -> Result<Self, RigError> {
        Self::start_at(Ipv4Addr::LOCALHOST.into())
    }

    /// Listens on a free port of another address of this machine.
    ///
    /// # Errors
    /// As for [`Upstream::start`].
    pub fn start_at(address: IpAddr) -> Result<Self, RigError> {
        let runtime = Builder::new_current_thread()
            .enable_io()
            .build()
            .map_err(RigError::io("start the upstream"))?;
        let listener = runtime
            .block_on(TcpListener::bind((address, 0)))
            .map_err(RigError::io("listen as the upstream"))?;
        let address = listener
            .local_addr()
            .map_err(RigError::io("listen as the upstream"))?;
        let received = Arc::default();
        let (alive, dropped) = oneshot::channel();
        let thread = serve(runtime, listener, Arc::clone(&received), dropped);
        Ok(Self {
            address,
            received,
            alive: Some(alive),
            thread: Some(thread),
        })
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Every request that arrived so far.
    #[must_use]
    pub fn received(&self) -> Vec<Received> {
        self.received
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// The latest request that arrived.
    #[must_use]
    pub fn latest(&self) -> Option<Received> {
        self.received().pop()
    }
}

impl Drop for Upstream {
    fn drop(&mut self) {
        drop(self.alive.take());
        // It fails only if the upstream panicked, which its log has told.
        let _ = self.thread.take().map(JoinHandle::join);
    }
}

type Requests = Arc<Mutex<Vec<Received>>>;

fn serve(
    runtime: Runtime,
    listener: TcpListener,
    received: Requests,
    dropped: oneshot::Receiver<()>,
) -> JoinHandle<()> {
    let service = Router::new().fallback(move |request| receive(Arc::clone(&received), request));
    thread::spawn(move || {
        runtime.block_on(async {
            tokio::select! {
                // Only the loss of its listener ends it, and then every request fails visibly.
                _ = axum::serve(listener, service) => {}
                _ = dropped => {}
            }
        });
    })
}

async fn receive(received: Requests, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let Ok(body) = to_bytes(body, LARGEST_BODY).await else {
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    };
    let request = Received::new(&head, &body);
    let response = answer(&request);
    received
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .push(request);
    response
}
