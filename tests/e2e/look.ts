import { join } from "node:path";
import { writeFileSync } from "node:fs";
import { Authority } from "../../sdk/sign/test/openssl.ts";
import { chooseFiles, until } from "./harness/browser.ts";
import { startChromium } from "./harness/chromium.ts";
import { EXTENSION } from "./harness/stage.ts";
const browser = await startChromium(join(EXTENSION, "chromium"));
const authority = new Authority();
authority.holder("P-256", "nonRepudiation", "http://crl.example/list.crl");
authority.write("contrat.txt", "x");
writeFileSync(join(authority.folder, "list.xml"), "<a/>");
authority.openssl("cms", "-sign", "-cades", "-binary", "-nodetach", "-in", "contrat.txt", "-signer", "holder-1.pem", "-inkey", "holder-1.key", "-certfile", "ca.pem", "-md", "sha256", "-outform", "DER", "-out", "a.p7m");
const tab = await browser.openExtensionPage("check.html");
await until(() => tab.evaluate<boolean>('document.querySelector("#open").textContent !== ""'), "words");
await chooseFiles(tab, "#authority-files", join(authority.folder, "ca.pem"));
await chooseFiles(tab, "#list-files", join(authority.folder, "list.xml"));
await chooseFiles(tab, "#file", join(authority.folder, "a.p7m"));
await until(async () => (await tab.evaluate<string>("document.documentElement.dataset.state")) === "found", "found");
for (const language of ["en", "ar", "fr", "zgh"]) {
  await tab.evaluate(`document.querySelector("#language").value = "${language}"; document.querySelector("#language").dispatchEvent(new Event("change"))`);
  await (tab as any).screenshot({ path: `/tmp/look-${language}.png`, fullPage: true });
}
await browser.quit();
authority.remove();
