//! Writes the TypeScript types of `@bitaqa/sign`: `sign-codegen FOLDER`. Run by `cargo xtask codegen`.

use std::{env, error::Error, fs, path::Path};

use bitaqa_sign::{
    Refusal,
    pdf::{Certification, Field},
    preparation::Plan,
    request::{AlgorithmChoice, ContainerSignature, Format, Packaging, Serialization, StatedPlace},
};
use ts_rs::{Config, TS};

fn main() -> Result<(), Box<dyn Error>> {
    let folder = env::args().nth(1).ok_or("usage: sign-codegen FOLDER")?;
    let folder = Path::new(&folder);
    match fs::remove_dir_all(folder) {
        Err(error) if folder.exists() => return Err(error.into()),
        _ => fs::create_dir_all(folder)?,
    }
    let types = Config::new().with_out_dir(folder);
    Format::export_all(&types)?;
    Packaging::export_all(&types)?;
    ContainerSignature::export_all(&types)?;
    Serialization::export_all(&types)?;
    AlgorithmChoice::export_all(&types)?;
    StatedPlace::export_all(&types)?;
    Field::export_all(&types)?;
    Certification::export_all(&types)?;
    Plan::export_all(&types)?;
    Refusal::export_all(&types)?;
    Ok(())
}
