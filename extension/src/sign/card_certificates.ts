import type { Catalogue } from "../catalogue.ts";
import { fromBase64 } from "../documents/base64.ts";
import type { Engine } from "../documents/engine.ts";
import { element, tag } from "../page/page.ts";
import type { Unsuited } from "../signing/flow.ts";

/** What the page says of the card's certificates. */
export class CardCertificates {
  readonly #engine: Pick<Engine, "signerNames">;
  readonly #words: () => Catalogue;
  #unsuited: readonly Unsuited[] = [];

  constructor(engine: Pick<Engine, "signerNames">, words: () => Catalogue) {
    this.#engine = engine;
    this.#words = words;
  }

  /** Those that are not used, each with the reason. */
  showUnsuited(certificates: readonly Unsuited[]): void {
    this.#unsuited = certificates;
    void this.draw();
  }

  /** Says it again, after the language changed. */
  async draw(): Promise<void> {
    const [shown, words] = [this.#unsuited, this.#words()];
    const lines = await Promise.all(
      shown.map(async ({ certificate, why }, index) => {
        const name = (await this.nameIn(certificate)) ?? words.text("certificate-number", { number: index + 1 });
        return words.text("unsuited", { name, why: words.text(`unsuited-${why}`) });
      }),
    );
    if (shown !== this.#unsuited || words !== this.#words()) return;
    element("unsuited").hidden = lines.length === 0;
    element("unsuited-list").replaceChildren(...lines.map((line) => tag("li", {}, [line])));
  }

  /** What a certificate (DER in base64) calls its holder, if that can be read. */
  async nameIn(certificate: string): Promise<string | undefined> {
    const names = await this.#engine.signerNames(fromBase64(certificate)).catch(() => []);
    return names[0];
  }
}
