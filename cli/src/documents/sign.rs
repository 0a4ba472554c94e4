//! `bitaqa sign`.

use std::{
    io::{self, Write},
    path::PathBuf,
};

use bitaqa_signature::{
    Level, SignerStatement,
    augmentation::Augmented,
    statement::{Commitment, Place},
};
use bitaqa_trust::DateTime;
use clap::{Args, ValueEnum};
use serde::Serialize;

use super::{
    DocumentFault,
    certificate_arguments::CertificateArguments,
    detached::DetachedFiles,
    extend_later::{ExtendLater, Means},
    format::{Format, PdfWords, Prepared, prepare},
    level::LevelName,
    network::Network,
    raise::raise_as_far_as_it_goes,
    risks::InspectedPdfs,
    signing_jobs::{Job, jobs},
};
use crate::{
    Verdict, bounded_file,
    card::{CardFault, Selection, access_key::KeySource, signing::SigningCard},
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
answer the level is lower: standard error says so, why, and the command of `bitaqa extend` that raises the file later.

Where a card has several certificates for documents, the first is taken that can be used and is as --qualified, --certificate-type,
--legislation and --policy ask; each of the others is named on standard error, with the reason why it is not used. They go by what a
certificate says of itself: whether a signature is qualified only a trusted list tells (`bitaqa verify --trusted-list`).

Several files are signed after one PIN entry if the card allows that; if it wants its PIN each time, it is asked for each time.

Every PDF is inspected first, whatever becomes of it. What may change what it shows or does, such as scripts, layers, or content of other
files, is said on standard error in a line that begins with \"Caution:\". It is no reason not to sign.

With --json: {files: [{documents: [{name, sha256, risks}], out, format, level, notices, extendLater}], asked, failures}; extendLater is
null, or where the level is lower {wanted, command}, command null where extending does not help; risks: javaScript, xfa,
optionalContent, externalActions, externalContent, embeddedFiles, media, automaticActions, formFields, viewerMadeAppearances,
trailingBytes, unreadable.

Exit codes: 0 signed, with the level that was asked for; 1 not signed (also where no certificate suits), or with a lower level; 2 wrong usage, a document
that cannot be read or signed in this form, no card, or nobody to ask for the PIN: then standard error says why, and nothing is printed
on standard output, also with --json.";

/// What, how and where to.
#[derive(Debug, Args)]
#[command(after_long_help = HELP)]
pub(crate) struct Arguments {
    #[command(flatten)]
    selection: Selection,

    #[command(flatten)]
    key: KeySource,

    #[command(flatten)]
    certificate: CertificateArguments,

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

    /// The signed file; or, for several documents or with a / at its end, a folder
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
    asked: Vec<String>,
    failures: Vec<String>,
}

impl Answer {
    fn new(files: Vec<SignedFile>, network: Option<&Network>) -> Self {
        let (asked, failures) =
            network.map_or_else(Default::default, |network| (network.asked(), network.failures()));
        Self { files, asked, failures }
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SignedFile {
    documents: Vec<SignedDocument>,
    out: String,
    format: &'static str,
    level: Level,
    notices: Vec<String>,
    extend_later: Option<ExtendLater>,
}

#[derive(Serialize)]
struct SignedDocument {
    name: String,
    sha256: String,
    /// What a PDF has beside pages that always look the same.
    risks: Vec<&'static str>,
}

/// A document of which only the signature is missing.
struct Ready {
    job: Job,
    /// Of each document, of the very bytes that are signed.
    sha256: Vec<String>,
    prepared: Prepared,
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
    check(arguments, level)?;
    let network = (level > Level::BB).then(|| Network::new(&arguments.tsa)).transpose()?;
    if network.as_ref().is_some_and(|network| !network.has_time_stamp_authority()) {
        return Err(DocumentFault::NoTimeStampAuthority);
    }
    let store = trust_files::trust_store(&arguments.trust, None)?;
    let is_for_pdf = arguments.reason.is_some() || arguments.field.is_some();
    let (jobs, _made) = jobs(&arguments.files, arguments.format, &arguments.out, is_for_pdf)?;
    let inspected = InspectedPdfs::of(jobs.iter().flat_map(|job| &job.documents))?;
    inspected.say(&mut io::stderr().lock())?;
    let at = moment::now()?;
    let card = find(arguments, at)?;
    let chain = store.intermediates().iter().map(|certificate| (**certificate).clone()).collect();
    let signer = card.signer(chain)?;
    let statement = statement(arguments)?;
    let words =
        PdfWords { reason: arguments.reason.clone(), field: arguments.field.clone(), name: card.holder() };
    let mut ready = Vec::new();
    for job in jobs {
        let (prepared, digests) = prepare(&job.documents, job.format, &signer, &statement, &words)?;
        for (document, digest) in job.documents.iter().zip(&digests) {
            inspected.confirm(document, digest)?;
        }
        let sha256 = digests.iter().map(|digest| hexadecimal(digest)).collect();
        ready.push(Ready { job, sha256, prepared });
    }
    show(&ready, &card)?;
    let messages = ready.iter().map(|ready| ready.prepared.to_be_signed().to_vec()).collect();
    let (signatures, stopped) = signatures(card, messages, (arguments, at))?;
    let mut files = Vec::new();
    let mut all_done = stopped.is_none();
    for (ready, signature) in ready.into_iter().zip(signatures) {
        // what is wrong with one file keeps no other from its signature
        match finish(ready, &signature, level, (&store, network.as_ref()), (&inspected, arguments)) {
            Ok(file) => files.push(file),
            Err(error) => {
                all_done = false;
                complain(&error);
            }
        }
    }
    let reached = all_done && files.iter().all(|file| file.level >= level);
    print(&Answer::new(files, network.as_ref()), arguments)?;
    match stopped {
        Some(fault) => Err(fault.into()),
        None => Ok(if reached { Verdict::Yes } else { Verdict::No }),
    }
}

/// The card, with the certificate that is asked for.
fn find(arguments: &Arguments, at: DateTime) -> Result<SigningCard, CardFault> {
    SigningCard::find(&arguments.selection, &arguments.key, &arguments.certificate.wanted(), at)
}

/// Options that would do nothing, or that miss another.
fn check(arguments: &Arguments, level: Level) -> Result<(), DocumentFault> {
    let in_pdf = |format: Option<Format>| matches!(format, None | Some(Format::Pades));
    if (arguments.reason.is_some() || arguments.field.is_some()) && !in_pdf(arguments.format) {
        return Err(DocumentFault::Usage(
            "--reason and --field are for PDF files; use --commitment elsewhere",
        ));
    }
    if level == Level::BB && !arguments.tsa.is_empty() {
        return Err(DocumentFault::Usage("--tsa is of no use for B-B; say --level B-T"));
    }
    if level >= Level::BLt && arguments.trust.is_empty() {
        return Err(DocumentFault::Usage(
            "B-LT and B-LTA need --trust: the roots of signer and time stamps, whose data goes into the file",
        ));
    }
    Ok(())
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
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
fn show(ready: &[Ready], card: &SigningCard) -> Result<(), DocumentFault> {
    let mut out = io::stderr().lock();
    for not_used in card.not_used() {
        writeln!(out, "Not used: {not_used}")?;
    }
    let holder = card.holder().unwrap_or_else(|| "(a certificate without a name)".to_owned());
    writeln!(out, "Signing as {}:", Printable(&holder))?;
    for Ready { job, sha256, .. } in ready {
        for (document, sha256) in job.documents.iter().zip(sha256) {
            writeln!(out, "  {sha256}  {}", Printable(&document.display().to_string()))?;
        }
    }
    Ok(())
}

/// The signatures as far as they were made, and what kept the card from making the others.
fn signatures(
    card: SigningCard,
    messages: Vec<Vec<u8>>,
    (arguments, at): (&Arguments, DateTime),
) -> Result<(Vec<Vec<u8>>, Option<CardFault>), DocumentFault> {
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
            None => find(arguments, at),
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
    ready: Ready,
    signature: &[u8],
    level: Level,
    (store, network): (&bitaqa_trust::TrustStore, Option<&Network>),
    (inspected, arguments): (&InspectedPdfs, &Arguments),
) -> Result<SignedFile, DocumentFault> {
    let failures = || network.map_or_else(Vec::new, Network::failures);
    let failed_before = failures().len();
    let Ready { job: Job { documents, out, format }, sha256, prepared } = ready;
    let signed = prepared
        .finish(signature, network)
        .map_err(|error| DocumentFault::Signing { path: out.clone(), error })?;
    let beside = if format.is_detached() { documents.as_slice() } else { &[] };
    let detached = DetachedFiles::new(beside);
    let (file, augmented) = match network {
        None => (signed, Augmented { level: Level::BB, notices: Vec::new() }),
        Some(network) => {
            // the signature is there: it is kept as far as it was raised, and can be raised later
            let raised = raise_as_far_as_it_goes(&signed, &detached, level, (store, moment::now()?), network);
            if let Some(error) = raised.fault {
                complain(&format!("{}: {error}", out.display()));
            }
            (raised.file.unwrap_or(signed), raised.augmented)
        }
    };
    bounded_file::create(&out, 0o644, &file)?;
    let means = Means { tsa: &arguments.tsa, trust: &arguments.trust, has_time_stamps: true };
    let extend_later = ExtendLater::of(&out, beside, level, &augmented, &means);
    if let Some(later) = &extend_later {
        let failures = failures();
        let failures = failures.get(failed_before..).unwrap_or_default();
        later.say(&out, &augmented, failures, &mut io::stderr().lock())?;
    }
    Ok(SignedFile {
        documents: documents
            .iter()
            .zip(sha256)
            .map(|(document, sha256)| SignedDocument {
                name: document.display().to_string(),
                sha256,
                risks: inspected.names(document),
            })
            .collect(),
        out: out.display().to_string(),
        format: format.name(),
        level: augmented.level,
        notices: augmented.notices.iter().map(ToString::to_string).collect(),
        extend_later,
    })
}

fn print(answer: &Answer, arguments: &Arguments) -> Result<(), DocumentFault> {
    let mut out = io::stdout().lock();
    if arguments.selection.json() {
        serde_json::to_writer_pretty(&mut out, answer).map_err(io::Error::from)?;
        writeln!(out)?;
        return Ok(());
    }
    for file in &answer.files {
        let names: Vec<&str> = file.documents.iter().map(|document| document.name.as_str()).collect();
        let names = names.join(", ");
        writeln!(out, "{}: {} {}, of {}", Printable(&file.out), file.format, file.level, Printable(&names))?;
    }
    // what lowered a level is said on standard error, with what helps
    let lowered = answer.files.iter().any(|file| file.extend_later.is_some());
    let failures = if lowered { &[] } else { answer.failures.as_slice() };
    super::report_text::print_network(&answer.asked, failures, &mut out)?;
    Ok(())
}
