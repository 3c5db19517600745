import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { InstallError } from "../../app/errors.ts";
import { parseEventLog, replay } from "./eventlog.ts";

const read = (name: string): Buffer => readFileSync(new URL(`../testing/eventlogs/${name}`, import.meta.url));
const recorded = JSON.parse(read("pcrs.json").toString()) as Record<string, Record<string, string>>;

function reasonOf(act: () => unknown): unknown {
  try {
    act();
  } catch (error) {
    if (error instanceof InstallError && error.kind === "event-log-unusable") return error.details["reason"];
    throw error;
  }
  return null;
}

const parseAndReplay = (bytes: Uint8Array): string => replay(parseEventLog(bytes), "sha256", 7);

/** A log as firmware writes it, with digests of the given algorithms. */
function makeLog(
  algorithms: [id: number, size: number][],
  events: { pcr: number; type: number; data: string }[],
): Buffer {
  const u32 = (n: number): Buffer => Buffer.from(new Uint32Array([n]).buffer);
  const u16 = (n: number): Buffer => Buffer.from(new Uint16Array([n]).buffer);
  const spec = Buffer.concat([
    Buffer.from("Spec ID Event03\0"),
    Buffer.alloc(8),
    u32(algorithms.length),
    ...algorithms.flatMap(([id, size]) => [u16(id), u16(size)]),
    Buffer.alloc(1),
  ]);
  const parts = [u32(0), u32(3), Buffer.alloc(20), u32(spec.length), spec];
  for (const { pcr, type, data } of events) {
    parts.push(u32(pcr), u32(type), u32(algorithms.length));
    for (const [id, size] of algorithms) parts.push(u16(id), Buffer.alloc(size, 1));
    parts.push(u32(data.length), Buffer.from(data, "latin1"));
  }
  return Buffer.concat(parts);
}

describe("recorded logs", () => {
  it.each(["microsoft", "own-db", "own-chain", "only-db", "only-chain"])("%s replays to what the TPM holds", (name) => {
    const log = parseEventLog(read(`${name}.log`));
    expect(log.algorithms).toEqual(["sha256"]);
    for (const pcr of [0, 1, 2, 3, 4, 5, 6, 7, 14]) {
      expect(replay(log, "sha256", pcr), `PCR ${String(pcr)}`).toBe(recorded[name]?.[pcr]);
    }
  });
});

describe("logs that can not be used", () => {
  it("is missing", () => {
    expect(reasonOf(() => parseEventLog(new Uint8Array()))).toBe("missing");
  });

  it("is in the format of TPM 1.2", () => {
    const log = read("microsoft.log");
    log.write("Spec ID Event00", 32);
    expect(reasonOf(() => parseEventLog(log))).toBe("not-crypto-agile");
  });

  it("has no SHA-256 bank", () => {
    const log = parseEventLog(makeLog([[4, 20]], [{ pcr: 7, type: 4, data: "" }]));
    expect(log.algorithms).toEqual(["sha1"]);
    expect(reasonOf(() => replay(log, "sha256", 7))).toBe("no-sha256-bank");
  });

  it("has more digests than its header announces", () => {
    const log = makeLog([[11, 32]], [{ pcr: 7, type: 4, data: "" }]);
    log.writeUInt16LE(12, 32 + 33 + 12);
    expect(reasonOf(() => parseEventLog(log))).toBe("garbage");
  });

  it("is cut off anywhere", () => {
    const log = read("own-db.log");
    const ends = new Set<unknown>();
    for (let length = 1; length < log.length; length += 7) {
      ends.add(reasonOf(() => parseEventLog(log.subarray(0, length))));
    }
    // A cut between two events can not be seen here; comparing with the TPM's own PCR 7 catches it.
    expect([...ends].sort()).toEqual(expect.arrayContaining(["truncated"]));
    expect(ends.has("garbage")).toBe(false);
  });
});

describe("several banks and the startup locality", () => {
  it("skips other algorithms, known or not", () => {
    const log = parseEventLog(
      makeLog(
        [
          [4, 20],
          [0x27, 48],
          [11, 32],
        ],
        [{ pcr: 7, type: 4, data: "x" }],
      ),
    );
    expect(log.algorithms).toEqual(["sha1", "0x27", "sha256"]);
    expect(replay(log, "sha256", 7)).not.toBe("0".repeat(64));
    expect(replay(log, "sha256", 6)).toBe("0".repeat(64));
  });

  it("starts PCR 0, and only that, at the locality", () => {
    const log = parseEventLog(makeLog([[11, 32]], [{ pcr: 0, type: 3, data: "StartupLocality\0\x03" }]));
    expect(replay(log, "sha256", 0)).toBe("03".padStart(64, "0"));
    expect(replay(log, "sha256", 7)).toBe("0".repeat(64));
  });
});

describe("hostile logs", () => {
  const original = read("own-db.log");

  it("random bytes never do anything but refuse", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 4000 }), (bytes) => {
        expect(reasonOf(() => parseAndReplay(bytes))).not.toBeNull();
      }),
      { numRuns: 500 },
    );
  });

  it("a damaged real log is refused or parsed, nothing else", () => {
    const damage = fc.array(fc.tuple(fc.nat(original.length - 1), fc.nat(255)), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(damage, fc.nat(original.length), (changes, length) => {
        const log = Buffer.from(original.subarray(0, length));
        for (const [at, value] of changes) if (at < log.length) log[at] = value;
        reasonOf(() => parseAndReplay(log));
      }),
      { numRuns: 500 },
    );
  });
});
