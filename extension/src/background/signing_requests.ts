import { Catalogue } from "../catalogue.ts";
import { ERRORS } from "../errors.ts";
import type { Language } from "../generated/Language";
import type { SigningReply } from "../generated/SigningReply";
import type { SigningRequest } from "../generated/SigningRequest";
import { languageOf, type Settings } from "../settings.ts";
import { HostFailure, type HostProgress, HostRequests } from "../signing/host_requests.ts";
import { forPage, readRequest, reportOf } from "../signing/page_request.ts";

/** What is asked, by whom. */
export interface Asked {
  request: string;
  id: string;
  /** The browser's word. */
  origin: string;
  settings: Promise<Settings>;
  /** This extension's version. */
  extension: string;
  heard(reply: SigningReply): void;
}

/**
 * Carries out a request about digests or certificates; gives what ends it. The page's text is read in Rust, by the module for
 * documents, which is loaded for it; the host checks everything once more.
 */
export function carryOut({ request, origin, settings, extension, heard }: Asked): () => void {
  const host = new HostRequests(chrome.runtime, extension);
  let ended = false;
  const say = (reply: SigningReply): void => {
    if (!ended) heard(reply);
  };
  void (async () => {
    const chosen = await settings;
    let language = languageOf(chosen);
    try {
      const asked = await readRequest(request);
      if (chosen.language === undefined && asked.language !== undefined) language = asked.language;
      if (ended) return;
      say(await answer(host, asked, { origin, language }, say));
    } catch (error) {
      say({ type: "failure", error: new Catalogue(language, ERRORS).failure(forPage(reportOf(error, "internal-error"))) });
    } finally {
      host.close();
    }
  })();
  return () => {
    ended = true;
    host.close();
  };
}

async function answer(
  host: HostRequests,
  asked: SigningRequest,
  asker: { origin: string; language: Language },
  say: (reply: SigningReply) => void,
): Promise<SigningReply> {
  const total = asked.type === "sign-digests" ? asked.digests.length : 0;
  let signed = 0;
  const progress: HostProgress = {
    stage(stage) {
      if (stage === "waiting-for-person" || stage === "signing") say({ type: "signing-progress", stage, signed, total });
    },
    signed(count) {
      signed = count;
      say({ type: "signing-progress", stage: "signing", signed, total });
    },
  };
  switch (asked.type) {
    case "signing-certificates":
      return { type: "signing-certificates", certificates: await host.certificates(asker, progress) };
    case "sign-digests": {
      const { certificate, digests } = asked;
      const { signatures, stopped } = await host.signDigests(asker, certificate, digests, progress);
      const why = stopped && new Catalogue(asker.language, ERRORS).failure(forPage(stopped));
      return { type: "signatures", signatures, ...(why && { stopped: why }) };
    }
    case "sign":
      throw new HostFailure({ code: "request-invalid", detail: "documents come beside the request" });
  }
}
