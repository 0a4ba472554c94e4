// What all ways to show something have in common: a click starts it, the page says how far it is, and what went wrong. Texts are the
// platform's own (in #words) or come translated from Bitaqa; both are text, never markup.
import { BitaqaError } from "/bitaqa/bitaqa-web.js";

const [stop, back, progress, failure] = ["stop", "back", "progress", "failure"].map((id) => document.getElementById(id));
const words = JSON.parse(document.getElementById("words").textContent);
const starters = document.querySelectorAll("[data-interaction]");
const language = document.documentElement.lang;

// Does `work` when a button is clicked; the server's last answer says where the browser goes on.
export function onClick(button, work) {
  button.addEventListener("click", async () => {
    const controller = new AbortController();
    stop.onclick = () => controller.abort();
    waiting(button, true);
    say("progress-starting");
    try {
      const call = { language, signal: controller.signal, onProgress: (stage) => say(`progress-${stage}`) };
      const answer = await work(call, (step, body) => post(`${button.dataset.interaction}/${step}`, body));
      location.assign(`${answer.continue}?lang=${language}`);
    } catch (error) {
      waiting(button, false);
      explain(error);
    }
  });
}

async function post(path, body) {
  const answer = await fetch(`${path}?lang=${language}`, {
    method: "POST",
    headers: body && { "content-type": "application/json" },
    body: body && JSON.stringify(body),
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

function waiting(button, on) {
  for (const starter of starters) starter.hidden = on;
  back.hidden = on;
  stop.hidden = !on;
  (on ? stop : button).focus();
}

export function say(name) {
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
