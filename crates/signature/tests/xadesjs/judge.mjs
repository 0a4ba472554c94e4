// Does what a list of tasks says with the package `xadesjs`.

import * as xmldom from "@xmldom/xmldom";
import { Application, Parse, SignedXml, setNodeDependencies } from "xadesjs";
import xpath from "xpath";
import { answer } from "../support/answer.mjs";

const { DOMImplementation, DOMParser, XMLSerializer } = xmldom;
setNodeDependencies({ DOMImplementation, DOMParser, XMLSerializer, xpath });
Application.setEngine("Web Cryptography", globalThis.crypto);

const DS = "http://www.w3.org/2000/09/xmldsig#";
const bytes = (text) => Buffer.from(text, "base64");
const der = (pem) => pem.replace(/-----[^-]+-----|\s/g, "");

const tasks = {
  // `contents`: what is signed and stands elsewhere, by its name (base64)
  async verify({ document, contents }) {
    const parsed = Parse(document);
    const results = [];
    for (const element of parsed.getElementsByTagNameNS(DS, "Signature")) {
      const signed = new SignedXml(parsed);
      signed.LoadXml(element);
      signed.contentHandler = async ({ Uri }) => (Uri in contents ? bytes(contents[Uri]) : null);
      const references = signed.XmlSignature.SignedInfo.References.GetIterator().map(({ Uri }) => Uri ?? "");
      // left alone it tries the keys of all certificates, and gives up at the first one of another kind
      const certificate = signed.XmlSignature.KeyInfo.GetIterator()[0].Certificates[0];
      const valid = await signed.Verify(await certificate.exportKey(signed.Algorithm));
      const signing = signed.SignedProperties.SignedSignatureProperties;
      results.push({
        valid,
        references,
        certificate: Buffer.from(certificate.GetRaw()).toString("base64"),
        time: signing.SigningTime.Value,
        digest: Buffer.from(signing.SigningCertificateV2.Item(0).CertDigest.DigestValue).toString("base64"),
      });
    }
    return results;
  },

  // without `content` elsewhere the signature becomes part of the document
  async sign({ document, content, key, certificate, algorithm, references, roles, versioned }) {
    const secret = await crypto.subtle.importKey("pkcs8", bytes(der(key)), algorithm, false, ["sign"]);
    const parsed = Parse(document);
    const signed = new SignedXml();
    const name = versioned ? "signingCertificateV2" : "signingCertificate";
    const signature = await signed.Sign(algorithm, secret, content ? bytes(content) : parsed, {
      x509: [der(certificate)],
      [name]: der(certificate),
      signerRole: { claimed: roles },
      references,
    });
    if (content) return signed.toString();
    parsed.documentElement.appendChild(parsed.importNode(signature.GetXml(), true));
    return new XMLSerializer().serializeToString(parsed);
  },
};

await answer(tasks);
