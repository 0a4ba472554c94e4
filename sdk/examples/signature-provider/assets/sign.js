// The page's part: which certificate, and the card's signature over what the server prepared with it.
import { signDigests, signingCertificates } from "/bitaqa/bitaqa-web-documents.js";
import { Refusal, onClick, post, say } from "/assets/conversation.js";

for (const button of document.querySelectorAll("button[data-document]")) {
  onClick(button, async ({ onProgress, ...call }) => {
    const told = { ...call, onProgress: ({ stage }) => onProgress(stage) };

    say("progress-certificate");
    const certificates = await signingCertificates(call);
    const chosen = certificates.find(({ unsuitable }) => unsuitable === undefined);
    if (chosen === undefined) throw new Refusal({ code: "certificate-unusable" });
    // the best that the card can do
    const { certificate, algorithms: [algorithm] } = chosen;

    say("progress-preparing");
    const asked = { document: Number(button.dataset.document), certificate, algorithm };
    const { preparation, name, digest } = await post("/prepare", "application/json", JSON.stringify(asked));

    const [signature] = await signDigests({ ...told, certificate, digests: [{ name, digest: bytes(digest), algorithm }] });

    say("progress-verifying");
    await post("/finish", "application/json", JSON.stringify({ preparation, signature: base64(signature) }));
  });
}

const bytes = (text) => Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
const base64 = (signature) => btoa(String.fromCharCode(...signature));
