// The sign-in with card and PIN, on the platform's own page.
import { authenticate } from "/bitaqa/bitaqa-web.js";
import { onClick, say } from "/assets/conversation.js";

onClick(document.getElementById("start"), async (call, post) => {
  const token = await authenticate({
    ...call,
    // called when the click was accepted: the server may take its time
    challenge: async () => (await post("challenge")).challenge,
  });
  say("progress-verifying");
  // the token goes to the server as it is; the server decides whether to believe it
  return post("sign-in", token);
});
