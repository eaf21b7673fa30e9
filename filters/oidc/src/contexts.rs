//! The plugin's roots and streams, by the host's numbers.

use crate::gateway::Gateway;
use crate::host_calls;
use crate::host_events::Action;
use crate::refreshes::Begun;
use crate::root::Root;
use crate::stream::Stream;

/// Everything that the host may call about.
///
/// There is a root for each configuration that is in use: one, and for a while two when it changes. A stream is kept from
/// its headers on if something of it is still to come.
///
/// Vectors and no maps: what they hold is little, and the code of a map is more than all of this file's.
pub(crate) struct Contexts {
    roots: Vec<(u32, Root)>,
    /// Streams whose headers have not come yet, each with its root. The headers come at once, so there is hardly ever
    /// more than one.
    created: Vec<(u32, u32)>,
    /// By ascending number, so that a stream is found among thousands that wait for a provider which does not answer.
    streams: Vec<(u32, Box<Stream>)>,
}

impl Contexts {
    pub(crate) const fn new() -> Self {
        Self {
            roots: Vec::new(),
            created: Vec::new(),
            streams: Vec::new(),
        }
    }

    /// Root 0 creates roots.
    pub(crate) fn create(&mut self, context: u32, root: u32) {
        if root == 0 {
            self.roots.push((context, Root::new(context)));
        } else {
            self.created.push((context, root));
        }
    }

    pub(crate) fn root(&mut self, root: u32) -> Option<&mut Root> {
        let mut roots = self.roots.iter_mut();
        roots.find_map(|(id, it)| (*id == root).then_some(it))
    }

    pub(crate) fn on_request_headers(&mut self, id: u32, count: usize, end: bool) -> Action {
        let mut stream = self.begin(id);
        let action = stream.on_http_request_headers(count, end);
        self.keep(id, stream);
        action
    }

    /// The stream under the configuration that its root has now; a stream without a root has none.
    fn begin(&mut self, id: u32) -> Stream {
        let place = self.created.iter().rposition(|(stream, _)| *stream == id);
        let root = place.map(|place| self.created.swap_remove(place).1);
        match root.and_then(|root| self.root(root)) {
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

    pub(crate) fn on_response_headers(&mut self, id: u32, count: usize, end: bool) -> Action {
        let Some(mut stream) = self.take(id) else {
            return Action::Continue;
        };
        let action = stream.on_http_response_headers(count, end);
        self.keep(id, stream);
        action
    }

    pub(crate) fn on_http_call_response(
        &mut self,
        token: u32,
        headers: usize,
        body: usize,
        trailers: usize,
    ) {
        let waiting = self.roots.iter_mut().find(|(_, root)| root.awaits(token));
        if let Some((_, root)) = waiting {
            return root.on_http_call_response(token, headers, body, trailers);
        }
        let waiting = self.streams.iter().find(|(_, stream)| stream.awaits(token));
        let Some(id) = waiting.map(|(id, _)| *id) else {
            return;
        };
        if let Some(mut stream) = self.take(id)
            && host_calls::turn_to(id)
        {
            stream.on_http_call_response(token, headers, body, trailers);
            self.keep(id, stream);
        }
    }

    pub(crate) fn delete(&mut self, context: u32) {
        self.created.retain(|(stream, _)| *stream != context);
        if self.take(context).is_none() {
            self.roots.retain(|(root, _)| *root != context);
        }
    }
}
