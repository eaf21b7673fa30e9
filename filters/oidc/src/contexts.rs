//! The plugin's roots and streams, by the host's numbers.

use kfwasm_oidc::time::UnixTime;

use crate::gateway::Gateway;
use crate::host_calls::{self, Level};
use crate::host_events::Action;
use crate::refreshes::Begun;
use crate::root::Root;
use crate::stream::Stream;

/// What is wrong, and what to do.
const INDISTINCT: &str = "kfwasm: requests are refused while two configurations are in use, because they cannot be told \
     apart; allow the capability proxy_call_foreign_function";
/// What is wrong, and what to do.
const ENDS_UNTOLD: &str = "kfwasm: nothing that waits for the provider goes on, because the end of a request cannot be \
     seen; allow the capability proxy_get_property";

/// Everything that the host may call about.
///
/// There is a root for each configuration that is in use: one, and for a while two when it changes. A stream is kept from
/// its headers on if something of it is still to come.
///
/// The host is not asked to tell of the beginning and end of each stream: that would be two entries into the virtual
/// machine for each request. To which root a stream belongs is found out where there are several, whether it has ended
/// where something is to be done to it, and what is gone is forgotten at the next tick.
///
/// Vectors and no maps: what they hold is little, and the code of a map is more than all of this file's.
pub(crate) struct Contexts {
    /// The newest is the last.
    roots: Vec<(u32, Root)>,
    /// By ascending number, so that a stream is found among thousands that wait for a provider which does not answer.
    streams: Vec<(u32, Box<Stream>)>,
    swept: UnixTime,
}

impl Contexts {
    pub(crate) const fn new() -> Self {
        Self {
            roots: Vec::new(),
            streams: Vec::new(),
            swept: UnixTime(0),
        }
    }

    /// Whether the root of this number takes the configuration. One that does not is still known, so that its streams are
    /// refused.
    pub(crate) fn on_configure(&mut self, id: u32, size: usize) -> bool {
        self.forget_gone(id);
        let is_known = |(known, _): &(u32, Root)| *known == id;
        let mut root = match self.roots.iter().position(is_known) {
            Some(place) => self.roots.remove(place).1,
            None => Root::new(id),
        };
        if !host_calls::declare_root(id) && !self.roots.is_empty() {
            host_calls::log(Level::Error, INDISTINCT);
        }
        if !host_calls::tells_ends() {
            host_calls::log(Level::Error, ENDS_UNTOLD);
        }
        let is_taken = root.on_configure(size);
        self.roots.push((id, root));
        is_taken
    }

    pub(crate) fn on_tick(&mut self, id: u32) {
        let now = host_calls::now();
        if now != self.swept {
            self.swept = now;
            self.forget_gone(id);
        }
        if let Some(root) = self.root(id) {
            root.on_tick();
        }
    }

    fn root(&mut self, root: u32) -> Option<&mut Root> {
        let mut roots = self.roots.iter_mut();
        roots.find_map(|(id, it)| (*id == root).then_some(it))
    }

    pub(crate) fn on_request_headers(&mut self, id: u32) -> Action {
        let mut stream = self.begin(id);
        let action = stream.on_http_request_headers();
        self.keep(id, stream);
        action
    }

    /// The stream under the configuration that its root has now; a stream without a root has none.
    fn begin(&self, id: u32) -> Stream {
        let root = match self.roots.as_slice() {
            [(_, root)] => Some(root),
            roots => {
                let mut newest_first = roots.iter().rev();
                let its = newest_first.find(|(root, _)| host_calls::is_of_root(*root));
                its.map(|(_, root)| root)
            }
        };
        match root {
            Some(root) => root.stream(id),
            None => Stream::new(id, Gateway::closed(), Begun::default()),
        }
    }

    fn keep(&mut self, id: u32, stream: Stream) {
        if stream.is_awaited() {
            let place = self.streams.partition_point(|(other, _)| *other < id);
            self.streams.insert(place, (id, Box::new(stream)));
        }
    }

    fn take(&mut self, id: u32) -> Option<Stream> {
        let place = self.streams.binary_search_by_key(&id, |(id, _)| *id);
        Some(*self.streams.remove(place.ok()?).1)
    }

    pub(crate) fn on_response_headers(&mut self, id: u32) -> Action {
        let Some(mut stream) = self.take(id) else {
            return Action::Continue;
        };
        let action = stream.on_http_response_headers();
        self.keep(id, stream);
        action
    }

    pub(crate) fn on_http_call_response(&mut self, token: u32, headers: usize, body: usize) {
        let waiting = self.roots.iter_mut().find(|(_, root)| root.awaits(token));
        if let Some((_, root)) = waiting {
            return root.on_http_call_response(token, headers, body);
        }
        let waiting = self.streams.iter().find(|(_, stream)| stream.awaits(token));
        let Some(id) = waiting.map(|(id, _)| *id) else {
            return;
        };
        if let Some(mut stream) = self.take(id)
            && host_calls::turn_to_stream(id)
        {
            stream.on_http_call_response(token, headers, body);
            self.keep(id, stream);
        }
    }

    /// Forgets the streams whose client has gone, and the roots that are no longer in use. It is the turn of root `current`.
    fn forget_gone(&mut self, current: u32) {
        self.streams.retain(|(id, _)| host_calls::turn_to(*id));
        self.roots
            .retain(|(id, _)| *id == current || !host_calls::is_gone(*id));
        host_calls::turn_to(current);
    }
}
