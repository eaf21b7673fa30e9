//! What answers where a gateway and a provider should, and is neither.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::thread;

use serde_json::json;

use crate::objects;
use crate::operator::Operator;
use crate::server::World;

/// Says so to everybody who asks; host and port.
fn saying(words: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    thread::spawn(move || {
        for mut stream in listener.incoming().map_while(Result::ok) {
            let _ = stream.read(&mut [0; 4096]);
            let _ = stream.write_all(words.as_bytes());
        }
    });
    address
}

#[test]
fn what_does_not_speak_http_or_breaks_off_is_not_judged() {
    let gateway = saying("220 mail.example.com ESMTP\r\n");
    let provider = saying("HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{");
    let mut plugin = objects::plugin(json!({}));
    let config = &mut plugin["spec"]["pluginConfig"];
    config["insecureHttp"] = true.into();
    config["providers"][0]["insecureHttp"] = true.into();
    config["providers"][0]["issuer"] = format!("http://{provider}").into();
    let mut operator = Operator::at(World::with([plugin, objects::deployment()]));
    operator.ask_the_doctor(&["--address", &gateway], &["discovery", "page"]);
    Operator::is_recorded([operator], "nonsense");
}
