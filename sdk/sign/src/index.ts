/**
 * Prepares and finishes signed documents on a server, while a card signs; raises them to higher levels, and verifies them.
 *
 * @packageDocumentation
 */
import { digestOf, type RangeReader, type SignDocument } from "./document";
import { SignError } from "./error";
import type { Fetch, Need } from "./fetching";
import { augment, verify, type AugmentedFile, type AugmentOptions, type Level, type VerifyOptions } from "./files";
import type { Algorithm } from "./generated/Algorithm";
import type { AlgorithmChoice } from "./generated/AlgorithmChoice";
import type { Certification } from "./generated/Certification";
import type { Code } from "./generated/Code";
import type { ContainerSignature } from "./generated/ContainerSignature";
import type { Field } from "./generated/Field";
import type { Format } from "./generated/Format";
import type { HashName } from "./generated/HashName";
import type { Packaging } from "./generated/Packaging";
import type { Scheme } from "./generated/Scheme";
import type { Serialization } from "./generated/Serialization";
import type { StatedPlace } from "./generated/StatedPlace";
import { inspect } from "./overview";
import type { PdfOverview, PdfRisks } from "./pdf_overview";
import type { Assurance, Indication, SignatureReport, ValidationReport } from "./report";
import type { Commitment, PdfOptions, SignerOptions, SignerStatement, SignRequest } from "./request";
import { algorithmOf, contentsNeededBy, finish, prepare, type FinishedSignature, type FinishOptions, type PreparedSignature } from "./signing";
import { trustedList, type TrustedListFile, type TrustedListSummary } from "./trusted_list";

export { algorithmOf, augment, contentsNeededBy, digestOf, finish, inspect, prepare, SignError, trustedList, verify };
export type {
  Algorithm,
  AlgorithmChoice,
  Assurance,
  AugmentedFile,
  AugmentOptions,
  Certification,
  Code,
  Commitment,
  ContainerSignature,
  Fetch,
  Field,
  FinishedSignature,
  FinishOptions,
  Format,
  HashName,
  Indication,
  Level,
  Need,
  Packaging,
  PdfOptions,
  PdfOverview,
  PdfRisks,
  PreparedSignature,
  RangeReader,
  Scheme,
  Serialization,
  SignatureReport,
  SignDocument,
  SignerOptions,
  SignerStatement,
  SignRequest,
  StatedPlace,
  TrustedListFile,
  TrustedListSummary,
  ValidationReport,
  VerifyOptions,
};
