//! What is written to the terminal.
//!
//! The macros of the standard library panic where a stream cannot be written: `kfwasm uninstall 2>&1 | head` would stop with
//! the gateway half changed. These, of the same names, hide them in the whole program: what is told is lost then and
//! nothing else, and what was asked for ends the program as it ends others.

use std::fmt::Arguments;
use std::io::{self, ErrorKind, Write as _};
use std::process;

macro_rules! eprint {
    ($($text:tt)*) => { $crate::streams::tell(format_args!($($text)*)) };
}

macro_rules! eprintln {
    () => { $crate::streams::tell(format_args!("\n")) };
    ($($text:tt)*) => { $crate::streams::tell(format_args!("{}\n", format_args!($($text)*))) };
}

macro_rules! print {
    ($($text:tt)*) => { $crate::streams::give(format_args!($($text)*)) };
}

macro_rules! println {
    ($($text:tt)*) => { $crate::streams::give(format_args!("{}\n", format_args!($($text)*))) };
}

/// What a program ends with that was ended by SIGPIPE: the shell's 128 and the signal's number (POSIX.1-2017, §2.8.2).
const ENDED_BY_SIGPIPE: i32 = 128 + 13;

/// Says what is done, on standard error. That nobody hears it changes nothing of what is done.
pub(crate) fn tell(text: Arguments<'_>) {
    let _ = io::stderr().write_fmt(text);
}

/// Writes what was asked for to standard output. A reader that has had enough ends the program.
pub(crate) fn give(text: Arguments<'_>) {
    let mut output = io::stdout().lock();
    match output.write_fmt(text).and_then(|()| output.flush()) {
        Ok(()) => {}
        Err(error) if error.kind() == ErrorKind::BrokenPipe => process::exit(ENDED_BY_SIGPIPE),
        Err(error) => {
            tell(format_args!(
                "error: standard output cannot be written: {error}\n"
            ));
            process::exit(1);
        }
    }
}
