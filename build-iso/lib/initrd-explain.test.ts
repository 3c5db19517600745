import { readFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { InitrdScripts } from "./testing/initrd-scripts.ts";

const recorded = (path: string): string =>
  readFileSync(new URL(`../../backend/testing/${path}`, import.meta.url), "utf8");
interface Header {
  tokens: Record<string, Record<string, unknown>>;
}
/** Sealed by systemd-cryptenroll for PCR 7 = 77…7, PCR 12 and 15 empty; the second with a PIN. */
const { header } = JSON.parse(recorded("luks/tpm-tokens.json")) as { header: Header };
const uki = JSON.parse(recorded("uki/signatures.json")) as { signatures: string };
/** PCR 11 that these signatures are for, in the phase enter-initrd. */
const SIGNED_PCR11 = "17704c79614379f6aad8867e6810da564cbeb4330c99c99f55471009dbdb703f";
const ZEROS = "0".repeat(64);
const SRK = "000b6e0a5849bfd5fb58c98cab18021d57f2f65cf580d4d4dcc7a16959eee0f8bab4";

let initrd: InitrdScripts;
const pcr = (index: number, value: string): void => {
  initrd.file(`/sys/class/tpm/tpm0/pcr-sha256/${String(index)}`, `${value.toUpperCase()}\n`);
};
/** The tokens that are on the disk, as cryptsetup prints them: json-c writes `/` as `\/`. */
const tokens = (...wanted: readonly string[]): void => {
  const kept = Object.fromEntries(Object.entries(header.tokens).filter(([id]) => wanted.includes(id)));
  const text = JSON.stringify({ ...header, tokens: kept }, null, 2).replaceAll("/", "\\/");
  initrd.file("/header", text);
  initrd.program("cryptsetup", `cat '${initrd.path("/header")}'`);
};
const idOf = (pin: boolean): string =>
  Object.entries(header.tokens).find(([, token]) => (token["tpm2-pin"] ?? false) === pin)?.[0] ?? "";
const tpm = (variable: string, root: string | null = SRK): void => {
  initrd.file("/variable", recorded(`tpm2/${variable}.txt`));
  const name = root === null ? "exit 1" : `echo 'name: ${root}'; echo 'qualified name: ${root}'`;
  initrd.program("tpm2", `case $1 in readpublic) ${name} ;; getcap) cat '${initrd.path("/variable")}' ;; esac`);
};
const explain = (): string[] => initrd.run("explain", "/dev/disk").output.trim().split("\n");

beforeEach(() => {
  initrd = new InitrdScripts();
  tokens(idOf(false));
  tpm("variable");
  pcr(7, "7".repeat(64));
  pcr(11, SIGNED_PCR11);
  pcr(12, ZEROS);
  pcr(15, ZEROS);
  initrd.file("/run/systemd/tpm2-pcr-signature.json", uki.signatures);
  secureBoot(1);
});
afterEach(() => {
  initrd.remove();
});
function secureBoot(on: number): void {
  const path = "/sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c";
  initrd.file(path, `\x06\0\0\0${String.fromCharCode(on)}`);
}

describe("why somebody is asked", () => {
  it("the PIN, where everything is as it was sealed for", () => {
    tokens(idOf(true));
    expect(explain()).toEqual(["pin"]);
  });

  it("a TPM that failed, where everything fits and there is no PIN", () => {
    expect(explain()).toEqual(["tpm-failed"]);
  });

  it.each([false, true])("another Secure Boot policy (PIN: %s)", (pin) => {
    tokens(idOf(pin));
    pcr(7, "8".repeat(64));
    expect(explain()).toEqual(["pcr7"]);
    secureBoot(0);
    expect(explain()).toEqual(["secure-boot-off"]);
  });

  it.each([
    [11, "pcr11"],
    [12, "pcr12"],
    [15, "pcr15"],
  ])("PCR %i is another", (index, reason) => {
    pcr(index, "a".repeat(64));
    expect(explain()).toEqual([reason]);
  });

  it("everything at once, in the order of the PCRs", () => {
    for (const index of [7, 11, 12, 15]) pcr(index, "a".repeat(64));
    expect(explain()).toEqual(["pcr7", "pcr11", "pcr12", "pcr15"]);
  });

  it("a kernel without any signature", () => {
    initrd.file("/run/systemd/tpm2-pcr-signature.json", "");
    expect(explain()).toEqual(["pcr11"]);
  });

  it("another TPM, or one that was cleared and has no storage root key", () => {
    tpm("variable", `000b${"12".repeat(32)}`);
    expect(explain()).toEqual(["other-tpm"]);
    tpm("variable", null);
    expect(explain()).toEqual(["other-tpm"]);
  });

  it("no TPM, and one without SHA-256", () => {
    const other = new InitrdScripts();
    other.program("cryptsetup", `cat '${initrd.path("/header")}'`);
    expect(other.run("explain", "/dev/disk").output).toBe("no-tpm\n");
    other.file("/sys/class/tpm/tpm0/tpm_version_major", "1\n");
    expect(other.run("explain", "/dev/disk").output).toBe("tpm-failed\n");
    other.remove();
  });

  it("a disk that no TPM opens", () => {
    tokens();
    expect(explain()).toEqual(["unbound"]);
  });

  it("a TPM in lockout, for as long as it takes to forget one wrong PIN", () => {
    tokens(idOf(true));
    tpm("variable-locked");
    expect(explain()).toEqual(["lockout:10"]);
    tokens(idOf(false));
    expect(explain()).toEqual(["tpm-failed"]);
  });
});

describe("pin-tries", () => {
  it("tells how many wrong PINs are left, and how long one counts", () => {
    const tries = (counter: string): string => {
      const text = recorded("tpm2/variable.txt").replace(/LOCKOUT_COUNTER: .*/, `LOCKOUT_COUNTER: ${counter}`);
      initrd.file("/variable", text.replace(/MAX_AUTH_FAIL: .*/, "MAX_AUTH_FAIL: 0x20"));
      return initrd.run("pin-tries").output;
    };
    expect(tries("0x0")).toMatch(/^32 \d+\n$/);
    expect(tries("0x1F")).toMatch(/^1 /);
    expect(tries("0x20")).toMatch(/^0 /);
  });

  it("tells none in lockout, and nothing when the TPM does not answer", () => {
    tpm("variable-locked");
    expect(initrd.run("pin-tries").output).toBe("0 600\n");
    initrd.program("tpm2", "exit 1");
    expect(initrd.run("pin-tries")).toEqual({ code: 0, output: "", complaint: "" });
  });
});

describe("name-disk", () => {
  const partition = "/sys/devices/pci/block/sda/sda2";
  const device = (folder: string): void => {
    initrd.program("readlink", `case $2 in */class/*) echo '${initrd.path(folder)}' ;; *) echo /dev/sda2 ;; esac`);
  };
  const property = (values: Readonly<Record<string, string>>): void => {
    const cases = Object.entries(values).map(([name, value]) => `*=${name}\\ *) printf '%s\\n' '${value}' ;;`);
    initrd.program("udevadm", `case "$* " in ${cases.join(" ")} esac`);
  };
  const named = (): string => initrd.run("name-disk", "/dev/root", "serial number").output;

  beforeEach(() => {
    device(partition);
    initrd.file(`${partition}/partition`, "2\n");
    initrd.file("/sys/devices/pci/block/sda/size", `${String(1_000_204_886_016 / 512)}\n`);
  });

  it("says model, serial number, size and name of the partition's disk", () => {
    initrd.file("/sys/devices/pci/block/sda/device/model", "Samsung SSD 980   \n");
    property({ ID_SERIAL_SHORT: "S64DNX0R", ID_SERIAL: "Samsung_SSD_980_S64DNX0R" });
    expect(named()).toBe("Samsung SSD 980, serial number S64DNX0R, 1000 GB (sda)\n");
  });

  it("says what there is", () => {
    property({ ID_SERIAL: "SILVER-TARGET-1" });
    expect(named()).toBe("serial number SILVER-TARGET-1, 1000 GB (sda)\n");
    property({});
    expect(named()).toBe("1000 GB (sda)\n");
  });

  it("takes no control characters from a disk, and not more than fits", () => {
    initrd.file("/sys/devices/pci/block/sda/device/model", `\x1b[2J${"x".repeat(200)}\n`);
    property({ ID_SERIAL_SHORT: "\x1b]0;a\x07\x9b1m" });
    expect(named()).toBe(`[2J${"x".repeat(37)}, serial number ]0;a1m, 1000 GB (sda)\n`);
  });
});
