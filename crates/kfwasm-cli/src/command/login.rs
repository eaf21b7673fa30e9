use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::Args;
use k8s_openapi::jiff::Timestamp;
use secrecy::SecretString;
use tokio::time::timeout;

use crate::answer;
use crate::failure::Failure;
use crate::interruption::run_until_interrupted;
use crate::login::{
    Authorization, Gateway, Loopback, OUT_OF_BAND, Origin, Paths, Print, Session, Store, printed,
    show,
};

/// Sign in at a gateway, for programs on this machine.
///
/// It opens your browser, where you sign in as always and allow it. The session is kept in a file that only you can
/// read, in KFWASM_CONFIG or ~/.config/kfwasm. With --print, a session that is kept is used until it ends.
#[derive(Args, Clone, Debug)]
pub(crate) struct LoginArgs {
    /// The address of the gateway: https://HOST.
    #[arg(value_name = "HOST", required_unless_present = "list")]
    host: Option<String>,
    /// Open no browser here: print the address, and ask for the code that the page shows.
    #[arg(long)]
    no_browser: bool,
    /// Print the session for another program.
    #[arg(long, value_name = "FORM")]
    print: Option<Print>,
    /// Show where you are signed in, and as whom.
    #[arg(long, conflicts_with_all = ["host", "print", "no_browser"])]
    list: bool,
    /// A file with the certificate of the authority that signed the gateway's, if this machine does not trust it.
    #[arg(long, value_name = "FILE")]
    certificate_authority: Option<PathBuf>,
    /// How long to wait for you to sign in: 10m, 90s; a number alone is seconds.
    #[arg(long, value_name = "DURATION", default_value = "10m", value_parser = super::timeout::parse)]
    timeout: Duration,
    #[command(flatten)]
    paths: Paths,
}

pub(super) fn run(args: &LoginArgs) -> Result<ExitCode, Failure> {
    let Some(host) = &args.host else {
        list(&Store::open()?);
        return Ok(ExitCode::SUCCESS);
    };
    let origin = Origin::parse(host)?;
    let mut store = Store::open()?;
    let kept = store.get(&origin).filter(|it| it.lasts(Timestamp::now()));
    let session = match (kept, args.print) {
        (Some(session), Some(_)) => session.clone(),
        _ => {
            let session =
                run_until_interrupted(sign_in(args, &origin), "run the same command to sign in")?;
            store.keep(&origin, session.clone())?;
            tell(&origin, &session);
            session
        }
    };
    if let Some(print) = args.print {
        let authority = args.certificate_authority.as_deref();
        print!("{}", printed(print, &origin, &session, authority));
    }
    Ok(ExitCode::SUCCESS)
}

async fn sign_in(args: &LoginArgs, origin: &Origin) -> Result<Session, Failure> {
    let authority = args.certificate_authority.as_deref();
    let gateway = Gateway::new(origin.clone(), &args.paths, authority)?;
    gateway.check().await?;
    let work = async {
        match args.no_browser {
            true => by_hand(args, &gateway, origin).await,
            false => by_browser(args, &gateway, origin).await,
        }
    };
    let limit = args.timeout;
    timeout(limit, work)
        .await
        .unwrap_or_else(|_| Err(too_late(limit)))
}

/// The answer comes to this machine's loopback address (RFC 8252 §7.3).
async fn by_browser(
    args: &LoginArgs,
    gateway: &Gateway,
    origin: &Origin,
) -> Result<Session, Failure> {
    let loopback = Loopback::open().await?;
    let asked = Authorization::new(origin, &loopback.redirect_uri())?;
    show(&asked.address(&args.paths.authorize_path));
    let (code, browser) = loopback.code(&asked).await?;
    let session = gateway.session(&asked, &code).await;
    match &session {
        Ok(_) => browser.done().await,
        Err(_) => browser.failed().await,
    }
    session
}

/// The code comes by copy and paste, from a browser anywhere.
async fn by_hand(args: &LoginArgs, gateway: &Gateway, origin: &Origin) -> Result<Session, Failure> {
    let asked = Authorization::new(origin, OUT_OF_BAND)?;
    let address = asked.address(&args.paths.authorize_path);
    eprintln!("Open this address in a browser, on any machine:\n  {address}");
    let code = answer::asked("Code that the page shows", "")
        .await
        .filter(|code| !code.is_empty());
    let code = code.ok_or_else(|| {
        Failure::failed(
            "no code was pasted",
            "run the same command to get another one",
        )
    })?;
    gateway.session(&asked, &SecretString::from(code)).await
}

fn too_late(limit: Duration) -> Failure {
    Failure::failed(
        format!("nobody signed in within {} seconds", limit.as_secs()),
        "run the same command again; where no browser can reach this machine, use --no-browser",
    )
}

fn tell(origin: &Origin, session: &Session) {
    eprintln!(
        "Signed in to {origin} as {}, until {}.",
        session.user,
        session.end()
    );
}

fn list(store: &Store) {
    let now = Timestamp::now();
    let mut sessions = store.all().peekable();
    if sessions.peek().is_none() {
        eprintln!("You are signed in nowhere.");
    }
    for (origin, session) in sessions {
        let ended = if session.lasts(now) { "until" } else { "ended" };
        println!("{origin}  {}  {ended} {}", session.user, session.end());
    }
}
