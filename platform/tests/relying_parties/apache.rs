//! A real Apache with Debian's `mod_auth_openidc` in front of a page, with a folder of its own, on loopback.

use std::{
    fs,
    net::{TcpListener, TcpStream},
    os::unix::fs::PermissionsExt as _,
    path::Path,
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use bitaqa_jose::base64url;
use serde_json::{Value, json};

const PROGRAM: &str = "/usr/sbin/apache2";
const MODULES: &str = "/usr/lib/apache2/modules";
/// What the module calls its key, and the platform.
const KEY: &str = "of-apache";

/// Ends with the test.
pub(crate) struct Apache {
    child: Option<Child>,
    pub(crate) address: String,
    folder: tempfile::TempDir,
}

impl Apache {
    /// With a key of its own, not yet running: the platform has to know its address first.
    pub(crate) fn set_up() -> Self {
        let folder = tempfile::tempdir().unwrap();
        // it gives its rights up when it is started by root, and reads pages as somebody else
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
        openssl(folder.path(), &["genpkey", "-algorithm", "RSA", "-quiet", "-out", "key.pem"]);
        openssl(folder.path(), &["rsa", "-in", "key.pem", "-pubout", "-out", "public.pem"]);
        fs::create_dir(folder.path().join("pages")).unwrap();
        for page in ["private", "bye"] {
            fs::write(folder.path().join("pages").join(page), format!("the page {page}\n")).unwrap();
        }
        // free a moment ago; the address is part of both configurations
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        Self { child: None, address, folder }
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Its public keys, for the registration.
    pub(crate) fn keys(&self) -> Value {
        let said = openssl(self.folder.path(), &["rsa", "-in", "key.pem", "-noout", "-modulus"]);
        let digits = said.trim().strip_prefix("Modulus=").unwrap().as_bytes();
        let byte = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap();
        let modulus: Vec<u8> = digits.chunks(2).map(byte).collect();
        json!({ "keys": [{ "kty": "RSA", "kid": KEY, "n": base64url::encode(&modulus), "e": "AQAB" }] })
    }

    /// Starts it, as the relying party of a provider.
    pub(crate) fn start(&mut self, issuer: &str, client: &str) {
        let configuration = self.folder.path().join("apache.conf");
        fs::write(&configuration, self.configuration(issuer, client)).unwrap();
        let log = fs::File::create(self.folder.path().join("start.log")).unwrap();
        let child = Command::new(PROGRAM)
            .args(["-DFOREGROUND", "-f"])
            .arg(&configuration)
            .stdin(Stdio::null())
            .stdout(log.try_clone().unwrap())
            .stderr(log)
            .spawn()
            .unwrap_or_else(|error| panic!("{PROGRAM} is not there: {error}"));
        self.child = Some(child);
        let limit = Instant::now() + Duration::from_secs(30);
        while TcpStream::connect(&self.address).is_err() {
            assert!(Instant::now() < limit, "{}", self.log());
            thread::sleep(Duration::from_millis(20));
        }
    }

    /// The module falls over without public keys, and takes `private_key_jwt` only after it has seen private ones.
    fn configuration(&self, issuer: &str, client: &str) -> String {
        let Self { address, folder, .. } = self;
        let folder = folder.path().display();
        let modules: String =
            ["mpm_event", "authn_core", "authz_core", "authz_user", "headers", "auth_openidc"]
                .map(|name| format!("LoadModule {name}_module {MODULES}/mod_{name}.so\n"))
                .concat();
        let is_root =
            fs::metadata("/proc/self").is_ok_and(|own| std::os::unix::fs::MetadataExt::uid(&own) == 0);
        let owner = if is_root { "User www-data\nGroup www-data\n" } else { "" };
        format!(
            "ServerRoot \"{folder}\"\nServerName {address}\nListen {address}\nDefaultRuntimeDir \"{folder}\"\n\
             PidFile \"{folder}/apache.pid\"\nErrorLog \"{folder}/error.log\"\nLogLevel warn\n{modules}{owner}\
             StartServers 1\nThreadsPerChild 8\nMinSpareThreads 1\nMaxSpareThreads 8\nMaxRequestWorkers 8\n\
             DocumentRoot \"{folder}/pages\"\n\
             OIDCProviderMetadataURL {issuer}/.well-known/openid-configuration\n\
             OIDCPublicKeyFiles \"{KEY}#{folder}/public.pem\"\nOIDCPrivateKeyFiles \"{KEY}#{folder}/key.pem\"\n\
             OIDCClientID {client}\nOIDCProviderTokenEndpointAuth private_key_jwt\nOIDCIDTokenSignedResponseAlg RS256\nOIDCPKCEMethod S256\nOIDCResponseType code\n\
             OIDCScope \"openid profile\"\nOIDCRedirectURI http://{address}/callback\n\
             OIDCCryptoPassphrase of-a-test\nOIDCSessionType server-cache\nOIDCRemoteUserClaim sub\n\
             OIDCInfoHook userinfo id_token\n\
             <Location \"/\">\nAuthType openid-connect\nRequire valid-user\n\
             Header always set X-Remote-User \"expr=%{{REMOTE_USER}}\"\n</Location>\n\
             <Location \"/bye\">\nAuthType None\nRequire all granted\n</Location>\n"
        )
    }

    /// What it wrote down.
    pub(crate) fn log(&self) -> String {
        ["start.log", "error.log"]
            .map(|name| fs::read_to_string(self.folder.path().join(name)).unwrap_or_default())
            .concat()
    }
}

impl Drop for Apache {
    fn drop(&mut self) {
        if let Some(child) = &mut self.child {
            // it stops its children itself
            let _ = Command::new("kill").arg(child.id().to_string()).status();
            let _ = child.wait();
        }
        if thread::panicking() {
            eprintln!("{}", self.log());
        }
    }
}

fn openssl(folder: &Path, arguments: &[&str]) -> String {
    let output = Command::new("openssl").current_dir(folder).args(arguments).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}
