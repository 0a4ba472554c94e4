//! `bitaqa sign`.

use std::{
    fs,
    io::{self, Write},
    path::{Path, PathBuf},
};

use bitaqa_signature::{
    Level, SignerStatement,
    augmentation::Augmented,
    statement::{Commitment, Place},
};
use clap::{Args, ValueEnum};
use serde::Serialize;

use super::{
    DocumentFault,
    detached::{DetachedFiles, digest_of},
    format::{Format, PdfWords, Prepared, output, prepare},
    level::LevelName,
    levels::raise,
    network::Network,
};
use crate::{
    Verdict, bounded_file,
    card::{Selection, access_key::KeySource, signing::SigningCard},
    moment,
    printable::{Printable, complain},
    trust_files,
};

const HELP: &str = "\
Examples:
  bitaqa sign contract.pdf --out contract.signed.pdf
  bitaqa sign letter.txt --level B-T --tsa http://tsa.example/ --out letter.txt.p7s
  bitaqa sign *.pdf --reason \"I agree\" --out signed/

Signs with the card's key for documents, after its PIN, which is asked for on the terminal. A PDF gets the signature inside (PAdES);
of every other file the signature becomes a file of its own (CAdES), unless --format says otherwise: asic-e puts all documents into
one container with one signature. No file is ever overwritten.

A signature is B-B, without anybody asked over the network, unless --level says otherwise: B-T adds a time stamp, B-LT what its
validation needs (with --trust, the anchors of signer and time stamps), B-LTA an archive time stamp. Where an authority does not
answer the level is lower; that is said, and `bitaqa extend` can raise it later.

Several files are signed after one PIN entry if the card allows that; if it wants its PIN each time, it is asked for each time.

With --json: {files: [{documents: [{name, sha256}], out, format, level, notices}]}.

Exit codes: 0 signed, with the level that was asked for; 1 not signed, or with a lower level; 2 wrong usage, an unreadable file, no
card, or nobody to ask for the PIN.";

/// What, how and where to.
#[derive(Debug, Args)]
#[command(after_long_help = HELP)]
pub(crate) struct Arguments {
    #[command(flatten)]
    selection: Selection,

    #[command(flatten)]
    key: KeySource,

    /// The form of the signature; by default inside of a PDF, else a file beside the document
    #[arg(long, value_enum)]
    format: Option<Format>,

    /// How long it can be validated
    #[arg(long, value_enum, default_value = "B-B")]
    level: LevelName,

    /// A time-stamp authority (RFC 3161), http or https. May be given several times: the next is asked where one does not answer
    #[arg(long, value_name = "URL")]
    tsa: Vec<String>,

    /// Certificates of issuers, of which those above the signer's are put into the file; and anchors for B-LT. A folder, or a PEM
    /// or DER file
    #[arg(long, value_name = "PATH")]
    trust: Vec<PathBuf>,

    /// Why you sign: stands in a PDF
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,

    /// The name of an empty signature field of the PDF
    #[arg(long, value_name = "NAME")]
    field: Option<String>,

    /// A role that you claim
    #[arg(long, value_name = "TEXT")]
    role: Vec<String>,

    /// The town in which you sign
    #[arg(long, value_name = "TOWN")]
    place: Option<String>,

    /// What the signature means
    #[arg(long, value_enum, conflicts_with = "reason")]
    commitment: Option<CommitmentName>,

    /// The signed file; or, for several documents, a folder
    #[arg(long, value_name = "PATH")]
    out: PathBuf,

    /// The documents
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
}

/// What a signature means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum CommitmentName {
    /// You made, approved and sent the document.
    Origin,
    /// You received it.
    Receipt,
    /// You delivered it.
    Delivery,
    /// You sent it.
    Sender,
    /// You approve of it.
    Approval,
    /// You made it.
    Creation,
}

impl From<CommitmentName> for Commitment {
    fn from(name: CommitmentName) -> Self {
        match name {
            CommitmentName::Origin => Self::ProofOfOrigin,
            CommitmentName::Receipt => Self::ProofOfReceipt,
            CommitmentName::Delivery => Self::ProofOfDelivery,
            CommitmentName::Sender => Self::ProofOfSender,
            CommitmentName::Approval => Self::ProofOfApproval,
            CommitmentName::Creation => Self::ProofOfCreation,
        }
    }
}

#[derive(Serialize)]
struct Answer {
    files: Vec<SignedFile>,
}

#[derive(Serialize)]
struct SignedFile {
    documents: Vec<SignedDocument>,
    out: String,
    format: &'static str,
    level: Level,
    notices: Vec<String>,
}

#[derive(Serialize)]
struct SignedDocument {
    name: String,
    sha256: String,
}

/// A document on its way.
struct Job {
    /// One, or all that go into a container.
    documents: Vec<PathBuf>,
    sha256: Vec<String>,
    out: PathBuf,
    format: Format,
}

/// Runs the command.
pub(crate) fn run(arguments: &Arguments) -> Verdict {
    sign(arguments).unwrap_or_else(|error| {
        complain(&error);
        error.verdict()
    })
}

fn sign(arguments: &Arguments) -> Result<Verdict, DocumentFault> {
    let level = Level::from(arguments.level);
    // whatever cannot be done is found out before anybody is asked for a PIN
    let network = (level > Level::BB).then(|| Network::new(&arguments.tsa)).transpose()?;
    if network.as_ref().is_some_and(|network| !network.has_time_stamp_authority()) {
        return Err(DocumentFault::NoTimeStampAuthority);
    }
    let store = trust_files::trust_store(&arguments.trust, None)?;
    let jobs = jobs(arguments)?;
    let card = SigningCard::find(&arguments.selection, &arguments.key)?;
    let chain = store.intermediates().iter().map(|certificate| (**certificate).clone()).collect();
    let signer = card.signer(chain)?;
    let statement = statement(arguments)?;
    let words =
        PdfWords { reason: arguments.reason.clone(), field: arguments.field.clone(), name: card.holder() };
    let prepared: Vec<Prepared> = jobs
        .iter()
        .map(|job| prepare(&job.documents, job.format, &signer, &statement, &words))
        .collect::<Result<_, _>>()?;
    show(&jobs, &card)?;
    let messages: Vec<Vec<u8>> = prepared.iter().map(|prepared| prepared.to_be_signed().to_vec()).collect();
    let (signatures, stopped) = signatures(card, messages, arguments)?;
    let mut files = Vec::new();
    for ((job, prepared), signature) in jobs.into_iter().zip(prepared).zip(signatures) {
        let signed = prepared
            .finish(&signature, network.as_ref())
            .map_err(|error| DocumentFault::Signing { path: job.out.clone(), error })?;
        files.push(finish(job, signed, level, &store, network.as_ref())?);
    }
    let reached = files.iter().all(|file| file.level >= level) && stopped.is_none();
    print(&Answer { files }, arguments, network.as_ref())?;
    match stopped {
        Some(fault) => Err(fault.into()),
        None => Ok(if reached { Verdict::Yes } else { Verdict::No }),
    }
}

fn jobs(arguments: &Arguments) -> Result<Vec<Job>, DocumentFault> {
    let container = arguments.format.filter(|format| format.is_container_of_all());
    let is_folder = container.is_none() && arguments.files.len() > 1 || arguments.out.is_dir();
    if is_folder {
        let fault = |error| bounded_file::FileFault { path: arguments.out.clone(), error };
        fs::create_dir_all(&arguments.out).map_err(fault)?;
    }
    let groups: Vec<Vec<PathBuf>> = match container {
        Some(_) => vec![arguments.files.clone()],
        None => arguments.files.iter().map(|document| vec![document.clone()]).collect(),
    };
    let mut jobs: Vec<Job> = Vec::new();
    for documents in groups {
        let Some(first) = documents.first() else { continue };
        let format = match arguments.format {
            Some(format) => format,
            None => Format::fitting(first)?,
        };
        let out = output(&arguments.out, is_folder, format, first);
        if out.exists() || jobs.iter().any(|job| job.out == out) {
            return Err(DocumentFault::Exists(out));
        }
        let mut sha256 = Vec::new();
        for document in &documents {
            let digest = digest_of(document, bitaqa_signature::Hash::Sha256)
                .map_err(|error| bounded_file::FileFault { path: document.clone(), error })?;
            sha256.push(digest.iter().map(|byte| format!("{byte:02x}")).collect());
        }
        jobs.push(Job { documents, sha256, out, format });
    }
    Ok(jobs)
}

fn statement(arguments: &Arguments) -> Result<SignerStatement, DocumentFault> {
    Ok(SignerStatement {
        signing_time: Some(moment::now()?),
        commitments: arguments.commitment.map(Commitment::from).into_iter().collect(),
        claimed_roles: arguments.role.clone(),
        place: arguments.place.clone().map(|locality| Place { locality: Some(locality), ..Place::default() }),
        ..SignerStatement::default()
    })
}

/// Says whose signature it will be, and of what, before the PIN is asked for.
fn show(jobs: &[Job], card: &SigningCard) -> Result<(), DocumentFault> {
    let mut out = io::stderr().lock();
    let holder = card.holder().unwrap_or_else(|| "(a certificate without a name)".to_owned());
    writeln!(out, "Signing as {}:", Printable(&holder))?;
    for job in jobs {
        for (document, sha256) in job.documents.iter().zip(&job.sha256) {
            writeln!(out, "  {sha256}  {}", Printable(&document.display().to_string()))?;
        }
    }
    Ok(())
}

/// The signatures as far as they were made, and what kept the card from making the others.
fn signatures(
    card: SigningCard,
    messages: Vec<Vec<u8>>,
    arguments: &Arguments,
) -> Result<(Vec<Vec<u8>>, Option<crate::card::CardFault>), DocumentFault> {
    if messages.len() == 1 || !card.wants_pin_each_time() {
        return Ok(card.sign(messages)?);
    }
    let certificate = card.certificate().clone();
    let mut signatures = Vec::new();
    let mut card = Some(card);
    let count = messages.len();
    for (index, message) in messages.into_iter().enumerate() {
        let made = match card.take() {
            Some(card) => Ok(card),
            // the card was reset after the signature before; it is looked at anew
            None => SigningCard::find(&arguments.selection, &arguments.key),
        };
        let made = made.and_then(|card| {
            if card.certificate() != &certificate {
                return Err(crate::card::pin::PinFault::CardChanged.into());
            }
            writeln!(io::stderr(), "Document {} of {count}", index + 1)?;
            card.sign(vec![message])
        });
        match made {
            Ok((more, None)) => signatures.extend(more),
            Err(fault) if signatures.is_empty() => return Err(fault.into()),
            Ok((_, Some(fault))) | Err(fault) => return Ok((signatures, Some(fault))),
        }
    }
    Ok((signatures, None))
}

fn finish(
    job: Job,
    signed: Vec<u8>,
    level: Level,
    store: &bitaqa_trust::TrustStore,
    network: Option<&Network>,
) -> Result<SignedFile, DocumentFault> {
    let Job { documents, sha256, out, format } = job;
    let (file, augmented) = match network {
        None => (signed, Augmented { level: Level::BB, notices: Vec::new() }),
        Some(network) => {
            let detached = DetachedFiles::new(if format.is_detached() { &documents } else { &[] });
            let raised = raise(&signed, &detached, level, (store, moment::now()?), network);
            match raised {
                Ok(raised) => raised,
                // the signature is there: it is kept as it is, and can be raised later
                Err(error) => {
                    complain(&format!("{}: {error}", out.display()));
                    (signed, Augmented { level: Level::BB, notices: Vec::new() })
                }
            }
        }
    };
    write_new(&out, &file)?;
    Ok(SignedFile {
        documents: documents
            .iter()
            .zip(sha256)
            .map(|(document, sha256)| SignedDocument { name: document.display().to_string(), sha256 })
            .collect(),
        out: out.display().to_string(),
        format: format.name(),
        level: augmented.level,
        notices: augmented.notices.iter().map(ToString::to_string).collect(),
    })
}

fn write_new(path: &Path, bytes: &[u8]) -> Result<(), DocumentFault> {
    Ok(bounded_file::create(path, 0o644, bytes)?)
}

fn print(answer: &Answer, arguments: &Arguments, network: Option<&Network>) -> Result<(), DocumentFault> {
    let mut out = io::stdout().lock();
    if arguments.selection.json() {
        serde_json::to_writer_pretty(&mut out, answer).map_err(io::Error::from)?;
        writeln!(out)?;
        return Ok(());
    }
    for file in &answer.files {
        writeln!(
            out,
            "{}: {} {}, of {}",
            Printable(&file.out),
            file.format,
            file.level,
            Printable(
                &file.documents.iter().map(|document| document.name.as_str()).collect::<Vec<_>>().join(", ")
            )
        )?;
        for notice in &file.notices {
            writeln!(out, "  {}", Printable(notice))?;
        }
    }
    if let Some(network) = network {
        super::report_text::print_network(&network.asked(), &network.failures(), &mut out)?;
    }
    Ok(())
}
