//! A pcscd of our own, in a mount namespace of its own.

use std::{
    env, fs,
    fs::File,
    io,
    os::unix::net::UnixStream,
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Stdio},
    sync::mpsc::{Receiver, Sender, channel},
    thread,
    time::{Duration, Instant},
};

use rustix::process::{Pid, Signal, getuid, kill_process};

use crate::testbed::TestbedError;

/// How long pcscd may take to start, and to stop.
const PATIENCE: Duration = Duration::from_secs(20);

/// What runs inside the namespace: `/run` becomes private, the daemon's folder in it is ours, and the drivers of USB
/// readers are hidden, so that real readers stay with the machine's own daemon.
const INSIDE: &str = "set -e
mount -n -t tmpfs -o mode=755 tmpfs /run
mkdir /run/pcscd
mount -n --bind \"$1\" /run/pcscd
for drivers in /usr/lib/pcsc/drivers /usr/lib64/pcsc/drivers; do
    if [ -d \"$drivers\" ]; then mount -n -t tmpfs tmpfs \"$drivers\"; fi
done
exec setpriv --pdeathsig KILL \"$3\" --foreground --config \"$2\"";

/// A running pcscd.
pub(crate) struct Service {
    stop: Sender<Stop>,
    stopped: Receiver<()>,
}

/// How to stop it.
#[derive(Clone, Copy)]
enum Stop {
    /// As the system does it.
    Orderly,
    /// As a crash does it.
    Killed,
}

impl Service {
    /// Starts pcscd with its socket in `run`, its configuration in `configuration` and its words in `log`.
    pub(crate) fn start(run: &Path, configuration: &Path, log: &Path) -> Result<Self, TestbedError> {
        empty(run)?;
        let command = command(run, configuration, log)?;
        let (stop, stop_requests) = channel();
        let (started_sender, started) = channel();
        let (stopped_sender, stopped) = channel();
        // the death signal goes out when the thread ends that started the daemon, so that thread stays with it
        thread::Builder::new()
            .name("pcscd".to_owned())
            .spawn(move || keep(command, &started_sender, &stop_requests, &stopped_sender))?;
        started.recv().map_err(|_| TestbedError::Internal)??;
        let service = Self { stop, stopped };
        service.wait_for_socket(&run.join("pcscd.comm"), log)?;
        Ok(service)
    }

    fn wait_for_socket(&self, socket: &Path, log: &Path) -> Result<(), TestbedError> {
        let end = Instant::now() + PATIENCE;
        while UnixStream::connect(socket).is_err() {
            let ended = self.stopped.try_recv().is_ok();
            if ended || Instant::now() > end {
                let words = fs::read_to_string(log).unwrap_or_default();
                return Err(TestbedError::ServiceDidNotStart(words));
            }
            thread::sleep(Duration::from_millis(2));
        }
        Ok(())
    }

    /// Stops it as the system does.
    pub(crate) fn stop(self) {
        self.end(Stop::Orderly);
    }

    /// Kills it.
    pub(crate) fn kill(self) {
        self.end(Stop::Killed);
    }

    fn end(&self, how: Stop) {
        // a daemon that ended by itself has no keeper any more
        if self.stop.send(how).is_ok() {
            let _ = self.stopped.recv_timeout(PATIENCE);
        }
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        self.end(Stop::Killed);
    }
}

fn empty(folder: &Path) -> io::Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder)?;
    }
    fs::create_dir_all(folder)
}

fn command(run: &Path, configuration: &Path, log: &Path) -> Result<Command, TestbedError> {
    let unshare = program("unshare", "util-linux")?;
    program("setpriv", "util-linux")?;
    let pcscd = program("pcscd", "pcscd")?;
    let words = File::create(log)?;
    let mut command = Command::new(unshare);
    if getuid().is_root() {
        command.args(["-m", "--propagation", "private"]);
    } else {
        command.args(["-U", "-r", "-m"]);
    }
    command
        .args(["sh", "-c", INSIDE, "pcscd"])
        .args([run, configuration, &pcscd])
        .stdin(Stdio::null())
        .stdout(words.try_clone()?)
        .stderr(words);
    Ok(command)
}

/// Finds a program in the path or where system programs are.
fn program(name: &'static str, package: &'static str) -> Result<PathBuf, TestbedError> {
    let path = env::var_os("PATH").unwrap_or_default();
    let system = ["/usr/sbin", "/sbin", "/usr/bin", "/bin"].map(PathBuf::from);
    let found =
        env::split_paths(&path).chain(system).map(|folder| folder.join(name)).find(|file| file.is_file());
    found.ok_or(TestbedError::Missing { program: name, package })
}

/// Starts the daemon and stays with it until it ends or has to.
fn keep(mut command: Command, started: &Sender<io::Result<()>>, stop: &Receiver<Stop>, stopped: &Sender<()>) {
    let mut child = match command.spawn() {
        Ok(child) => child,
        Err(error) => {
            // nobody listens only if the test bed is gone
            let _ = started.send(Err(error));
            return;
        }
    };
    let _ = started.send(Ok(()));
    loop {
        match stop.recv_timeout(Duration::from_millis(20)) {
            Ok(Stop::Orderly) => {
                terminate(&mut child);
                break;
            }
            Err(std::sync::mpsc::RecvTimeoutError::Timeout) => {
                if ended(&mut child).is_some() {
                    break;
                }
            }
            Ok(Stop::Killed) | Err(std::sync::mpsc::RecvTimeoutError::Disconnected) => {
                kill(&mut child);
                break;
            }
        }
    }
    let _ = stopped.send(());
}

fn terminate(child: &mut Child) {
    if let Ok(number) = i32::try_from(child.id())
        && let Some(pid) = Pid::from_raw(number)
    {
        // it may have ended by itself
        let _ = kill_process(pid, Signal::TERM);
    }
    let end = Instant::now() + Duration::from_secs(3);
    while ended(child).is_none() {
        if Instant::now() > end {
            kill(child);
            return;
        }
        thread::sleep(Duration::from_millis(2));
    }
}

fn kill(child: &mut Child) {
    // both fail only when it has ended already
    let _ = child.kill();
    let _ = child.wait();
}

fn ended(child: &mut Child) -> Option<ExitStatus> {
    child.try_wait().ok().flatten()
}
