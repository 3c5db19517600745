import { describe, expect, it } from "vitest";
import { fakeExec } from "../testing/fake-exec.ts";
import { tpm2Rules } from "../testing/machines.ts";
import { parseCapabilities, tpmHasEcc, tpmIdentity, tpmState } from "./tpm2.ts";

describe("tpm2_getcap", () => {
  it("is asked through the kernel's resource manager", async () => {
    const exec = fakeExec(tpm2Rules());
    await tpmIdentity(exec);
    expect(exec.calls[0]).toMatchObject({
      program: "tpm2_getcap",
      args: ["properties-fixed"],
      options: { env: { TPM2TOOLS_TCTI: "device:/dev/tpmrm0" } },
    });
  });

  it("tells a locked and an owned TPM from a healthy one", async () => {
    const state = (variable: string): Promise<unknown> => tpmState(fakeExec(tpm2Rules(variable)));
    expect(await state("variable")).toMatchObject({ inLockout: false, ownerAuthSet: false });
    expect(await state("variable-locked")).toMatchObject({
      inLockout: true,
      ownerAuthSet: false,
      recoverySeconds: 600,
    });
    expect(await state("variable-owned")).toMatchObject({ inLockout: false, ownerAuthSet: true });
  });

  it("knows P-256 from other curves", async () => {
    const withCurves = (stdout: string): Promise<boolean> => tpmHasEcc(fakeExec([{ program: "tpm2_getcap", stdout }]));
    expect(await withCurves("TPM2_ECC_NIST_P256: 0x3\n")).toBe(true);
    expect(await withCurves("TPM2_ECC_BN_P256: 0x10\n")).toBe(false);
  });

  it("a TPM that leaves out a number is a failure, not a zero", async () => {
    const exec = fakeExec([{ program: "tpm2_getcap", stdout: "TPM2_PT_PERMANENT:\n  inLockout: 0\n" }]);
    await expect(tpmState(exec)).rejects.toMatchObject({ kind: "tool-failed" });
  });

  it("takes vendor texts as they are", () => {
    const parsed = parseCapabilities('TPM2_PT_MANUFACTURER:\n  raw: 0x1\n  value: "a: \\"b\\""\nrubbish\n');
    expect(parsed.get("TPM2_PT_MANUFACTURER.value")).toBe('a: \\"b\\"');
    expect(parsed.size).toBe(2);
  });
});
