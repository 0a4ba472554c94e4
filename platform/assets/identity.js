// What a portal asks of the chip, on the platform's own page.
import { BitaqaError, identify } from "/bitaqa/bitaqa-web.js";
import { onClick, say } from "/assets/conversation.js";

const { purpose, claims, mode, holder, proof } = JSON.parse(document.getElementById("request").textContent);

onClick(document.getElementById("start"), async (call, post) => {
  // what was joined is for one request: each press of the button gets its own
  let joined;
  const asked = () => (joined ??= post("identity"));
  const [challenge, statement] = [async () => (await asked()).challenge, async () => (await asked()).statement];
  const request = { ...call, purpose, claims, holder, challenge, statement };
  let brought;
  try {
    brought = proof === "chip-authentication" ? await inTwoCalls(request, post) : { answer: await identify({ ...request, proof }) };
  } catch (error) {
    // whoever refuses in the window refuses the portal
    if (error instanceof BitaqaError && error.code === "user-cancelled") return document.getElementById("back").submit();
    throw error;
  }
  say("progress-verifying");
  if (mode === "relay") await relay(brought.answer, (await asked()).statement, post);
  // the platform reads it
  else lead(await post("identity-answer", brought), {});
});

// What the platform gets last, where the chip may have yet to prove that it is no copy: it has the answer by then.
async function inTwoCalls(request, post) {
  const chipAuthentication = async (answer) => (await post("identity-answer", { answer })).chipChallenge;
  const { answer, chipProof } = await identify({ ...request, chipAuthentication });
  return chipProof === undefined ? { answer } : { chipProof };
}

// Only the portal gets the answer: the platform hears its hash, by which the portal knows that it is the one.
async function relay(answer, statement, post) {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(answer)));
  const hash = btoa(String.fromCharCode(...digest)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  const to = await post("identity-relayed", { answer_hash: hash });
  lead(to, to.fields.code === undefined ? {} : { identity_answer: answer, identity_statement: statement });
}

// Back to the portal.
function lead({ to, action, fields }, more) {
  if (to !== undefined) return location.assign(to);
  const form = Object.assign(document.createElement("form"), { method: "post", action });
  for (const [name, value] of Object.entries({ ...fields, ...more })) {
    form.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
  }
  document.body.append(form);
  form.submit();
}
