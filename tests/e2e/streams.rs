//! Streams that last, such as those of a notebook's kernel.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::thread;

use kfwasm_rig::{Gateway, RigError, UserAgent, wait_until};
use serde_json::json;

use crate::own_gateway::{OwnGateway, plugin};
use crate::stage::{PATIENCE, Shown};

/// An upstream that switches to whatever protocol it is asked for, and then repeats what it gets.
pub(crate) fn repeating_upstream() -> Result<SocketAddr, RigError> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).map_err(io)?;
    let address = listener.local_addr().map_err(io)?;
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            thread::spawn(move || repeat(stream));
        }
    });
    Ok(address)
}

fn repeat(stream: TcpStream) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut stream = stream;
    let head = head(&mut reader)?;
    if !head.to_ascii_lowercase().contains("upgrade: websocket") {
        return stream
            .write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
    }
    stream.write_all(
        b"HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n",
    )?;
    std::io::copy(&mut reader, &mut stream).map(drop)
}

fn head(reader: &mut impl BufRead) -> std::io::Result<String> {
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        if reader.read_line(&mut head)? == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
    }
    Ok(head)
}

fn io(error: std::io::Error) -> RigError {
    RigError::io("talk through the gateway")(error)
}

/// A WebSocket through the gateway, as far as its bytes.
pub(crate) struct Stream(BufReader<TcpStream>);

impl Stream {
    /// Opens it with the cookies of a browser; shows the head of the response too.
    pub(crate) fn open(gateway: &Gateway, cookies: &str) -> Result<(Self, String), RigError> {
        let stream = TcpStream::connect((Ipv4Addr::LOCALHOST, gateway.port())).map_err(io)?;
        stream.set_read_timeout(Some(PATIENCE)).map_err(io)?;
        let request = [
            "GET /notebook/kernel HTTP/1.1\r\nhost: ",
            &gateway.authority(),
            "\r\nconnection: upgrade\r\nupgrade: websocket\r\ncookie: ",
            cookies,
            "\r\n\r\n",
        ];
        (&stream)
            .write_all(request.concat().as_bytes())
            .map_err(io)?;
        let mut stream = Self(BufReader::new(stream));
        let head = head(&mut stream.0).map_err(io)?;
        Ok((stream, head))
    }

    pub(crate) fn assert_repeats(&mut self, text: &str) -> Shown {
        self.0.get_mut().write_all(text.as_bytes()).map_err(io)?;
        let mut back = vec![0; text.len()];
        self.0.read_exact(&mut back).map_err(io)?;
        assert_eq!(back, text.as_bytes());
        Ok(())
    }
}

pub(crate) fn cookies(browser: &UserAgent, gateway: &Gateway) -> String {
    let value = |name: &String| browser.cookie(&gateway.address(), name);
    let names = browser.cookie_names().into_iter();
    let pairs = names.filter_map(|name| Some(format!("{name}={}", value(&name)?)));
    pairs.collect::<Vec<_>>().join("; ")
}

/// A gateway whose sessions are refreshed each second, before an upstream that repeats what a stream brings.
fn refreshing() -> Result<OwnGateway, RigError> {
    let mut own = OwnGateway::prepare_with(|provider| {
        provider.refresh_tokens = true;
        provider.token_seconds = 1;
    })?;
    own.settings.upstream = repeating_upstream()?;
    own.settings.plugin["session"]["refresh"] = json!(true);
    Ok(own)
}

#[test]
fn a_stream_outlives_refreshes_of_its_session_and_pushes_of_the_configuration() -> Shown {
    let own = refreshing()?;
    let mut gateway = own.start()?;
    let mut alice = UserAgent::new();
    assert_eq!(alice.sign_in(&gateway.address(), "alice")?.status, 200);

    let (mut stream, head) = Stream::open(&gateway, &cookies(&alice, &gateway))?;
    assert!(head.starts_with("HTTP/1.1 101 "), "{head}");
    stream.assert_repeats("before")?;

    wait_until("a refresh", PATIENCE, || {
        let page = alice.visit(&gateway.address()).ok()?;
        let cookies = page.all("set-cookie");
        (!cookies.is_empty()).then_some(())
    })?;
    stream.assert_repeats("after a refresh")?;

    // The stream's own session is revoked with the push, and what has begun goes on.
    let mut next = plugin(&own.provider.issuer(), own.settings.port);
    next["session"]["revocation"] = json!({ "notBefore": "2100-01-01T00:00:00Z" });
    gateway.push(next)?;
    wait_until("both workers to follow", PATIENCE, || {
        let page = |_| Some(alice.clone().visit(&gateway.address()).ok()?.status);
        (0..10).all(|it| page(it) == Some(302)).then_some(())
    })?;
    stream.assert_repeats("after a push")
}

#[test]
fn a_stream_may_bring_the_cookies_of_a_refresh() -> Shown {
    let own = refreshing()?;
    let gateway = own.start()?;
    let mut alice = UserAgent::new();
    assert_eq!(alice.sign_in(&gateway.address(), "alice")?.status, 200);
    let cookies = cookies(&alice, &gateway);

    wait_until("a stream that refreshes its session", PATIENCE, || {
        let (mut stream, head) = Stream::open(&gateway, &cookies).ok()?;
        assert!(head.starts_with("HTTP/1.1 101 "), "{head}");
        stream.assert_repeats("through").ok()?;
        head.contains("set-cookie: authservice_session_tokens_0=")
            .then_some(())
    })
}
