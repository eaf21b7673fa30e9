//! One client: requests of all kinds on kept-alive connections, each answer judged.

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::{Ipv4Addr, TcpStream};
use std::time::Duration;

use super::person::Person;
use super::stage::SESSION;
use super::tally::{Tally, Verdict};
use super::upstream::SAW;

/// After this long without an answer a request hangs.
const PATIENCE: Duration = Duration::from_secs(30);
const MOST_HEADERS: usize = 64;

/// What a request is, and what must become of it.
#[derive(Clone, Copy)]
enum Kind {
    /// Somebody who has signed in.
    SignedIn,
    /// The same, with the identity header of somebody else.
    SignedInAsAnother,
    /// A program without a session.
    Program,
    /// A browser without a session.
    Navigation,
    /// A session cookie with its end cut off.
    CutSession,
    /// A path that needs no sign-in, with a session and the identity header of somebody else.
    Skipped,
}

/// Ten requests in a row.
const TURN: [Kind; 10] = [
    Kind::SignedIn,
    Kind::SignedIn,
    Kind::SignedInAsAnother,
    Kind::Program,
    Kind::SignedIn,
    Kind::Navigation,
    Kind::SignedIn,
    Kind::CutSession,
    Kind::SignedIn,
    Kind::Skipped,
];

/// An answer, as far as it is looked at.
struct Answer {
    status: u16,
    saw: Option<String>,
    renewed: Option<String>,
}

/// Why there is no answer.
enum NoAnswer {
    Late,
    Ended,
}

/// A client of one gateway.
pub(super) struct Client<'a> {
    port: u16,
    connection: Option<TcpStream>,
    people: &'a [Person],
    tally: &'a Tally,
    sent: usize,
}

impl<'a> Client<'a> {
    pub(super) fn new(port: u16, people: &'a [Person], tally: &'a Tally) -> Self {
        Self {
            port,
            connection: None,
            people,
            tally,
            sent: 0,
        }
    }

    /// Sends the next request and counts what becomes of it.
    pub(super) fn step(&mut self) {
        let kind = TURN.get(self.sent % TURN.len()).copied();
        let person = self
            .people
            .get(self.sent / TURN.len() % self.people.len().max(1));
        self.sent += 1;
        let (Some(kind), Some(person)) = (kind, person) else {
            return;
        };
        let answer = self.exchange(&self.request(kind, person));
        if let Ok(Answer {
            renewed: Some(session),
            ..
        }) = &answer
        {
            person.renew(session.clone());
            self.tally.add_renewal();
        }
        let verdict = judge(kind, person, &answer);
        self.tally.add(verdict, || describe(kind, &answer));
    }

    fn request(&self, kind: Kind, person: &Person) -> Vec<u8> {
        let session = person.session();
        let cookie = |value: &str| format!("cookie: {SESSION}={value}; other=1\r\n");
        let forged = "kubeflow-userid: mallory@example.com\r\nkubeflow-groups: admins\r\n";
        let (path, headers) = match kind {
            Kind::SignedIn => ("/pipeline/", cookie(&session)),
            Kind::SignedInAsAnother => ("/pipeline/", [cookie(&session).as_str(), forged].concat()),
            Kind::Program => ("/pipeline/", forged.to_owned()),
            Kind::Navigation => (
                "/",
                "accept: text/html\r\nsec-fetch-mode: navigate\r\nsec-fetch-dest: document\r\n"
                    .to_owned(),
            ),
            Kind::CutSession => {
                let cut = session.get(..session.len().saturating_sub(1));
                ("/pipeline/", cookie(cut.unwrap_or_default()))
            }
            Kind::Skipped => ("/public/x", [cookie(&session).as_str(), forged].concat()),
        };
        let port = self.port;
        format!("GET {path} HTTP/1.1\r\nhost: localhost:{port}\r\n{headers}\r\n").into_bytes()
    }

    fn exchange(&mut self, request: &[u8]) -> Result<Answer, NoAnswer> {
        let mut connection = match self.connection.take() {
            Some(connection) => connection,
            None => connect(self.port)?,
        };
        connection.write_all(request).map_err(|_| NoAnswer::Ended)?;
        let (answer, is_kept) = read(&mut connection)?;
        if is_kept {
            self.connection = Some(connection);
        }
        Ok(answer)
    }
}

/// A gateway that restarts is waited for a moment, so that its absence does not become the most of what is counted.
fn connect(port: u16) -> Result<TcpStream, NoAnswer> {
    let Ok(connection) = TcpStream::connect((Ipv4Addr::LOCALHOST, port)) else {
        std::thread::sleep(Duration::from_millis(20));
        return Err(NoAnswer::Ended);
    };
    let set = connection
        .set_nodelay(true)
        .and_then(|()| connection.set_read_timeout(Some(PATIENCE)));
    set.map(|()| connection).map_err(|_| NoAnswer::Ended)
}

/// Reads an answer, and whether the connection may go on.
fn read(connection: &mut TcpStream) -> Result<(Answer, bool), NoAnswer> {
    let mut received = Vec::with_capacity(4096);
    loop {
        if let Some((answer, whole, is_kept)) = parse(&received)? {
            while received.len() < whole {
                receive(connection, &mut received)?;
            }
            return Ok((answer, is_kept));
        }
        receive(connection, &mut received)?;
    }
}

fn receive(connection: &mut TcpStream, into: &mut Vec<u8>) -> Result<(), NoAnswer> {
    let mut buffer = [0; 8 * 1024];
    match connection.read(&mut buffer) {
        Ok(0) => Err(NoAnswer::Ended),
        Ok(count) => {
            into.extend(buffer.iter().take(count));
            Ok(())
        }
        Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {
            Err(NoAnswer::Late)
        }
        Err(_) => Err(NoAnswer::Ended),
    }
}

/// The answer, its length with its content, and whether the connection may go on; `None` while its head is not whole.
fn parse(received: &[u8]) -> Result<Option<(Answer, usize, bool)>, NoAnswer> {
    let mut headers = [httparse::EMPTY_HEADER; MOST_HEADERS];
    let mut response = httparse::Response::new(&mut headers);
    let parsed = response.parse(received).map_err(|_| NoAnswer::Ended)?;
    let httparse::Status::Complete(head) = parsed else {
        return Ok(None);
    };
    let value = |name: &str| {
        let mut headers = response.headers.iter();
        let header = headers.find(|header| header.name.eq_ignore_ascii_case(name))?;
        Some(String::from_utf8_lossy(header.value).into_owned())
    };
    let length = value("content-length").and_then(|text| text.parse::<usize>().ok());
    let is_closed = value("connection").is_some_and(|it| it.eq_ignore_ascii_case("close"));
    let renewed = value("set-cookie").and_then(|cookie| {
        let value = cookie.strip_prefix(SESSION)?.strip_prefix('=')?;
        value.split(';').next().map(str::to_owned)
    });
    let answer = Answer {
        status: response.code.unwrap_or_default(),
        saw: value(SAW),
        renewed: renewed.filter(|it| !it.is_empty()),
    };
    let is_kept = length.is_some() && !is_closed;
    Ok(Some((answer, head + length.unwrap_or(0), is_kept)))
}

fn judge(kind: Kind, person: &Person, answer: &Result<Answer, NoAnswer>) -> Verdict {
    let answer = match answer {
        Ok(answer) => answer,
        Err(NoAnswer::Late) => return Verdict::Hung,
        Err(NoAnswer::Ended) => return Verdict::Unavailable,
    };
    let saw = answer.saw.as_deref();
    match (kind, answer.status) {
        (_, 500..) => Verdict::Unavailable,
        (Kind::SignedIn | Kind::SignedInAsAnother, 200) if saw == Some(person.email.as_str()) => {
            Verdict::Good
        }
        (Kind::SignedIn | Kind::SignedInAsAnother, 302 | 401 | 403) => Verdict::LostSession,
        (Kind::Program | Kind::CutSession, 401) | (Kind::Navigation, 302) => Verdict::Good,
        (Kind::Skipped, 200) if saw == Some("-") => Verdict::Good,
        (_, 200) => Verdict::WrongPass,
        _ => Verdict::Other,
    }
}

fn describe(kind: Kind, answer: &Result<Answer, NoAnswer>) -> String {
    let asked = match kind {
        Kind::SignedIn => "a session",
        Kind::SignedInAsAnother => "a session and a forged identity",
        Kind::Program => "a program without session",
        Kind::Navigation => "a browser without session",
        Kind::CutSession => "a session cookie that was cut",
        Kind::Skipped => "a skipped path",
    };
    match answer {
        Ok(answer) => format!("{asked}: {}, upstream saw {:?}", answer.status, answer.saw),
        Err(_) => format!("{asked}: no answer"),
    }
}
