use std::thread;

/// Opens an address in the browser of this machine, or the one that BROWSER names, and does not wait for it: one that
/// runs in the terminal ends only when somebody closes it.
pub(crate) fn show(address: &str) {
    eprintln!("Opening in your browser:\n  {address}");
    let address = address.to_owned();
    thread::spawn(move || {
        if webbrowser::open(&address).is_err() {
            eprintln!(
                "No browser could be opened here: open the address yourself, or use --no-browser."
            );
        }
    });
}
