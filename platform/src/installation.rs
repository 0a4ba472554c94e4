//! Whether keys and database belong together.
//!
//! A database of other keys would do harm without an error: nobody's number leads to their account any more, so everybody gets a new one,
//! and another `sub`. So the first process that serves leaves a keyed hash of nothing among the keys of accounts, where only
//! the same keys find it again.

use crate::{
    Unable,
    clock::Seconds,
    key_store::{HashUse, KeyStore},
    store::Store,
};

/// What the account of nobody is called.
const NOBODY: &str = "installation";

/// How keys and database stand to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Installation {
    /// They belong together.
    Whole,
    /// Nobody has an account yet, so any keys will do.
    Fresh,
    /// There are accounts, of other keys.
    Foreign,
}

impl Installation {
    /// Looks, and changes nothing.
    ///
    /// # Errors
    /// [`Unable`]: database or keys.
    pub async fn look(store: &dyn Store, keys: &dyn KeyStore) -> Result<Self, Unable> {
        if store.knows_account(mark(keys)?).await? {
            Ok(Self::Whole)
        } else if store.has_accounts().await? {
            Ok(Self::Foreign)
        } else {
            Ok(Self::Fresh)
        }
    }

    /// Looks, and binds a fresh database to the keys.
    ///
    /// # Errors
    /// [`Unable`]: database or keys.
    pub async fn bind(store: &dyn Store, keys: &dyn KeyStore, now: Seconds) -> Result<Self, Unable> {
        let found = Self::look(store, keys).await?;
        if found == Self::Fresh {
            store.account_of(mark(keys)?, NOBODY, now).await?;
        }
        Ok(found)
    }
}

fn mark(keys: &dyn KeyStore) -> Result<crate::secret::Hash, Unable> {
    Ok(keys.hash(HashUse::Installation, &[])?)
}
