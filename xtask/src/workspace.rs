//! Where things are.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use crate::Outcome;

/// The checkout, and what is kept outside it for this user.
pub(crate) struct Workspace {
    /// Top of the checkout.
    pub(crate) root: PathBuf,
    /// Build outputs and tools; survives the checkout, so that a second one builds fast.
    pub(crate) cache: PathBuf,
}

impl Workspace {
    /// The checkout that this program was built from.
    pub(crate) fn find() -> Outcome<Self> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().map(Path::to_path_buf);
        let root = root
            .filter(|root| root.join("Cargo.lock").is_file())
            .ok_or("the checkout has moved: build again")?;
        let base = env::var_os("XDG_CACHE_HOME").map(PathBuf::from).filter(|path| path.is_absolute());
        let base = base.or_else(|| env::var_os("HOME").map(|home| PathBuf::from(home).join(".cache")));
        let cache = base.ok_or("neither XDG_CACHE_HOME nor HOME is set")?.join("bitaqa");
        fs::create_dir_all(&cache).map_err(|error| format!("{}: {error}", cache.display()))?;
        Ok(Self { root, cache })
    }

    /// Target directory of the ordinary compiler.
    pub(crate) fn native_target(&self) -> PathBuf {
        env::var_os("CARGO_TARGET_DIR").map_or_else(|| self.cache.join("target/native"), PathBuf::from)
    }

    /// Target directory of WebAssembly builds, which may use another compiler.
    pub(crate) fn wasm_target(&self) -> PathBuf {
        self.cache.join("target/wasm")
    }

    /// A core as `bitaqa-bindgen` writes it.
    pub(crate) fn core(&self, folder: &str) -> PathBuf {
        self.root.join("target").join(folder)
    }

    /// A program of ours, optimised as it is shipped.
    pub(crate) fn released(&self, program: &str) -> PathBuf {
        self.native_target().join("release").join(program)
    }
}
