import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { efiGuid, guidBytes } from "../../app/efi-guid.ts";
import { InstallError } from "../../app/errors.ts";
import { fakeSys } from "../testing/fake-sys.ts";
import { eventType, parseEventLog, replay } from "./eventlog.ts";
import { authorityBytes, eventVariable, predictPcr7, predictPcr7Here, predictWithAuthority } from "./pcr7.ts";

const read = (name: string): Buffer => readFileSync(new URL(`../testing/eventlogs/${name}`, import.meta.url));
const recorded = JSON.parse(read("pcrs.json").toString()) as Record<string, Record<string, string>>;
const pcr7 = (name: string): string => recorded[name]?.["7"] ?? "";
const own = {
  log: parseEventLog(read("own-db.log")),
  livePcr7: pcr7("own-db"),
  db: read("own.db.efivar").subarray(4),
  mok: read("MokListRT"),
  ourCertDer: read("own.der"),
  enrolment: "none" as const,
};

function failure(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof InstallError) return `${error.kind} ${String(error.details["reason"] ?? "")}`.trim();
    throw error;
  }
  return "";
}

describe("predictPcr7", () => {
  it("gives what the TPM held when the signed chain really started", () => {
    const predicted = predictPcr7(own);
    expect(predicted).toBe(pcr7("own-chain"));
    expect(predicted).not.toBe(pcr7("own-db"));
  });

  it("counts our certificate twice where firmware let shim in by it too", () => {
    const only = {
      log: parseEventLog(read("only-db.log")),
      livePcr7: pcr7("only-db"),
      db: read("only.db.efivar").subarray(4),
      mok: new Uint8Array(),
      ourCertDer: read("only.der"),
      enrolment: "none" as const,
    };
    expect(predictPcr7(only)).toBe(pcr7("only-chain"));
  });

  it("gives the same when the live system itself was started by the signed chain", () => {
    const log = parseEventLog(read("own-chain.log"));
    expect(predictPcr7({ ...own, log, livePcr7: pcr7("own-chain") })).toBe(pcr7("own-chain"));
  });

  it("reads everything from the machine", async () => {
    const sys = fakeSys({
      "/sys/kernel/security/tpm0/binary_bios_measurements": read("own-db.log"),
      "/sys/class/tpm/tpm0/pcr-sha256/7": `${pcr7("own-db").toUpperCase()}\n`,
      [`/sys/firmware/efi/efivars/db-${efiGuid.imageSecurity}`]: read("own.db.efivar"),
    });
    await expect(predictPcr7Here(sys, own.ourCertDer, "none")).resolves.toBe(pcr7("own-chain"));
    await expect(predictPcr7Here(fakeSys({}), own.ourCertDer, "none")).rejects.toMatchObject({
      kind: "event-log-unusable",
      details: { reason: "missing" },
    });
  });

  it("refuses a machine that does not have our certificate", () => {
    const log = parseEventLog(read("microsoft.log"));
    const db = read("microsoft.db.efivar").subarray(4);
    expect(failure(() => predictPcr7({ ...own, log, livePcr7: pcr7("microsoft"), db }))).toBe(
      "secure-boot-key-missing",
    );
    expect(failure(() => predictPcr7({ ...own, db: db.subarray(1) }))).toBe("secure-boot-key-missing");
  });

  it("refuses a log that does not explain the live PCR", () => {
    expect(failure(() => predictPcr7({ ...own, livePcr7: "0".repeat(64) }))).toBe("event-log-unusable replay-mismatch");
    const last = own.log.events.findLast((event) => event.pcr === 7);
    const shorter = { ...own.log, events: own.log.events.filter((event) => event !== last) };
    expect(failure(() => predictPcr7({ ...own, log: shorter }))).toBe("event-log-unusable replay-mismatch");
  });

  it("refuses a start without shim or with two", () => {
    const sbat = own.log.events.find(
      (e) => e.type === eventType.variableAuthority && eventVariable(e.data)?.name === "SbatLevel",
    );
    if (!sbat) throw new Error("no SbatLevel in the recording");
    const without = { ...own.log, events: own.log.events.filter((event) => event.pcr !== 7) };
    expect(failure(() => predictPcr7({ ...own, log: without, livePcr7: "0".repeat(64) }))).toBe(
      "event-log-unusable no-shim",
    );
    const twice = { ...own.log, events: [...own.log.events, sbat] };
    const livePcr7 = replay(twice, "sha256", 7);
    expect(failure(() => predictPcr7({ ...own, log: twice, livePcr7 }))).toBe("event-log-unusable more-than-one-shim");
  });

  it("takes shim's own list where db does not have the certificate", () => {
    // In the recording the list holds Debian's certificate, by which shim let Debian's second stage in.
    const debian = read("MokListRT").subarray(28 + 16);
    expect(predictPcr7({ ...own, ourCertDer: debian })).toBe(own.livePcr7);
    expect(failure(() => predictPcr7({ ...own, mok: new Uint8Array(), ourCertDer: debian }))).toBe(
      "secure-boot-key-missing",
    );
  });

  it("foresees the MOK list of the next start where the enrolment is requested", () => {
    // What Debian's certificate gave in the recording, ours gives after MokManager: owner and variable are shim's.
    const debian = read("MokListRT").subarray(28 + 16);
    const requested = { ...own, mok: new Uint8Array(), ourCertDer: debian, enrolment: "mok" as const };
    expect(predictPcr7(requested)).toBe(own.livePcr7);
    expect(predictPcr7({ ...own, enrolment: "mok" }), "db goes first").toBe(pcr7("own-chain"));
  });

  it("gave, before MokManager was answered, what the TPM held after it", () => {
    const asked = {
      log: parseEventLog(read("microsoft.log")),
      livePcr7: pcr7("microsoft"),
      db: read("microsoft.db.efivar").subarray(4),
      mok: new Uint8Array(),
      ourCertDer: read("mok.der"),
    };
    expect(predictPcr7({ ...asked, enrolment: "mok" })).toBe(pcr7("mok-chain"));
    expect(failure(() => predictPcr7({ ...asked, enrolment: "none" }))).toBe("secure-boot-key-missing");
  });

  it("explains the recorded MOK authority too", () => {
    const mok = own.log.events.findLast((event) => event.pcr === 7);
    const data = read("MokListRT").subarray(28);
    const authority = { variable: "MokListRT", vendor: efiGuid.shim, data };
    expect(mok?.data.equals(authorityBytes(authority))).toBe(true);
    expect(predictWithAuthority({ log: own.log, livePcr7: own.livePcr7, authority })).toBe(own.livePcr7);
    expect(data.subarray(0, 16).equals(guidBytes(efiGuid.shim))).toBe(true);
  });
});

describe("eventVariable", () => {
  it("never throws", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        eventVariable(Buffer.from(bytes));
      }),
    );
  });
});
