import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { isSigned, pcr11InInitrd, sealPolicy, wantedPcrs } from "./policy.ts";
import { testKey } from "./testing/disk-double.ts";
import { signatures } from "./testing/installed-machine.ts";
import { authPolicy, slotsByPurpose, tpmTokens } from "./token.ts";

const Recording = z.object({
  publicKey: z.string(),
  header: z.object({
    keyslots: z.record(z.string(), z.looseObject({ key_size: z.int(), kdf: z.looseObject({ type: z.string() }) })),
    tokens: z.record(z.string(), z.looseObject({ type: z.string(), keyslots: z.array(z.string()) })),
  }),
});
const UkifyRecording = z.object({ publicKey: z.string(), afterStub: z.string(), signatures: z.string() });
const recording = readFileSync(new URL("../testing/luks/tpm-tokens.json", import.meta.url), "utf8");
const { publicKey, header } = Recording.parse(JSON.parse(recording));

describe("tokens that systemd-cryptenroll wrote", () => {
  const tokens = tpmTokens(header);

  it.each([false, true])("have the policy that is computed here (PIN: %s)", (pin) => {
    const token = tokens.find((each) => each.pin === pin);
    const policy = sealPolicy({ publicKey, pcrs: wantedPcrs("7".repeat(64)), pin });
    expect(token?.policy).toBe(policy);
    expect(token?.sealed && authPolicy(token.sealed)).toBe(policy);
  });

  it("name their key slot and the storage root key", () => {
    expect(tokens.map(({ slot }) => slot !== null && String(slot) in header.keyslots)).toEqual([true, true]);
    expect(new Set(tokens.map(({ srk }) => srk))).toEqual(new Set([expect.stringMatching(/^000b[0-9a-f]{64}$/)]));
  });

  it("that are cut off or foreign are no tokens to rely on", () => {
    const broken = { tokens: { "0": { type: "systemd-tpm2", keyslots: ["1"], "tpm2-blob": "AJ4AIA==" } } };
    expect(tpmTokens(broken)).toMatchObject([{ slot: 1, policy: null, srk: null, sealed: null }]);
    const [first] = Object.values(header.tokens);
    const short = { tokens: { "0": { ...first, type: "systemd-tpm2", keyslots: [], "tpm2-blob": "AJ4AIA==" } } };
    expect(tpmTokens(short)).toMatchObject([{ slot: null, sealed: null }]);
  });

  it("keep their slots from being taken for passphrases or leftovers", () => {
    expect(slotsByPurpose(header)).toEqual({ passphrases: [], recovery: [], nameless: [0] });
  });
});

describe("signatures of a boot image", () => {
  const afterStub = "ab".repeat(32);

  it("let through what they are for, by our key alone", () => {
    expect(isSigned(signatures(afterStub), testKey, pcr11InInitrd(afterStub))).toBe(true);
    expect(isSigned(signatures(afterStub), testKey, afterStub)).toBe(false);
    expect(isSigned(signatures(afterStub), publicKey, pcr11InInitrd(afterStub))).toBe(false);
  });

  it("are understood as ukify writes them", () => {
    const url = new URL("../testing/uki/signatures.json", import.meta.url);
    const made = UkifyRecording.parse(JSON.parse(readFileSync(url, "utf8")));
    expect(isSigned(made.signatures, made.publicKey, pcr11InInitrd(made.afterStub))).toBe(true);
    expect(isSigned(made.signatures, made.publicKey, made.afterStub)).toBe(false);
    expect(isSigned(made.signatures, testKey, pcr11InInitrd(made.afterStub))).toBe(false);
  });

  it("do not hold when a byte of them is another", () => {
    const file = z
      .object({ sha256: z.array(z.record(z.string(), z.unknown())) })
      .parse(JSON.parse(signatures(afterStub)));
    const forged = { sha256: file.sha256.map((each) => ({ ...each, sig: Buffer.alloc(256, 1).toString("base64") })) };
    expect(isSigned(JSON.stringify(forged), testKey, pcr11InInitrd(afterStub))).toBe(false);
    for (const text of ["", "{}", "[1]", '{"sha256":[{"pcrs":"11"}]}']) {
      expect(isSigned(text, testKey, pcr11InInitrd(afterStub))).toBe(false);
    }
  });
});
