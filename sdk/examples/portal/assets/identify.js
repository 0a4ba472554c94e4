// Identity on request, as a page does it. This page never sees who the person is: the answer is encrypted to the portal's server.
import { identify } from "/bitaqa/bitaqa-web.js";
import { onClick, post, say } from "/assets/conversation.js";

const asked = JSON.parse(document.getElementById("asked").textContent);

onClick(document.getElementById("identify"), async (call) => {
  // one request of the server for both: called when the click was accepted
  let request;
  const made = () => (request ??= post("/identity/request"));
  const { answer, chipProof } = await identify({
    ...call,
    ...asked,
    challenge: async () => (await made()).challenge,
    statement: async () => (await made()).statement,
    // called where the chip has yet to prove that it is no copy: the server makes a challenge for it, and keeps the answer
    chipAuthentication: async (answer) => (await deliver(answer)).chipChallenge,
  });
  say("progress-verifying");
  // where there was no second call, the server has not got the answer yet
  if (chipProof === undefined) await deliver(answer);
  else await post("/identity/proof", "application/json", JSON.stringify({ chipProof }));
});

function deliver(answer) {
  return post("/identity/answer", "application/jose", answer);
}
