import type { Signer } from "./page_signer.ts";

/** What a trusted list says. */
export interface ListDraft {
  territory: string;
  /** Whose certificates are qualified (DER). */
  issuer?: Buffer;
  /** Another list, and who signs it. */
  pointer?: { location: string; territory: string; signer: Signer };
}

/** A trusted list (TS 119 612) that nobody has signed yet. */
export function trustedList({ territory, issuer, pointer }: ListDraft): Buffer {
  // certificates that name no law are qualified under that of the Union (EN 319 412-5 clause 4.2.4)
  const kind = pointer === undefined ? "EUgeneric" : "EUlistofthelists";
  const scheme =
    "<SchemeInformation><TSLVersionIdentifier>5</TSLVersionIdentifier><TSLSequenceNumber>7</TSLSequenceNumber>" +
    `<TSLType>http://uri.etsi.org/TrstSvc/TrustedList/TSLType/${kind}</TSLType><SchemeOperatorName>${name("Supervisor")}</SchemeOperatorName>` +
    `<SchemeTerritory>${territory}</SchemeTerritory>${pointer === undefined ? "" : pointers(pointer)}<ListIssueDateTime>${inDays(-1)}</ListIssueDateTime>` +
    `<NextUpdate><dateTime>${inDays(30)}</dateTime></NextUpdate></SchemeInformation>`;
  const body = `${scheme}${issuer === undefined ? "" : providers(issuer)}`;
  return Buffer.from(`<TrustServiceStatusList xmlns="http://uri.etsi.org/02231/v2#" Id="list" TSLTag="http://uri.etsi.org/19612/TSLTag">${body}</TrustServiceStatusList>`);
}

function pointers({ location, territory, signer }: NonNullable<ListDraft["pointer"]>): string {
  const signers = `<ServiceDigitalIdentities><ServiceDigitalIdentity>${identity(signer.certificate)}</ServiceDigitalIdentity></ServiceDigitalIdentities>`;
  const more = `<AdditionalInformation><OtherInformation><SchemeTerritory>${territory}</SchemeTerritory></OtherInformation></AdditionalInformation>`;
  return `<PointersToOtherTSL><OtherTSLPointer>${signers}<TSLLocation>${location}</TSLLocation>${more}</OtherTSLPointer></PointersToOtherTSL>`;
}

/** A provider whose service issues qualified certificates for signatures, since a year. */
function providers(issuer: Buffer): string {
  const service =
    `<ServiceTypeIdentifier>http://uri.etsi.org/TrstSvc/Svctype/CA/QC</ServiceTypeIdentifier><ServiceName>${name("Service")}</ServiceName>` +
    `<ServiceDigitalIdentity>${identity(issuer)}</ServiceDigitalIdentity>` +
    `<ServiceStatus>http://uri.etsi.org/TrstSvc/TrustedList/Svcstatus/granted</ServiceStatus><StatusStartingTime>${inDays(-400)}</StatusStartingTime>` +
    '<ServiceInformationExtensions><Extension Critical="true"><AdditionalServiceInformation><URI xml:lang="en">' +
    "http://uri.etsi.org/TrstSvc/TrustedList/SvcInfoExt/ForeSignatures</URI></AdditionalServiceInformation></Extension></ServiceInformationExtensions>";
  return (
    `<TrustServiceProviderList><TrustServiceProvider><TSPInformation><TSPName>${name("Provider")}</TSPName></TSPInformation><TSPServices><TSPService>` +
    `<ServiceInformation>${service}</ServiceInformation></TSPService></TSPServices></TrustServiceProvider></TrustServiceProviderList>`
  );
}

const identity = (certificate: Buffer): string => `<DigitalId><X509Certificate>${certificate.toString("base64")}</X509Certificate></DigitalId>`;
const name = (text: string): string => `<Name xml:lang="en">${text}</Name>`;
const inDays = (days: number): string => `${new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 19)}Z`;
