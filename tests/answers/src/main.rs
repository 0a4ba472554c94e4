//! `bitaqa-answers`: a person with a card, for the tests of `@bitaqa/verify`. Reads orders from standard input and writes what came
//! of each to standard output, one JSON object a line. `bitaqa-answers bench [--json]` measures what it takes to verify them.
//!
//! `{ "card": {…}, "origin": …, "request": {…}, "recipient": {JWK} }` opens a card and answers the request:
//! `{ "answer": JWE, "content": {…}, "authority": DER in base64, "holder": {…} }`. `{ "chip": CHALLENGE }` gives what the same chip answers to
//! the server's key: `{ "chip": ANSWER }`.

use std::{
    env,
    error::Error,
    io::{self, Write as _},
    process::ExitCode,
};

use bitaqa_answers::{Reader, answer, authority, chip_answer, sealed, verification_time};
use bitaqa_jose::PublicJwk;
use bitaqa_protocol::{
    Origin, encode_base64,
    identity::{ChipChallenge, IdentityRequest},
};
use bitaqa_trust::chip_proof::ChipAuthenticationBinding;
use bitaqa_virtual_card::CardSpec;
use serde::Deserialize;
use serde_json::{Value, json};

#[derive(Deserialize)]
#[serde(untagged, rename_all = "camelCase")]
enum Order {
    Answer { card: Box<CardSpec>, origin: Origin, request: Box<IdentityRequest>, recipient: Value },
    Chip { chip: ChipChallenge },
}

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match arguments[..] {
        [] => serve(),
        ["bench"] => bench(false),
        ["bench", "--json"] => bench(true),
        _ => Err("usage: bitaqa-answers [bench [--json]]".into()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bitaqa-answers: {error}");
            ExitCode::FAILURE
        }
    }
}

fn bench(as_json: bool) -> Result<(), Box<dyn Error>> {
    let found = verification_time::measure()?;
    let text = if as_json { serde_json::to_string(&found)? } else { verification_time::table(&found) };
    Ok(writeln!(io::stdout(), "{text}")?)
}

fn serve() -> Result<(), Box<dyn Error>> {
    let mut lines = io::stdin().lines();
    let mut order = next(&mut lines)?;
    while let Some(Order::Answer { card, origin, request, recipient }) = order {
        let recipient = PublicJwk::parse(recipient.to_string().as_bytes())?;
        let mut reader = Reader::holding(&card)?;
        let (mut channel, dump) = reader.dump(&card)?;
        let content = answer(&mut channel, &dump, (&origin, &request), &recipient)?;
        let holder = card.holder()?;
        say(&json!({
            "answer": sealed(&content, &recipient)?,
            "content": content,
            "authority": encode_base64(&authority(&card)?),
            "holder": { "surname": holder.surname, "documentNumber": holder.document_number() },
        }))?;
        order = next(&mut lines)?;
        while let Some(Order::Chip { chip }) = &order {
            let thumbprint = recipient.thumbprint();
            let binding = ChipAuthenticationBinding::of(&origin, &request.challenge, thumbprint.as_bytes());
            let chip = String::from(chip_answer(&mut channel, &dump, &binding, chip)?);
            say(&json!({ "chip": chip }))?;
            order = next(&mut lines)?;
        }
    }
    Ok(())
}

fn next(lines: &mut impl Iterator<Item = io::Result<String>>) -> Result<Option<Order>, Box<dyn Error>> {
    lines.next().map(|line| Ok(serde_json::from_str(&line?)?)).transpose()
}

fn say(told: &Value) -> io::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "{told}")?;
    out.flush()
}
