import type { ClaimValue } from "./generated/ClaimValue";
import type { VerifiedIdentity } from "./generated/VerifiedIdentity";

/**
 * Reads what the core says of an answer that holds: images become bytes.
 *
 * @internal
 */
export function readIdentity(json: string): VerifiedIdentity {
  const identity = JSON.parse(json) as VerifiedIdentity;
  for (const known of Object.values(identity.claims) as (ClaimValue | undefined)[]) {
    const value: unknown = known?.value;
    if (known !== undefined && isImageText(value)) {
      known.value = { mediaType: value.mediaType, data: Uint8Array.from(Buffer.from(value.data, "base64")) };
    }
  }
  return identity;
}

function isImageText(value: unknown): value is { mediaType: string; data: string } {
  return typeof value === "object" && value !== null && "mediaType" in value && "data" in value && typeof value.data === "string";
}

