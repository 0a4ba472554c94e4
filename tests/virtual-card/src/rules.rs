//! What one make of chip does differently from another, where the standards leave it open.

use serde::Deserialize;

/// The transmission protocol that reader and card agreed on; it decides how answers travel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Protocol {
    /// T=0 (ISO 7816-3, section 10): after a command with data, `61XX` and GET RESPONSE; `6CXX` when Le is not right.
    T0,
    /// T=1 (section 11): data comes with the answer.
    #[default]
    T1,
}

/// What happens when a file ends before Ne bytes were read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EndOfFile {
    /// Fewer bytes, `9000`.
    Silent,
    /// Fewer bytes, `6282`.
    Warning,
}

/// What VERIFY without a data field does (ISO 7816-4, section 11.6.6).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StatusQuery {
    /// It tells the state: `9000`, `63CX`, `6983`.
    Answered,
    /// It counts as a wrong PIN: cards with this fault exist.
    CostsATry,
    /// `6700`.
    Refused,
}

/// What SELECT says about a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ControlInformation {
    /// Size, kind, identifier, name, short identifier, life cycle (ISO 7816-4, table 10).
    Full,
    /// The size of an elementary file and nothing else.
    SizeOnly,
    /// As `Full`, and the access rules for contacts and for radio (IAS ECC).
    AccessRules,
}

/// What SELECT with P1 = 01 ("child DF") finds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChildSelection {
    /// Dedicated files, as the standard says.
    Directories,
    /// Elementary files too, as clients of IAS-ECC cards expect.
    AllFiles,
}

/// What SELECT does to the security state (the standard leaves it to the card, ISO 7816-4, section 9.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SelectionEffect {
    /// Leaving the subtree of a local PIN forgets it; global PINs stay.
    ForgetsLocalPinsOutside,
    /// Selecting the card's application anew by its name forgets all PINs; otherwise they stay.
    RestartsWithApplication,
}

/// Whether and how the chip tells the state of its PINs by GET DATA.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PinInformation {
    /// It does not.
    None,
    /// As IAS-ECC security data objects: `00 CB 3F FF` with a header list `4D {70 {BF81nn {A0 80}}}`.
    SecurityDataObjects,
    /// All security data objects of IAS ECC: PINs, keys, environments.
    IasEcc,
    /// As the chips of Thales do: `00 CB 00 FF` with `A0 {83 nn}`.
    ByReference,
}

/// What an answer that is longer than Ne gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LongAnswer {
    /// `6CXX`: nothing is given until Ne is right.
    RightLength,
    /// Ne bytes and `61XX`: the rest waits for GET RESPONSE.
    Chained,
}

/// Whether the security environment has a hash template (`AA`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HashTemplate {
    /// No: the algorithm of the signature says how to hash.
    None,
    /// Yes: it names the hash algorithm.
    Named,
}

/// Which commands the chip has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CommandSet {
    /// Those of a file system (ISO 7816-4), with keys in security environments (ISO 7816-8).
    Files,
    /// Those of NIST SP 800-73-5, part 2: data objects instead of files.
    Piv,
}

/// The rules of one chip.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rules {
    /// Which commands there are.
    pub command_set: CommandSet,
    /// What happens when Ne is too small.
    pub long_answer: LongAnswer,
    /// Lc and Le may be extended.
    pub extended_length: bool,
    /// Commands may be chained (CLA bit 5).
    pub chaining: bool,
    /// Most bytes of data in one answer.
    pub max_answer: usize,
    /// What happens at the end of a file.
    pub end_of_file: EndOfFile,
    /// What VERIFY without data does.
    pub status_query: StatusQuery,
    /// What SELECT says.
    pub control_information: ControlInformation,
    /// What SELECT with P1 = 01 finds.
    pub child_selection: ChildSelection,
    /// What SELECT does to the security state.
    pub selection: SelectionEffect,
    /// Whether GET DATA tells about PINs.
    pub pin_information: PinInformation,
    /// Whether there is a hash template.
    pub hash_template: HashTemplate,
}

impl Rules {
    /// What the standard describes, for a chip without extended lengths; a make says where it differs.
    pub const ISO: Self = Self {
        command_set: CommandSet::Files,
        long_answer: LongAnswer::RightLength,
        extended_length: false,
        chaining: true,
        max_answer: 256,
        end_of_file: EndOfFile::Silent,
        status_query: StatusQuery::Answered,
        control_information: ControlInformation::Full,
        child_selection: ChildSelection::Directories,
        selection: SelectionEffect::ForgetsLocalPinsOutside,
        pin_information: PinInformation::None,
        hash_template: HashTemplate::None,
    };
}
