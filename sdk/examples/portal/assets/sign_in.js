// The whole sign-in, as a page does it. Texts are the portal's own (in #words) or come translated from Bitaqa; both are text,
// never markup.
import { authenticate, status, BitaqaError } from "/bitaqa/bitaqa-web.js";

const [start, cancel, check, progress, failure] =
  ["start", "cancel", "check", "progress", "failure"].map((id) => document.getElementById(id));
const words = JSON.parse(document.getElementById("words").textContent);
const language = document.documentElement.lang;

// `authenticate` must be called from a click: the extension answers nothing to a page that was not touched.
start.addEventListener("click", async () => {
  const controller = new AbortController();
  cancel.onclick = () => controller.abort();
  waiting(true);
  say("progress-starting");
  try {
    const token = await authenticate({
      challenge: freshChallenge, // called when the click was accepted: our server may take its time
      language,
      signal: controller.signal,
      onProgress: (stage) => say(`progress-${stage}`),
    });
    say("progress-verifying");
    await deliver(token);
    location.reload(); // the server now shows who signed in
  } catch (error) {
    waiting(false);
    explain(error);
  }
});

check.addEventListener("click", async () => {
  say("check-running");
  const found = await status();
  if (found.state === "ready") say("check-ready", `${found.extension} / ${found.host}`);
  else explain(new Refusal({ ...found, code: found.state }));
});

async function freshChallenge() {
  const answer = await fetch("/challenge", { method: "POST" });
  if (!answer.ok) throw new Error(`the portal answered ${answer.status}`);
  return (await answer.json()).challenge;
}

// The token goes to the server as it is; the server decides whether to believe it.
async function deliver(token) {
  const answer = await fetch(`/sign-in?lang=${language}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(token),
  });
  if (answer.ok) return;
  throw new Refusal(await answer.json());
}

// The server's refusal: a code, what happened and what to do next, like the errors of Bitaqa.
class Refusal extends Error {
  constructor({ code, message, remedy }) {
    super(message);
    this.code = code;
    this.remedy = remedy;
  }
}

function waiting(on) {
  start.hidden = check.hidden = on;
  cancel.hidden = !on;
  (on ? cancel : start).focus();
}

function say(name, detail) {
  failure.replaceChildren();
  const message = words[name]?.message ?? "";
  progress.textContent = detail ? `${message} (${detail})` : message;
}

// Shows what happened and what to do next. Where Bitaqa could not be asked at all, the portal has words of its own; anything
// unforeseen is a server that could not be reached, or answered nonsense.
function explain(error) {
  const foreseen = error instanceof BitaqaError || error instanceof Refusal;
  const code = foreseen ? error.code : "portal-unreachable";
  const { message, remedy } = words[`error-${code}`] ?? error;
  const shown = document.getElementById("failure-template").content.cloneNode(true);
  shown.querySelector(".what").textContent = message;
  shown.querySelector(".remedy").textContent = remedy;
  shown.querySelector("code").textContent = code;
  progress.textContent = "";
  failure.replaceChildren(shown);
}
