//! One port, from its first frame to its last: version, requests side by side, cancel.

use std::{
    collections::HashMap,
    io::{self, Write as _},
    sync::{Arc, Mutex},
};

use bitaqa_protocol::{
    ErrorCode, ErrorReport, RequestId,
    host::{FromHost, ToHost},
    identity::answer::Bytes,
    page::Stage,
    validation_data::{Freshness, LongBytes, WantedData},
    version::{self, MAX_LISTED, ProtocolVersion},
};
use tokio::{
    sync::Semaphore,
    task::{AbortHandle, Id, JoinError, JoinSet},
};

use crate::{
    document_trust, idle_memory,
    port::{Incoming, Port, Sender},
    profile_folder::CardProfiles,
    reader::Monitor,
    sign_in::{
        Desk, SignIn,
        identity::{Identified, Identify, SecondCalls, identify},
        my_card::{ReadMyCard, read_my_card},
        sign_in,
        signing::{
            Batch, SignDocuments, Signatures, SigningCertificates, sign_documents, signing_certificates,
        },
    },
    validation_data::{Fetched, Network, Services},
};

/// Most requests side by side; only one of them has the window, the others wait for it.
const MAX_REQUESTS: usize = 16;
/// Most requests for validation data side by side; a few of them fetch, the others wait.
const MAX_FETCHES: usize = 32;

/// What was asked for, of a card.
enum Wish {
    SignIn(SignIn),
    Identify(Box<Identify>),
    MyCard(ReadMyCard),
    SigningCertificates(SigningCertificates),
    Sign(SignDocuments),
}

/// What was asked for that needs neither window nor card.
enum DocumentsWish {
    Data { wanted: WantedData, freshness: Freshness },
    Services,
    Trust,
}

/// What a request waits for, if it waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Queue {
    /// The window, and with it the person and the card.
    Window,
    /// A thread that fetches, or reads what is installed.
    Documents,
}

impl Queue {
    const fn longest(self) -> usize {
        match self {
            Self::Window => MAX_REQUESTS,
            Self::Documents => MAX_FETCHES,
        }
    }
}

/// A request under way.
struct Running {
    id: RequestId,
    queue: Queue,
    task: AbortHandle,
}

/// The last frame of a request.
type Answer = Result<FromHost, ErrorReport>;

/// Serves a port until the browser closes it or its first frames show that nothing can come of it.
pub(crate) async fn serve(mut port: Port) {
    let mut session = Session {
        outgoing: port.outgoing.clone(),
        version: None,
        desk: None,
        window: Arc::new(Semaphore::new(1)),
        network: Arc::new(Network::new()),
        tasks: JoinSet::new(),
        running: HashMap::new(),
    };
    let mut idles = false;
    loop {
        tokio::select! {
            () = idle_memory::give_back_soon(), if session.running.is_empty() && !idles => idles = true,
            incoming = port.incoming.recv() => {
                let Some(incoming) = incoming else { break };
                idles = false;
                if !session.take(incoming) {
                    break;
                }
            }
            Some(ended) = session.tasks.join_next_with_id() => session.answer(ended),
        }
    }
    // requests that are still running lose their windows and connections here, and with them their PINs; they also have
    // the writer, which ends only when the last of them is gone
    session.tasks.shutdown().await;
    drop(session);
    port.close();
}

struct Session {
    outgoing: Sender,
    version: Option<ProtocolVersion>,
    desk: Option<Arc<Desk>>,
    window: Arc<Semaphore>,
    network: Arc<Network>,
    tasks: JoinSet<Answer>,
    running: HashMap<Id, Running>,
}

impl Session {
    /// Handles one frame; says whether another may follow.
    fn take(&mut self, incoming: Incoming) -> bool {
        match incoming {
            Incoming::Message(ToHost::Hello { versions, .. }) => self.greet(&versions),
            Incoming::Message(message) if self.version.is_none() => {
                let id = id_of(&message).cloned();
                self.fail(id, ErrorReport::new(ErrorCode::RequestInvalid).with_detail("hello comes first"));
                false
            }
            Incoming::Message(ToHost::Authenticate { id, origin, challenge, language }) => {
                self.begin(id.clone(), Wish::SignIn(SignIn { id, origin, challenge, language }));
                true
            }
            Incoming::Message(ToHost::Identify { id, origin, request, language }) => {
                let asked = Identify { id: id.clone(), origin, request, language };
                self.begin(id, Wish::Identify(Box::new(asked)));
                true
            }
            Incoming::Message(ToHost::ChipChallenge { id, challenge }) => {
                let given = self.desk.as_ref().is_some_and(|desk| desk.second_calls.give(&id, challenge));
                if !given {
                    self.refuse_second_call(id);
                }
                true
            }
            Incoming::Message(ToHost::ReadMyCard { id, language }) => {
                self.begin(id.clone(), Wish::MyCard(ReadMyCard { id, language }));
                true
            }
            Incoming::Message(ToHost::SigningCertificates { id, origin, language }) => {
                let asked = SigningCertificates { id: id.clone(), origin, language };
                self.begin(id, Wish::SigningCertificates(asked));
                true
            }
            Incoming::Message(ToHost::Sign { id, origin, language, certificate, algorithm, documents }) => {
                let (certificate, batch) = (certificate.0, Batch::Documents(algorithm, documents));
                let asked = SignDocuments { id: id.clone(), origin, language, certificate, batch };
                self.begin(id, Wish::Sign(asked));
                true
            }
            Incoming::Message(ToHost::SignDigests { id, origin, language, certificate, digests }) => {
                let (certificate, batch, origin) = (certificate.0, Batch::Digests(digests), Some(origin));
                let asked = SignDocuments { id: id.clone(), origin, language, certificate, batch };
                self.begin(id, Wish::Sign(asked));
                true
            }
            Incoming::Message(ToHost::FetchValidationData { id, wanted, freshness }) => {
                self.begin_documents(id, DocumentsWish::Data { wanted, freshness });
                true
            }
            Incoming::Message(ToHost::ValidationServices { id }) => {
                self.begin_documents(id, DocumentsWish::Services);
                true
            }
            Incoming::Message(ToHost::DocumentTrust { id }) => {
                self.begin_documents(id, DocumentsWish::Trust);
                true
            }
            Incoming::Message(ToHost::Cancel { id }) => {
                self.cancel(&id);
                true
            }
            Incoming::Refused(report) => {
                self.fail(None, report);
                true
            }
            Incoming::Broken(report) => {
                self.fail(None, report);
                false
            }
        }
    }

    fn greet(&mut self, theirs: &[ProtocolVersion]) -> bool {
        let listed = theirs.get(..theirs.len().min(MAX_LISTED)).unwrap_or_default();
        let agreed = version::negotiate(version::SPOKEN, listed);
        self.version = agreed.ok();
        self.outgoing.send(FromHost::Hello {
            version: self.version,
            versions: version::SPOKEN.to_vec(),
            host: env!("CARGO_PKG_VERSION").to_owned(),
        });
        if let Err(disagreement) = agreed {
            self.fail(None, ErrorReport::new(disagreement.seen_by_host()));
        }
        agreed.is_ok()
    }

    /// Refuses a request whose name is in use, or for which there is no room.
    fn room_for(&self, id: &RequestId, queue: Queue) -> Result<(), ErrorReport> {
        if self.running.values().any(|running| running.id == *id) {
            return Err(ErrorReport::new(ErrorCode::RequestIdReused));
        }
        if self.running.values().filter(|running| running.queue == queue).count() >= queue.longest() {
            return Err(ErrorReport::new(ErrorCode::RequestPending));
        }
        Ok(())
    }

    fn begin(&mut self, id: RequestId, wish: Wish) {
        let desk = match self.room_for(&id, Queue::Window).and_then(|()| self.desk()) {
            Ok(desk) => desk,
            Err(report) => return self.fail(Some(id), report),
        };
        let (window, outgoing, named) = (Arc::clone(&self.window), self.outgoing.clone(), id.clone());
        let task = self.tasks.spawn(async move {
            let _turn = match window.try_acquire() {
                Ok(turn) => turn,
                Err(_) => {
                    outgoing.send(FromHost::Progress { id: named.clone(), stage: Stage::Queued });
                    window.acquire().await.map_err(|_| ErrorReport::new(ErrorCode::InternalError))?
                }
            };
            grant(&desk, named, wish, outgoing).await
        });
        self.running.insert(task.id(), Running { id, queue: Queue::Window, task });
    }

    /// Neither window nor card is waited for, nor do they wait for the network.
    fn begin_documents(&mut self, id: RequestId, wish: DocumentsWish) {
        if let Err(report) = self.room_for(&id, Queue::Documents) {
            return self.fail(Some(id), report);
        }
        let (network, named) = (Arc::clone(&self.network), id.clone());
        let task = self.tasks.spawn(async move { answer_documents(&network, named, wish).await });
        self.running.insert(task.id(), Running { id, queue: Queue::Documents, task });
    }

    /// Reader watch and profiles, made with the first request that needs a card.
    fn desk(&mut self) -> Result<Arc<Desk>, ErrorReport> {
        if let Some(desk) = &self.desk {
            return Ok(Arc::clone(desk));
        }
        let internal = |detail: String| ErrorReport::new(ErrorCode::InternalError).with_detail(&detail);
        let monitor = Monitor::start().map_err(|error| internal(error.to_string()))?;
        let known = CardProfiles::of_this_computer().map_err(|error| internal(error.to_string()))?;
        // whoever starts the browser from a terminal sees it; nobody may be listening
        let _ = write!(io::stderr(), "{known}");
        let desk = Arc::new(Desk {
            monitor,
            profiles: Arc::new(known.profiles),
            cache: Mutex::default(),
            last_window: Arc::default(),
            refused_places: Mutex::default(),
            second_calls: SecondCalls::default(),
        });
        self.desk = Some(Arc::clone(&desk));
        Ok(desk)
    }

    /// Nobody waits for it: it came too early, too late, twice, or for a request that there is not. What still runs of it ends.
    fn refuse_second_call(&mut self, id: RequestId) {
        self.running.retain(|_, running| {
            let is_it = running.id == id;
            if is_it {
                running.task.abort();
            }
            !is_it
        });
        let report = ErrorReport::new(ErrorCode::RequestInvalid);
        self.fail(Some(id), report.with_detail("no answer to this request waits for a chip challenge"));
    }

    fn cancel(&self, id: &RequestId) {
        for running in self.running.values().filter(|running| running.id == *id) {
            running.task.abort();
        }
    }

    fn answer(&mut self, ended: Result<(Id, Answer), JoinError>) {
        let (task, answer) = match ended {
            Ok((task, answer)) => (task, answer),
            Err(error) if error.is_cancelled() => {
                (error.id(), Err(ErrorReport::new(ErrorCode::RequestAborted)))
            }
            Err(error) => (error.id(), Err(ErrorReport::new(ErrorCode::InternalError))),
        };
        let Some(Running { id, .. }) = self.running.remove(&task) else { return };
        match answer {
            Ok(frame) => self.outgoing.send(frame),
            Err(report) => self.fail(Some(id), report),
        }
    }

    fn fail(&self, id: Option<RequestId>, error: ErrorReport) {
        self.outgoing.send(FromHost::Failure { id, error });
    }
}

/// Does what was asked of a card, once the window is free.
async fn grant(desk: &Desk, id: RequestId, wish: Wish, outgoing: Sender) -> Answer {
    Ok(match wish {
        Wish::SignIn(asked) => {
            let (token, timing) = sign_in(desk, asked, outgoing).await?;
            FromHost::AuthToken { id, token, timing }
        }
        Wish::Identify(asked) => match identify(desk, *asked, outgoing).await? {
            (Identified::Answer(answer), timing) => {
                FromHost::IdentityAnswer { id, answer, chip_authentication: false, timing }
            }
            (Identified::Chip(answer), timing) => FromHost::ChipAnswer { id, answer, timing },
        },
        Wish::MyCard(asked) => {
            let (card, timing) = read_my_card(desk, asked, outgoing).await?;
            FromHost::MyCard { id, card, timing }
        }
        Wish::SigningCertificates(asked) => {
            let (certificates, timing) = signing_certificates(desk, asked, outgoing).await?;
            FromHost::SigningCertificates { id, certificates, timing }
        }
        Wish::Sign(asked) => {
            let (Signatures { signatures, stopped }, timing) = sign_documents(desk, asked, outgoing).await?;
            let signatures = signatures.into_iter().map(Bytes).collect();
            FromHost::Signatures { id, signatures, stopped, timing }
        }
    })
}

/// Does what was asked about documents.
async fn answer_documents(network: &Network, id: RequestId, wish: DocumentsWish) -> Answer {
    Ok(match wish {
        DocumentsWish::Data { wanted, freshness } => {
            let Fetched { data, origin, authority, failed } = network.fetch(wanted, freshness).await?;
            FromHost::ValidationData { id, data: LongBytes(data), origin, authority, failed }
        }
        DocumentsWish::Services => {
            let Services { time_stamp_authorities, sources } = network.services().await?;
            FromHost::ValidationServices { id, time_stamp_authorities, sources }
        }
        DocumentsWish::Trust => {
            // files are read, and signatures verified
            let packs = tokio::task::spawn_blocking(document_trust::of_this_computer).await;
            FromHost::DocumentTrust {
                id,
                packs: packs.map_err(|_| ErrorReport::new(ErrorCode::InternalError))?,
            }
        }
    })
}

const fn id_of(message: &ToHost) -> Option<&RequestId> {
    match message {
        ToHost::Hello { .. } => None,
        ToHost::Authenticate { id, .. }
        | ToHost::Identify { id, .. }
        | ToHost::ChipChallenge { id, .. }
        | ToHost::ReadMyCard { id, .. }
        | ToHost::SigningCertificates { id, .. }
        | ToHost::Sign { id, .. }
        | ToHost::SignDigests { id, .. }
        | ToHost::FetchValidationData { id, .. }
        | ToHost::ValidationServices { id }
        | ToHost::DocumentTrust { id }
        | ToHost::Cancel { id } => Some(id),
    }
}
