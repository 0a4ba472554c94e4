//! A software card in a virtual reader of one's own (vsmartcard's vpcd).

use std::{
    io::{self, Write as _},
    net::TcpStream,
    process::ExitCode,
};

use bitaqa_virtual_card::{
    CardSpec, Person, Pki,
    pin::{Pin, PinError},
    private_key::KeyError,
    spec::{Generation, Holder, Personality, SpecError},
    vpcd,
};
use clap::Parser;

/// Puts a software card into a virtual reader (vpcd), until the reader goes or this program is stopped.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    /// Where vpcd listens, for instance localhost:35963.
    #[arg(long, value_name = "HOST:PORT")]
    vpcd: String,
    /// The make of card.
    #[arg(long, value_enum)]
    personality: Personality,
    /// Which generation of it, where there is more than one.
    #[arg(long, value_enum)]
    generation: Option<Generation>,
    /// The holder: amina, youssef, zoe, maryam or tiziri.
    #[arg(long, default_value = "amina")]
    person: String,
    /// The PIN of the authentication key; the others are printed.
    #[arg(long, value_parser = pin)]
    pin: Option<Pin>,
}

fn pin(digits: &str) -> Result<Pin, PinError> {
    Pin::new(digits)
}

#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error(transparent)]
    Spec(#[from] SpecError),
    #[error(transparent)]
    Key(#[from] KeyError),
    #[error("{address}: {error}")]
    Reader { address: String, error: io::Error },
    #[error(transparent)]
    Output(#[from] io::Error),
}

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // if nobody reads it, the exit code says enough
            let _ = writeln!(io::stderr(), "bitaqa-virtual-card: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments) -> Result<(), Failure> {
    let mut spec = CardSpec::new(arguments.personality);
    spec.generation = arguments.generation;
    spec.person = Holder::Named(arguments.person.clone());
    if let Some(pin) = &arguments.pin {
        spec.pin = Some(pin.clone());
    }
    let mut card = spec.make(&Pki::generate()?)?;
    let holder: Person = spec.holder()?;
    let reader_failed = |error| Failure::Reader { address: arguments.vpcd.clone(), error };
    let mut reader = TcpStream::connect(&arguments.vpcd).map_err(reader_failed)?;
    reader.set_nodelay(true).map_err(reader_failed)?;
    // the PINs of a card that exists only now, for the person who tries it out
    let pins = spec.pins();
    writeln!(
        io::stdout(),
        "{}: PIN {}, signature PIN {}, PUK {}",
        holder.common_name(),
        pins.pin.digits(),
        pins.signature_pin.digits(),
        pins.puk.digits()
    )?;
    if spec.has_document() {
        writeln!(io::stdout(), "card access number {}", spec.can().digits())?;
        for line in spec.mrz()?.lines() {
            writeln!(io::stdout(), "{line}")?;
        }
    }
    vpcd::serve(&mut card, &mut reader).map_err(reader_failed)
}
