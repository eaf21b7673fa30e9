use std::net::{IpAddr, UdpSocket};

use kfwasm_rig::RigError;

/// An address of this machine that is not loopback: Kubernetes takes no other for a pod. Nothing is sent to find it.
///
/// # Errors
/// When the machine has none.
pub fn own_address() -> Result<IpAddr, RigError> {
    let doing = || RigError::io("find an address of this machine");
    let socket = UdpSocket::bind("0.0.0.0:0").map_err(doing())?;
    let found = socket
        .connect("192.0.2.1:9")
        .and_then(|()| socket.local_addr());
    Ok(found.map_err(doing())?.ip())
}
