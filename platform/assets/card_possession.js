// Showing the card without a PIN, on the platform's own page, which never sees who the person is: the answer is encrypted to the server.
import { identify } from "/bitaqa/bitaqa-web.js";
import { onClick, say } from "/assets/conversation.js";

const button = document.getElementById("show-card");

onClick(button, async (call, post) => {
  // one request of the server for both: called when the click was accepted
  let request;
  const made = () => (request ??= post("identity-request"));
  const bring = (what) => post("card-possession", what);
  const { answer, chipProof } = await identify({
    ...call,
    ...JSON.parse(button.dataset.asked),
    challenge: async () => (await made()).challenge,
    statement: async () => (await made()).statement,
    // called where the chip has yet to prove that it is no copy: the server makes a challenge for it, and keeps the answer
    chipAuthentication: async (answer) => (await bring({ answer })).chipChallenge,
  });
  say("progress-verifying");
  // where there was no second call, the server has not got the answer yet
  return bring(chipProof === undefined ? { answer } : { chipProof });
});
