// The whole sign-in, as a page does it.
import { authenticate, status } from "/bitaqa/bitaqa-web.js";
import { Refusal, explain, onClick, post, say } from "/assets/conversation.js";

onClick(document.getElementById("start"), async (call) => {
  const token = await authenticate({
    ...call,
    // called when the click was accepted: our server may take its time
    challenge: async () => (await post("/challenge")).challenge,
  });
  say("progress-verifying");
  // the token goes to the server as it is; the server decides whether to believe it
  await post("/sign-in", "application/json", JSON.stringify(token));
});

document.getElementById("check").addEventListener("click", async () => {
  say("check-running");
  const found = await status();
  if (found.state === "ready") say("check-ready", `${found.extension} / ${found.host}`);
  else explain(new Refusal({ ...found, code: found.state }));
});
