// What both ways to use a card have in common: a click starts it, the page says how far it is, and what went wrong. Texts are the
// portal's own (in #words) or come translated from Bitaqa; both are text, never markup.
import { BitaqaError } from "/bitaqa/bitaqa-web.js";

const [cancel, progress, failure] = ["cancel", "progress", "failure"].map((id) => document.getElementById(id));
const words = JSON.parse(document.getElementById("words").textContent);
const starters = document.querySelectorAll(".go, #identify, #check");
export const language = document.documentElement.lang;

// Does `work` when a button is clicked: the extension answers nothing to a page that was not touched.
export function onClick(button, work) {
  button.addEventListener("click", async () => {
    const controller = new AbortController();
    cancel.onclick = () => controller.abort();
    waiting(button, true);
    say("progress-starting");
    try {
      await work({ language, signal: controller.signal, onProgress: (stage) => say(`progress-${stage}`) });
      location.reload(); // the server now shows what it knows
    } catch (error) {
      waiting(button, false);
      explain(error);
    }
  });
}

// What the server answered, as JSON; its refusal is thrown.
export async function post(path, type, body) {
  const answer = await fetch(`${path}?lang=${language}`, { method: "POST", headers: type && { "content-type": type }, body });
  if (answer.ok) return answer.json();
  const said = await answer.json().catch(() => undefined);
  throw said ? new Refusal(said) : new Error(`the portal answered ${answer.status}`);
}

// The server's refusal: a code, what happened and what to do next, like the errors of Bitaqa.
export class Refusal extends Error {
  constructor({ code, message, remedy }) {
    super(message);
    this.code = code;
    this.remedy = remedy;
  }
}

function waiting(button, on) {
  for (const starter of starters) starter.hidden = on;
  cancel.hidden = !on;
  (on ? cancel : button).focus();
}

export function say(name, detail) {
  failure.replaceChildren();
  const message = words[name]?.message ?? "";
  progress.textContent = detail ? `${message} (${detail})` : message;
}

// Shows what happened and what to do next. Where Bitaqa could not be asked at all, the portal has words of its own; anything
// unforeseen is a server that could not be reached, or answered nonsense.
export function explain(error) {
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
