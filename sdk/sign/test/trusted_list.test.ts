/**
 * Trusted lists, written here and signed with openssl's keys: who is qualified.
 */
import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { after, test } from "node:test";
import { bitaqa } from "./module.ts";
import { Authority, type Holder } from "./openssl.ts";

const authority = new Authority();
after(() => authority.remove());
// QcCompliance, QcSSCD, QcType esign, QcCClegislation MA (EN 319 412-5)
const STATEMENTS = "30:39:30:08:06:06:04:00:8e:46:01:01:30:08:06:06:04:00:8e:46:01:04:30:13:06:06:04:00:8e:46:01:06:30:09:06:07:04:00:8e:46:01:06:01:30:0e:06:06:04:00:8e:46:01:07:30:04:13:02:4d:41";
const person = authority.holder("P-256", `nonRepudiation\n1.3.6.1.5.5.7.1.3=DER:${STATEMENTS}`, "http://ca.example/list.crl");
const [supervisor, listOperator] = [authority.holder(), authority.holder()];
const inDays = (days: number): string => `${new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 19)}Z`;
const certificateOf = (pem: string): string => `<DigitalId><X509Certificate>${new X509Certificate(pem).raw.toString("base64")}</X509Certificate></DigitalId>`;
const name = (text: string): string => `<Name xml:lang="en">${text}</Name>`;

interface Draft {
  kind?: string;
  territory?: string;
  next?: string;
  status?: string;
  pointer?: { location: string; territory: string; signer: Holder };
}

async function list({ kind = "MAgeneric", territory = "MA", next = inDays(30), status = "granted", pointer }: Draft, by: Holder): Promise<Uint8Array> {
  const pointers =
    pointer &&
    `<PointersToOtherTSL><OtherTSLPointer><ServiceDigitalIdentities><ServiceDigitalIdentity>${certificateOf(pointer.signer.certificate)}</ServiceDigitalIdentity>` +
      `</ServiceDigitalIdentities><TSLLocation>${pointer.location}</TSLLocation><AdditionalInformation><OtherInformation><SchemeTerritory>${pointer.territory}` +
      "</SchemeTerritory></OtherInformation></AdditionalInformation></OtherTSLPointer></PointersToOtherTSL>";
  const scheme =
    "<SchemeInformation><TSLVersionIdentifier>5</TSLVersionIdentifier><TSLSequenceNumber>7</TSLSequenceNumber>" +
    `<TSLType>http://uri.etsi.org/TrstSvc/TrustedList/TSLType/${kind}</TSLType><SchemeOperatorName>${name("Supervisor")}</SchemeOperatorName>` +
    `<SchemeTerritory>${territory}</SchemeTerritory>${pointers ?? ""}<ListIssueDateTime>${inDays(-1)}</ListIssueDateTime>` +
    `<NextUpdate><dateTime>${next}</dateTime></NextUpdate></SchemeInformation>`;
  const service =
    `<ServiceTypeIdentifier>http://uri.etsi.org/TrstSvc/Svctype/CA/QC</ServiceTypeIdentifier><ServiceName>${name("Service")}</ServiceName>` +
    `<ServiceDigitalIdentity>${certificateOf(authority.certificate)}</ServiceDigitalIdentity>` +
    `<ServiceStatus>http://uri.etsi.org/TrstSvc/TrustedList/Svcstatus/${status}</ServiceStatus><StatusStartingTime>${inDays(-400)}</StatusStartingTime>` +
    '<ServiceInformationExtensions><Extension Critical="true"><AdditionalServiceInformation><URI xml:lang="en">' +
    "http://uri.etsi.org/TrstSvc/TrustedList/SvcInfoExt/ForeSignatures</URI></AdditionalServiceInformation></Extension></ServiceInformationExtensions>";
  const providers =
    `<TrustServiceProviderList><TrustServiceProvider><TSPInformation><TSPName>${name("Provider")}</TSPName></TSPInformation><TSPServices><TSPService>` +
    `<ServiceInformation>${service}</ServiceInformation></TSPService></TSPServices></TrustServiceProvider></TrustServiceProviderList>`;
  const body = `${scheme}${pointer === undefined ? providers : ""}`;
  const xml = `<TrustServiceStatusList xmlns="http://uri.etsi.org/02231/v2#" Id="list" TSLTag="http://uri.etsi.org/19612/TSLTag">${body}</TrustServiceStatusList>`;
  const content = Buffer.from(xml);
  const prepared = await bitaqa.prepare({ certificate: by.certificate, format: "xades", packaging: "enveloped", documents: [{ content }] });
  return (await bitaqa.finish({ state: prepared.state, signature: by.sign(prepared), contents: [content] })).bytes;
}

async function level(trustedLists: readonly bitaqa.TrustedListFile[]): Promise<string | undefined> {
  const content = Buffer.from("a document");
  const prepared = await bitaqa.prepare({ certificate: person.certificate, format: "cades", packaging: "attached", documents: [{ content }] });
  const { bytes } = await bitaqa.finish({ state: prepared.state, signature: person.sign(prepared), contents: [content] });
  const report = await bitaqa.verify(bytes, { trust: [authority.certificate], revocationLists: [authority.list()], trustedLists });
  assert.equal(report.indication, "TOTAL-PASSED", JSON.stringify(report.signatures[0]?.steps));
  return report.signatures[0]?.qualification.level;
}

test("a signature is qualified by a list that grants its issuer's service, and by nothing else", async () => {
  const signers = [listOperator.certificate];
  assert.equal(await level([{ list: await list({}, listOperator), signers }]), "qualified");
  assert.equal(await level([]), "indeterminate");
  assert.equal(await level([{ list: await list({ status: "withdrawn" }, listOperator), signers }]), "not-qualified");
});

test("a list of lists names who signs the others", async () => {
  const pointer = { location: "https://lists.example/ma.xml", territory: "MA", signer: listOperator };
  const lists = { list: await list({ kind: "EUlistofthelists", territory: "EU", pointer }, supervisor), signers: [supervisor.certificate] };
  const summary = bitaqa.trustedList([lists]);
  assert.deepEqual([summary.territory, summary.operator, summary.services], ["EU", "Supervisor", 0]);
  assert.deepEqual(summary.pointers, [{ location: pointer.location, territory: "MA", mediaType: "" }]);
  assert.ok(summary.issued < new Date() && summary.nextUpdate !== undefined && summary.nextUpdate > new Date());
  assert.equal(await level([lists, { list: await list({}, listOperator) }]), "qualified");
  await assert.rejects(level([lists, { list: await list({}, supervisor) }]), { code: "trust-invalid" });
  await assert.rejects(level([lists, { list: await list({ territory: "FR" }, listOperator) }]), { code: "trust-invalid" });
});

test("a list that nobody stands for, that was changed or is out of date, says nothing", async () => {
  const good = await list({}, listOperator);
  const signers = [listOperator.certificate];
  const changed = Buffer.from(Buffer.from(good).toString().replace("granted", "revoked"));
  const cases: bitaqa.TrustedListFile[] = [
    { list: good },
    { list: good, signers: [supervisor.certificate] },
    { list: changed, signers },
    { list: await list({ next: inDays(-0.5) }, listOperator), signers },
    { list: "<none/>", signers },
  ];
  for (const refused of cases) {
    await assert.rejects(level([refused]), { name: "SignError", code: "trust-invalid" });
    assert.throws(() => bitaqa.trustedList([refused]), { name: "SignError", code: "trust-invalid" });
  }
});
