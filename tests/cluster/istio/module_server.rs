use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::{fs, thread};

use kfwasm_rig::{Parts, RigError};

/// Where agents fetch the module by HTTP.
pub(super) struct ModuleServer {
    address: SocketAddr,
    refused: Arc<AtomicBool>,
}

impl ModuleServer {
    pub(super) fn start() -> Result<Self, RigError> {
        let file = Parts::from_environment()?.module;
        let module = fs::read(file).map_err(RigError::io("read the module"))?;
        let listener = TcpListener::bind("127.0.0.1:0").map_err(RigError::io("listen"))?;
        let address = listener.local_addr().map_err(RigError::io("listen"))?;
        let refused = Arc::new(AtomicBool::new(false));
        let refuses = Arc::clone(&refused);
        thread::spawn(move || {
            for mut stream in listener.incoming().flatten() {
                let _ = stream.read(&mut [0; 4096]);
                let (status, body) = match refuses.load(Ordering::Relaxed) {
                    true => ("404 Not Found", [].as_slice()),
                    false => ("200 OK", module.as_slice()),
                };
                let length = body.len();
                let head = format!(
                    "HTTP/1.1 {status}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n"
                );
                let _ = stream.write_all(head.as_bytes());
                let _ = stream.write_all(body);
            }
        });
        Ok(Self { address, refused })
    }

    /// Where the module is.
    pub(super) fn url(&self) -> String {
        format!("http://{}/kfwasm.wasm", self.address)
    }

    /// Whether whoever asks for it gets 404.
    pub(super) fn refuse(&self, refuses: bool) {
        self.refused.store(refuses, Ordering::Relaxed);
    }
}
