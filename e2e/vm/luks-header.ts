import { createHash } from "node:crypto";

/** What of LUKS2's metadata the tests look at; the rest is kept as it is. */
export interface LuksMetadata {
  readonly keyslots: Record<string, { readonly area: { encryption: string } }>;
  readonly segments: Record<string, { readonly offset: string; encryption: string }>;
  readonly tokens: Record<string, { readonly type: string }>;
}

// LUKS2 On-Disk Format Specification 1.1.0, section 2.1: offsets in the binary header, integers big-endian.
const MAGIC = Buffer.from("LUKS\xba\xbe", "latin1");
const HEADER_SIZE = 8;
const UUID = { at: 168, length: 40 };
const CHECKSUM = { at: 448, length: 64 };
const JSON_AT = 4096;

function sizeOf(volume: Buffer): number {
  if (!volume.subarray(0, MAGIC.length).equals(MAGIC)) throw new Error("there is no LUKS2 header");
  return Number(volume.readBigUInt64BE(HEADER_SIZE));
}

const text = (bytes: Buffer): string => bytes.toString("utf8").replace(/\0.*$/s, "");

/** The UUID of a LUKS2 volume. @param volume its first bytes. @throws {Error} when it is none */
export function uuidOf(volume: Buffer): string {
  sizeOf(volume);
  return text(volume.subarray(UUID.at, UUID.at + UUID.length));
}

/** The metadata of a LUKS2 volume. @param volume its first bytes. @throws {Error} when it is none */
export function metadataOf(volume: Buffer): LuksMetadata {
  return JSON.parse(text(volume.subarray(JSON_AT, sizeOf(volume)))) as LuksMetadata;
}

/**
 * A copy of a LUKS2 volume's first bytes with other metadata in both headers and the checksums that belong to them: what anybody
 * can make who can write to the disk.
 * @throws {Error} when it is none, or the metadata have no room
 */
export function withMetadata(volume: Buffer, change: (metadata: LuksMetadata) => void): Buffer {
  const result = Buffer.from(volume);
  const size = sizeOf(volume);
  const metadata = metadataOf(volume);
  change(metadata);
  const json = Buffer.from(JSON.stringify(metadata));
  if (json.length >= size - JSON_AT) throw new Error("the metadata have no room");
  for (const start of [0, size]) {
    const header = result.subarray(start, start + size);
    header.fill(0, JSON_AT);
    json.copy(header, JSON_AT);
    header.fill(0, CHECKSUM.at, CHECKSUM.at + CHECKSUM.length);
    createHash("sha256").update(header).digest().copy(header, CHECKSUM.at);
  }
  return result;
}
