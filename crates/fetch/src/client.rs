//! From a permitted address to an answer.

use std::{
    io::{self, BufReader},
    net::IpAddr,
    sync::{Arc, OnceLock},
    time::SystemTime,
};

use rustls::ClientConfig;

use crate::{
    address::{self, Special},
    answer::{self, Kept},
    cache::{Cache, EntryName},
    configuration::Configuration,
    connection::{Connection, TimedStream},
    deadline::{Deadline, TimeLimits},
    error::{FetchError, RedirectFault},
    http::{self, Fault, Head},
    permitted::PermittedUrl,
    question::{Request, Reuse},
    resolver::{Resolve, SystemResolver, look_up},
    secure::TlsAuthorities,
    url::{Host, Scheme, Url},
    user_folder::UserFolder,
};

/// Most redirects that are followed.
pub const MAX_REDIRECTS: usize = 3;

/// Whoever fetches: the administrator's word, a place for what is kept, and how long anything may take. Proxies are not asked,
/// and no variable of the environment names one: the address that is connected to is the one that was looked at.
pub struct Client {
    configuration: Configuration,
    folder: Option<UserFolder>,
    resolver: Arc<dyn Resolve>,
    limits: TimeLimits,
    clock: fn() -> SystemTime,
    authorities: TlsAuthorities,
    tls: OnceLock<Result<Arc<ClientConfig>, String>>,
    leaves_host: bool,
}

impl Client {
    /// One that keeps nothing, with the system's resolver, authorities and clock.
    #[must_use]
    pub fn new(configuration: Configuration) -> Self {
        Self {
            configuration,
            folder: None,
            resolver: Arc::new(SystemResolver),
            limits: TimeLimits::default(),
            clock: SystemTime::now,
            authorities: TlsAuthorities::System,
            tls: OnceLock::new(),
            leaves_host: true,
        }
    }

    /// Keeps answers, and counts questions, in this folder.
    #[must_use]
    pub fn with_folder(self, folder: UserFolder) -> Self {
        Self { folder: Some(folder), ..self }
    }

    /// Asks another resolver.
    #[must_use]
    pub fn with_resolver(self, resolver: Arc<dyn Resolve>) -> Self {
        Self { resolver, ..self }
    }

    /// Waits less, or longer.
    #[must_use]
    pub fn with_time_limits(self, limits: TimeLimits) -> Self {
        Self { limits, ..self }
    }

    /// Believes others about the names of servers.
    #[must_use]
    pub fn with_tls_authorities(self, authorities: TlsAuthorities) -> Self {
        Self { authorities, tls: OnceLock::new(), ..self }
    }

    /// Follows redirects within a host only: for who asks on the word of a person that was told the host.
    #[must_use]
    pub fn within_hosts(self) -> Self {
        Self { leaves_host: false, ..self }
    }

    /// Looks at another clock to know whether what was kept still counts.
    #[must_use]
    pub fn with_clock(self, clock: fn() -> SystemTime) -> Self {
        Self { clock, ..self }
    }

    /// What the administrator says.
    #[must_use]
    pub fn configuration(&self) -> &Configuration {
        &self.configuration
    }

    /// Forgets what was kept of an answer, for one who found that it does not verify.
    pub fn forget(&self, url: &PermittedUrl, request: &Request) {
        if let Some(folder) = &self.folder {
            Cache::new(folder).forget(&EntryName::of(url.url(), request));
        }
    }

    pub(crate) fn folder(&self) -> Option<&UserFolder> {
        self.folder.as_ref()
    }

    pub(crate) fn now(&self) -> SystemTime {
        (self.clock)()
    }
}

/// What was fetched. Nothing of it is verified, but that it is of its kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Response {
    /// The bytes.
    pub body: Vec<u8>,
    /// Where they come from.
    pub origin: Origin,
}

/// Where an answer comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// It was fetched now.
    Network,
    /// It was fetched before, and still counts.
    Kept,
    /// As before; whoever should give a newer one was reached, and gave none.
    KeptInstead,
}

/// Fetches from a permitted address, or gives what was kept of it. Blocks, at most as long as the client's time limits say.
///
/// # Errors
/// [`FetchError`].
pub fn fetch(client: &Client, url: &PermittedUrl, request: &Request) -> Result<Response, FetchError> {
    let place = Place::of(client, url, request)?;
    match place.kept(client) {
        Some(body) => Ok(Response { body, origin: Origin::Kept }),
        None => place.fetch(client, url, request),
    }
}

/// Fetches from a permitted address, and gives what was kept of it only where nothing newer comes: for who collects what is known
/// about revocation after a signature was made. A responder that refuses to answer gives nothing newer. Blocks as [`fetch`] does.
///
/// # Errors
/// [`FetchError`] where nothing was kept, either.
pub fn fetch_newest(client: &Client, url: &PermittedUrl, request: &Request) -> Result<Response, FetchError> {
    let place = Place::of(client, url, request)?;
    let fetched = place.fetch(client, url, request);
    let origin = match &fetched {
        Ok(response) if !answer::is_refusal(request.kind(), &response.body) => return fetched,
        Err(error) if !error.was_reached() => Origin::Kept,
        _ => Origin::KeptInstead,
    };
    match place.kept(client) {
        Some(body) => Ok(Response { body, origin }),
        None => fetched,
    }
}

/// Where an answer is kept, if it is one that may be.
struct Place<'a> {
    name: EntryName,
    cache: Option<Cache<'a>>,
}

impl<'a> Place<'a> {
    fn of(client: &'a Client, url: &PermittedUrl, request: &Request) -> Result<Self, FetchError> {
        let kind = request.kind();
        if url.kind() != kind {
            return Err(FetchError::OtherKind { permitted: url.kind(), asked: kind });
        }
        let reuse = request.check()?;
        let cache = client.folder.as_ref().filter(|_| reuse == Reuse::Permitted).map(Cache::new);
        Ok(Self { name: EntryName::of(url.url(), request), cache })
    }

    fn kept(&self, client: &Client) -> Option<Vec<u8>> {
        self.cache.as_ref().and_then(|cache| cache.get(&self.name, client.now()))
    }

    fn fetch(&self, client: &Client, url: &PermittedUrl, request: &Request) -> Result<Response, FetchError> {
        let kind = request.kind();
        let body = client.follow(url, request)?;
        let now = client.now();
        let kept = answer::check(kind, &body, now).ok_or(FetchError::Answer { kind })?;
        if let (Some(cache), Kept::Until(until)) = (self.cache, kept) {
            cache.put(&self.name, &body, now, until);
        }
        Ok(Response { body, origin: Origin::Network })
    }
}

/// What one exchange comes to.
enum Outcome {
    Body(Vec<u8>),
    Redirect(Url),
}

impl Client {
    fn follow(&self, permitted: &PermittedUrl, request: &Request) -> Result<Vec<u8>, FetchError> {
        let deadline = Deadline::begin(self.limits);
        let mut url = permitted.url().clone();
        for _ in 0..=MAX_REDIRECTS {
            match self.exchange(permitted, &url, request, deadline)? {
                Outcome::Body(body) => return Ok(body),
                Outcome::Redirect(next) if !self.leaves_host && next.host() != url.host() => {
                    return Err(FetchError::Redirect { fault: RedirectFault::OtherHost });
                }
                Outcome::Redirect(next) => url = next,
            }
        }
        Err(FetchError::TooManyRedirects)
    }

    /// One question and its answer, with every rule about where it may go.
    fn exchange(
        &self,
        permitted: &PermittedUrl,
        url: &Url,
        request: &Request,
        deadline: Deadline,
    ) -> Result<Outcome, FetchError> {
        let host = url.host().to_string();
        let stream = self.connect(permitted, url, deadline)?;
        let mut connection = self.speak(stream, url)?;
        let kind = request.kind();
        let question = kind.question_type().zip(request.body());
        http::send(&mut connection, url, &kind.answer_types().join(", "), question)
            .map_err(|error| of_io(&error, &host))?;
        let mut stream = BufReader::new(connection);
        let read = |fault| of_fault(fault, &host);
        let head = http::read_head(&mut stream).map_err(read)?;
        match head.status {
            200 => {}
            301 | 302 | 303 | 307 | 308 => return redirect(url, &head, request),
            status => return Err(FetchError::Status { status }),
        }
        if head.is_encoded {
            return Err(FetchError::Encoded);
        }
        if !head.media_type.as_deref().is_some_and(|received| kind.answer_types().contains(&received)) {
            return Err(FetchError::MediaType { kind, received: head.media_type });
        }
        http::read_body(&mut stream, &head, kind.max_answer()).map(Outcome::Body).map_err(read)
    }

    /// A connection to an address that was looked at.
    fn connect(
        &self,
        permitted: &PermittedUrl,
        url: &Url,
        deadline: Deadline,
    ) -> Result<TimedStream, FetchError> {
        let (host, port) = (url.host(), url.port());
        let is_named_port = permitted.names_host(host) && permitted.url().port() == port;
        if ![80, 443].contains(&port) && !is_named_port && !self.configuration.permits_port(host, port) {
            return Err(FetchError::Port { host: host.to_string(), port });
        }
        let mut addresses = self.addresses(host, deadline)?;
        if !permitted.names_host(host) && !self.configuration.permits_private_address(host) {
            addresses = public(host, addresses)?;
        }
        dial(host, port, &addresses, deadline)
    }

    /// What a host's name leads to now.
    pub(crate) fn addresses(&self, host: &Host, deadline: Deadline) -> Result<Vec<IpAddr>, FetchError> {
        match host {
            Host::Address(address) => Ok(vec![*address]),
            Host::Name(name) => look_up(&self.resolver, name, deadline).map_err(|error| match error.kind() {
                io::ErrorKind::TimedOut => FetchError::TooSlow { host: name.clone() },
                _ => FetchError::Name { host: name.clone() },
            }),
        }
    }

    /// The connection as the address wants it: in the clear or over TLS.
    pub(crate) fn speak(&self, stream: TimedStream, url: &Url) -> Result<Connection, FetchError> {
        match url.scheme() {
            Scheme::Http => Ok(Connection::Plain(stream)),
            Scheme::Https => {
                let host = url.host().to_string();
                let tls = self.tls().map_err(|reason| FetchError::Tls { host: host.clone(), reason })?;
                Connection::secure(stream, url.host(), &tls).map_err(|error| of_io(&error, &host))
            }
        }
    }

    pub(crate) fn limits(&self) -> TimeLimits {
        self.limits
    }

    fn tls(&self) -> Result<Arc<ClientConfig>, String> {
        self.tls.get_or_init(|| self.authorities.configuration().map_err(|error| error.to_string())).clone()
    }
}

/// A connection to the first of a host's addresses that takes it.
pub(crate) fn dial(
    host: &Host,
    port: u16,
    addresses: &[IpAddr],
    deadline: Deadline,
) -> Result<TimedStream, FetchError> {
    if addresses.is_empty() {
        return Err(FetchError::Name { host: host.to_string() });
    }
    TimedStream::connect(addresses, port, deadline).map_err(|error| match error.kind() {
        io::ErrorKind::TimedOut | io::ErrorKind::WouldBlock => FetchError::TooSlow { host: host.to_string() },
        reason => FetchError::Unreachable { host: host.to_string(), reason },
    })
}

/// Those of a host's addresses that are public.
pub(crate) fn public(host: &Host, addresses: Vec<IpAddr>) -> Result<Vec<IpAddr>, FetchError> {
    let refused: Option<(IpAddr, Special)> =
        addresses.iter().find_map(|address| address::special(*address).map(|special| (*address, special)));
    let public: Vec<_> =
        addresses.into_iter().filter(|address| address::special(*address).is_none()).collect();
    match refused {
        Some((address, special)) if public.is_empty() => {
            Err(FetchError::AddressNotPublic { host: host.to_string(), address, special })
        }
        _ => Ok(public),
    }
}

/// Where a redirect leads.
fn redirect(from: &Url, head: &Head, request: &Request) -> Result<Outcome, FetchError> {
    if request.body().is_some() && !matches!(head.status, 307 | 308) {
        return Err(FetchError::Redirect { fault: RedirectFault::LosesQuestion });
    }
    led_to(from, head).map(Outcome::Redirect)
}

/// The one address that an answer leads to.
pub(crate) fn led_to(from: &Url, head: &Head) -> Result<Url, FetchError> {
    let refuse = |fault| FetchError::Redirect { fault };
    let [location] = head.locations.as_slice() else {
        return Err(refuse(RedirectFault::Location));
    };
    let to = from.redirect(location).map_err(|fault| refuse(fault.into()))?;
    if (from.scheme(), to.scheme()) == (Scheme::Https, Scheme::Http) {
        return Err(refuse(RedirectFault::Downgrade));
    }
    Ok(to)
}

/// What an answer failed with.
pub(crate) fn of_fault(fault: Fault, host: &str) -> FetchError {
    match fault {
        Fault::Io(error) => of_io(&error, host),
        Fault::Fetch(error) => error,
    }
}

/// What broke an exchange.
pub(crate) fn of_io(error: &io::Error, host: &str) -> FetchError {
    let host = host.to_owned();
    if let Some(inner) = error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>()) {
        return FetchError::Tls { host, reason: inner.to_string() };
    }
    match error.kind() {
        io::ErrorKind::TimedOut | io::ErrorKind::WouldBlock => FetchError::TooSlow { host },
        io::ErrorKind::UnexpectedEof => FetchError::Truncated { host },
        reason => FetchError::Broken { host, reason },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_names_addresses_only_the_public_ones_are_tried() {
        let host = Host::Name("mixed.example".to_owned());
        let of = |texts: &[&str]| public(&host, texts.iter().map(|text| text.parse().unwrap()).collect());
        let public_one: IpAddr = "8.8.8.8".parse().unwrap();
        assert_eq!(of(&["127.0.0.1", "8.8.8.8", "::1"]), Ok(vec![public_one]));
        assert_eq!(of(&["8.8.8.8"]), Ok(vec![public_one]));
        assert_eq!(of(&[]), Ok(vec![]));
        let refused = FetchError::AddressNotPublic {
            host: host.to_string(),
            address: "10.0.0.1".parse().unwrap(),
            special: Special::Private,
        };
        assert_eq!(of(&["10.0.0.1", "127.0.0.1"]), Err(refused));
    }
}
