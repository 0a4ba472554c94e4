//! Runs each test of a suite on every kind of store.

use std::{future::Future, sync::Arc};

use bitaqa_platform::store::{MemoryStore, SqliteStore, Store};

use crate::failing_proxy::Fault;

/// What a database does in turn, in each run on one that fails.
pub(crate) const FAULTS: [&[Fault]; 4] = [
    &[Fault::Serialization],
    &[Fault::LostBefore],
    &[Fault::LostAfter],
    &[Fault::Serialization, Fault::LostAfter, Fault::LostBefore],
];

pub(crate) fn with_memory<F: Future<Output = ()>>(test: impl Fn(Arc<dyn Store>) -> F) {
    runtime().block_on(test(Arc::new(MemoryStore::new())));
}

pub(crate) fn with_sqlite<F: Future<Output = ()>>(test: impl Fn(Arc<dyn Store>) -> F) {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", folder.path().join("platform.db").display());
    runtime().block_on(async {
        let store = SqliteStore::open(&url).await.unwrap();
        store.migrate().await.unwrap();
        // what has been done is not done again
        store.migrate().await.unwrap();
        test(Arc::new(store)).await;
    });
}

pub(crate) fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap()
}

macro_rules! on_every_store {
    ($($name:ident),+ $(,)?) => {
        mod in_memory {
            $(#[test] fn $name() { crate::every_store::with_memory(crate::$name); })+
        }
        mod in_sqlite {
            $(#[test] fn $name() { crate::every_store::with_sqlite(crate::$name); })+
        }
        /// One server for all, and a database for each.
        #[test]
        fn in_postgres() {
            let server = crate::postgres::Postgres::start();
            $(
                let url = server.database(stringify!($name));
                crate::every_store::runtime().block_on(async {
                    let store = bitaqa_platform::store::PostgresStore::connect(&url).await.unwrap();
                    store.migrate().await.unwrap();
                    store.migrate().await.unwrap();
                    $name(std::sync::Arc::new(store)).await;
                });
                println!("in_postgres::{} ok", stringify!($name));
            )+
        }
        /// What may fail fails often, and the suite does not notice.
        #[test]
        fn in_a_postgres_that_fails() {
            let server = crate::postgres::Postgres::start();
            for (at, faults) in crate::every_store::FAULTS.into_iter().enumerate() {
                let proxy = crate::failing_proxy::FailingProxy::start(server.port(), 2, faults);
                $(
                    let url = server.database(&format!("f{at}_{:.40}", stringify!($name)));
                    crate::every_store::runtime().block_on(async {
                        bitaqa_platform::store::PostgresStore::connect(&url).await.unwrap().migrate().await.unwrap();
                        let store = bitaqa_platform::store::PostgresStore::connect(&proxy.url(&url)).await.unwrap();
                        $name(std::sync::Arc::new(bitaqa_platform::store::Retrying::new(store))).await;
                    });
                )+
                println!("{:?}", proxy.made());
                for (fault, count) in proxy.made() {
                    assert_eq!(faults.contains(&fault), count > 0, "{fault:?}: {count}");
                }
            }
        }
    };
}
