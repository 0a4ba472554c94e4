//! `bitaqa card read`.

use std::{
    io::{self, Write},
    path::PathBuf,
};

use bitaqa_card::{
    CardError, Unauthenticated,
    channel::Channel,
    chip_session::{AccessControl, CardAccessVerdict, ChipDocument, GroupState},
    gcc::{GccCard, card_data::CardData, images::Images, personal_data::PersonalData},
    lds::{DataGroup, Dg1, Dg2, Dg11, Image, ImageFormat},
    profile::Link,
};
use bitaqa_host::reader::ReaderSeen;
use clap::Args;
use serde::Serialize;

use super::{
    CardFault, Selection,
    access_key::KeySource,
    authenticate::{UNAUTHENTICATED, card_access_word, digest_word},
    chip::{Found, find, on_card, show_progress, with_chip},
    holder::Holder,
    name, one_card,
    output_folder::OutputFolder,
    run,
};
use crate::{Verdict, printable::Printable};

const HELP: &str = "\
The card access number, or document number and dates, are asked for on the terminal and not shown; where the reader runs
PACE itself, the number is typed on its keys. The card is opened with PACE, with basic access control only where it offers none. Cards of Bahrain before 2025 are free to read and ask for nothing.

Written to FOLDER, readable for you alone: sod.bin, dg1.bin and so on, and the portrait as portrait.jpg or portrait.jp2 (.j2k
for a bare codestream). Existing files are kept. They hold personal data: mind where you put them.

The signature of EF.SOD is not checked: digests tell whether groups are those that it lists, not who wrote it. Everything is
unauthenticated.

With --json: {reader, kind, authenticated, opened, cardAccess, groups: [{group, digest, bytes, fault}], holder: {documentCode,
documentNumber, personalNumber, surname, givenNames, nationalName: {surname, givenNames}, nationality, sex, birth, expiry,
issuer, mrz}, portrait: {file, width, height}, files}; kind is icao or gcc, opened pace, bac or free, cardAccess same, differs
or not-signed, digest matches, differs, not-listed, forbidden or missing; null where the card does not say; authenticated is always
false.

Exit codes: 0 everything asked for was read and is what the card lists, 1 it is not, or the card stays closed or could not be
used, 2 there is no service, reader or card, nobody to ask, or a file cannot be written.";

/// What is read where nothing is asked for: what the summary is made of.
const USUAL: [DataGroup; 3] = [DataGroup::DG1, DataGroup::DG2, DataGroup::DG11];
const SOD_FILE: &str = "sod.bin";
const PORTRAIT_FILES: [&str; 3] = ["portrait.jpg", "portrait.jp2", "portrait.j2k"];

/// Which card, what of it, and where to.
#[derive(Debug, Args)]
#[command(after_long_help = HELP)]
pub(crate) struct Arguments {
    #[command(flatten)]
    selection: Selection,

    #[command(flatten)]
    key: KeySource,

    /// Read only these data groups, such as dg1,dg2. If absent: dg1, dg2 and dg11, those that there are
    #[arg(long, value_name = "GROUPS", value_delimiter = ',', value_parser = group)]
    groups: Option<Vec<DataGroup>>,

    /// Write what is read to this folder; existing files are kept
    #[arg(long, value_name = "FOLDER")]
    out: PathBuf,
}

fn group(text: &str) -> Result<DataGroup, &'static str> {
    let number = text.strip_prefix("dg").or_else(|| text.strip_prefix("DG")).unwrap_or(text);
    number.parse().ok().and_then(DataGroup::new).ok_or("data groups are dg1 to dg16")
}

#[derive(Default, Serialize)]
#[serde(rename_all = "camelCase")]
struct Summary {
    reader: String,
    kind: &'static str,
    authenticated: bool,
    opened: &'static str,
    card_access: Option<&'static str>,
    groups: Vec<Group>,
    holder: Holder,
    portrait: Option<Portrait>,
    files: Vec<String>,
}

#[derive(Serialize)]
struct Group {
    group: &'static str,
    digest: &'static str,
    bytes: Option<usize>,
    /// Why its content is none.
    fault: Option<String>,
}

#[derive(Serialize)]
struct Portrait {
    file: &'static str,
    width: Option<u32>,
    height: Option<u32>,
}

/// Reads a card.
pub(crate) fn read(arguments: &Arguments) -> Result<Verdict, CardFault> {
    let wanted = arguments.groups.as_deref().unwrap_or(&USUAL);
    let folder = OutputFolder::new(&arguments.out);
    let names: Vec<String> = wanted.iter().map(|group| file_name(*group)).collect();
    folder.is_free_for(names.iter().map(String::as_str).chain([SOD_FILE]).chain(PORTRAIT_FILES))?;
    let reader = run(one_card(&arguments.selection))?;
    let (summary, files, verdict) = match run(find(&reader))? {
        Found::Icao(access) => {
            let groups = wanted.to_vec();
            let document = run(with_chip(&reader, &access, &arguments.key, move |chip| {
                chip.read(&groups, &mut show_progress())
            }))?;
            of_document(
                name(&reader),
                access.control,
                &Unauthenticated::new(document),
                arguments.groups.is_some(),
            )
        }
        Found::Gcc(_) if arguments.groups.is_some() => return Err(CardFault::NoGroups(name(&reader))),
        Found::Gcc(card) => of_gcc(name(&reader), &read_gcc(&reader, card)?),
    };
    folder.create()?;
    for (name, content) in &files {
        folder.write(name, content)?;
    }
    let mut out = io::stdout().lock();
    if arguments.selection.json {
        serde_json::to_writer_pretty(&mut out, &summary).map_err(io::Error::from)?;
        writeln!(out)?;
    } else {
        summary.print(&mut out)?;
    }
    Ok(verdict)
}

/// A file to be written: name and content.
type File = (String, Vec<u8>);

fn file_name(group: DataGroup) -> String {
    format!("dg{}.bin", group.number())
}

fn of_document(
    reader: String,
    control: AccessControl,
    document: &Unauthenticated<ChipDocument>,
    all_are_wanted: bool,
) -> (Summary, Vec<File>, Verdict) {
    let document = document.claimed();
    let opened = match control {
        AccessControl::Pace(_) => "pace",
        AccessControl::Bac => "bac",
    };
    let card_access = Some(card_access_word(document.card_access));
    let mut summary = Summary { reader, kind: "icao", opened, card_access, ..Summary::default() };
    let mut files = vec![(SOD_FILE.to_owned(), document.sod_content.to_vec())];
    let mut is_sound = document.card_access != CardAccessVerdict::Differs;
    for reading in &document.groups {
        if reading.state == GroupState::NotListed && !all_are_wanted {
            continue;
        }
        let content = reading.content.as_ref();
        let fault = content.and_then(|content| summary.take(reading.group, content, &mut files).err());
        is_sound &= reading.state == GroupState::Matches && fault.is_none();
        if let Some(content) = content {
            files.push((file_name(reading.group), content.to_vec()));
        }
        summary.groups.push(Group {
            group: reading.group.name(),
            digest: digest_word(reading.state),
            bytes: content.map(|content| content.len()),
            fault: fault.map(|fault| fault.to_string()),
        });
    }
    summary.files = files.iter().map(|(name, _)| name.clone()).collect();
    (summary, files, if is_sound { Verdict::Yes } else { Verdict::No })
}

struct GccContent {
    person: PersonalData,
    card: Option<CardData>,
    images: Images,
}

fn read_gcc(reader: &ReaderSeen, card: GccCard) -> Result<Unauthenticated<GccContent>, CardFault> {
    run(on_card(reader, move |transport| {
        let mut channel = Channel::new(transport, Link::CAUTIOUS);
        let person = card.personal_data(&mut channel)?.into_claimed();
        let of_card = match card.card_data(&mut channel) {
            Ok(data) => Some(data.into_claimed()),
            // the first version has no such file that we could read
            Err(CardError::Unsupported(_)) => None,
            Err(error) => return Err(error),
        };
        let images = card.images(&mut channel)?.into_claimed();
        Ok(Unauthenticated::new(GccContent { person, card: of_card, images }))
    }))
}

fn of_gcc(reader: String, content: &Unauthenticated<GccContent>) -> (Summary, Vec<File>, Verdict) {
    let GccContent { person, card, images } = content.claimed();
    let mut files = Vec::new();
    let mut summary = Summary {
        reader,
        kind: "gcc",
        opened: "free",
        holder: Holder::of_gcc(person, card.as_ref()),
        ..Summary::default()
    };
    if let Some(portrait) = Image::recognise(&images.portrait) {
        summary.take_portrait(&portrait, &mut files);
    }
    summary.files = files.iter().map(|(name, _)| name.clone()).collect();
    (summary, files, Verdict::Yes)
}

impl Summary {
    /// Takes out of a group what the summary says of it.
    fn take(&mut self, group: DataGroup, content: &[u8], files: &mut Vec<File>) -> Result<(), CardError> {
        match group {
            DataGroup::DG1 => self.holder.take_mrz(&Dg1::parse(content)?.mrz),
            DataGroup::DG2 => {
                if let Some(face) = Dg2::parse(content)?.faces.first() {
                    self.take_portrait(&face.image, files);
                }
            }
            DataGroup::DG11 => self.holder.take_details(&Dg11::parse(content)?),
            _ => {}
        }
        Ok(())
    }

    fn take_portrait(&mut self, image: &Image, files: &mut Vec<File>) {
        let [jpeg, jpeg_2000, codestream] = PORTRAIT_FILES;
        let file = match image.format {
            ImageFormat::Jpeg => jpeg,
            ImageFormat::Jpeg2000 => jpeg_2000,
            ImageFormat::Jpeg2000Codestream => codestream,
        };
        let (width, height) = image.dimensions.map(|size| (size.width, size.height)).unzip();
        self.portrait = Some(Portrait { file, width, height });
        files.push((file.to_owned(), image.data.to_vec()));
    }

    fn print(&self, out: &mut impl Write) -> io::Result<()> {
        writeln!(out, "{}", Printable(&self.reader))?;
        writeln!(out, "  {UNAUTHENTICATED}")?;
        let opened = match self.opened {
            "pace" => "with PACE",
            "bac" => "with basic access control",
            _ => "nothing: the data is free to read",
        };
        writeln!(out, "  opened:          {opened}")?;
        self.holder.print(out)?;
        if let Some(verdict) = self.card_access {
            writeln!(out, "  EF.CardAccess:   {verdict}")?;
        }
        for group in &self.groups {
            let fault = group.fault.as_deref().map_or_else(String::new, |fault| format!("; {fault}"));
            writeln!(out, "  {:<17}{}{}", format!("{}:", group.group), group.digest, Printable(&fault))?;
        }
        writeln!(out, "  written:         {}", self.files.join(", "))
    }
}
