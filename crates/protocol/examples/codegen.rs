//! Writes TypeScript types and JSON Schema: `codegen EXTENSION_DIR SDK_DIR SCHEMA_DIR`. Run by `cargo xtask codegen`.

use std::{env, error::Error, fs, path::Path};

use bitaqa_protocol::{
    Blame,
    claim::{Claim, RequestedClaims},
    host::{FromHost, ToHost},
    mediation::Mediation,
    page::{ContentMessage, PageReply, PageRequest},
    signing_request::{SigningReply, SigningRequest},
    statement::Statement,
};
use schemars::{JsonSchema, schema_for};
use ts_rs::{Config, TS};

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [extension, sdk, schema] = arguments.as_slice() else {
        return Err("usage: codegen EXTENSION_DIR SDK_DIR SCHEMA_DIR".into());
    };
    for folder in [extension, sdk, schema] {
        match fs::remove_dir_all(folder) {
            Err(error) if Path::new(folder).exists() => return Err(error.into()),
            _ => fs::create_dir_all(folder)?,
        }
    }
    let pages = Config::new().with_out_dir(sdk);
    PageRequest::export_all(&pages)?;
    PageReply::export_all(&pages)?;
    SigningRequest::export_all(&pages)?;
    SigningReply::export_all(&pages)?;
    Claim::export_all(&pages)?;
    RequestedClaims::export_all(&pages)?;
    let everything = Config::new().with_out_dir(extension);
    PageRequest::export_all(&everything)?;
    PageReply::export_all(&everything)?;
    SigningRequest::export_all(&everything)?;
    SigningReply::export_all(&everything)?;
    Claim::export_all(&everything)?;
    RequestedClaims::export_all(&everything)?;
    ContentMessage::export_all(&everything)?;
    ToHost::export_all(&everything)?;
    FromHost::export_all(&everything)?;
    Blame::export_all(&everything)?;
    write_schema::<PageRequest>(schema, "page_request")?;
    write_schema::<PageReply>(schema, "page_reply")?;
    write_schema::<SigningRequest>(schema, "signing_request")?;
    write_schema::<SigningReply>(schema, "signing_reply")?;
    write_schema::<ToHost>(schema, "to_host")?;
    write_schema::<FromHost>(schema, "from_host")?;
    write_schema::<RequestedClaims>(schema, "requested_claims")?;
    write_schema::<Statement>(schema, "statement")?;
    write_schema::<Mediation>(schema, "mediation")?;
    Ok(())
}

fn write_schema<T: JsonSchema>(folder: &str, name: &str) -> Result<(), Box<dyn Error>> {
    let text = serde_json::to_string_pretty(&schema_for!(T))?;
    Ok(fs::write(Path::new(folder).join(format!("{name}.schema.json")), text + "\n")?)
}
