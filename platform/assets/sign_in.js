// The sign-in with a card, on the platform's own page.
import { BitaqaError, authenticate } from "/bitaqa/bitaqa-web.js";

const [start, stop, back, progress, failure] = ["start", "stop", "back", "progress", "failure"].map((id) => document.getElementById(id));
const words = JSON.parse(document.getElementById("words").textContent);
const language = document.documentElement.lang;
const interaction = start.dataset.interaction;

start.addEventListener("click", async () => {
  const controller = new AbortController();
  stop.onclick = () => controller.abort();
  waiting(true);
  say("progress-starting");
  try {
    const token = await authenticate({
      language,
      signal: controller.signal,
      onProgress: (stage) => say(`progress-${stage}`),
      // called when the click was accepted: the server may take its time
      challenge: async () => (await post("challenge")).challenge,
    });
    say("progress-verifying");
    // the token goes to the server as it is; the server decides whether to believe it
    const answer = await post("sign-in", JSON.stringify(token));
    location.assign(`${answer.continue}?lang=${language}`);
  } catch (error) {
    waiting(false);
    explain(error);
  }
});

async function post(step, body) {
  const answer = await fetch(`${interaction}/${step}?lang=${language}`, {
    method: "POST",
    headers: body && { "content-type": "application/json" },
    body,
  });
  if (answer.ok) return answer.json();
  const said = await answer.json().catch(() => undefined);
  throw said ? new Refusal(said) : new Error(`the platform answered ${answer.status}`);
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
  start.hidden = on;
  back.hidden = on;
  stop.hidden = !on;
  (on ? stop : start).focus();
}

function say(name) {
  failure.replaceChildren();
  progress.textContent = words[name]?.message ?? "";
}

// What happened and what to do next; all of it is text, never markup. Anything unforeseen is a server that could not be reached.
function explain(error) {
  const foreseen = error instanceof BitaqaError || error instanceof Refusal;
  const code = foreseen ? error.code : "platform-unreachable";
  const { message, remedy } = words[`error-${code}`] ?? error;
  const shown = document.getElementById("failure-template").content.cloneNode(true);
  shown.querySelector(".what").textContent = message;
  shown.querySelector(".remedy").textContent = remedy;
  shown.querySelector("code").textContent = code;
  progress.textContent = "";
  failure.replaceChildren(shown);
}
