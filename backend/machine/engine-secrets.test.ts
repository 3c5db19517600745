import { inspect } from "node:util";
import { describe, expect, it, vi } from "vitest";
import { Secret } from "../../app/secret.ts";
import { type EngineInput } from "./engine.ts";
import { canaries, testAnswers } from "./testing/facts.ts";
import { begin, events, machine } from "./testing/engine-run.ts";

/** Answers of the graphical installer: its secrets go apart from them. */
function fromInstaller(): Pick<EngineInput, "answers" | "given"> {
  const given = {
    passphrase: { given: true as const },
    pin: { given: true as const },
    recoveryKey: "display" as const,
  };
  return {
    answers: { ...testAnswers, encryption: { ...testAnswers.encryption, ...given } },
    given: {
      passphrase: new Secret(canaries.passphrase),
      pin: new Secret(canaries.pin),
      recoveryKey: new Secret(canaries.recoveryKey),
      mokPassword: new Secret("27182818"),
    },
  };
}

describe("secrets", () => {
  it.each([
    ["of an answer file", () => ({})],
    ["handed over by the graphical installer", fromInstaller],
  ])("%s reach programs on descriptors and are found nowhere else", async (_, more) => {
    const secrets: Buffer[] = [];
    let snapshots = "";
    const engine = begin({
      ...more(),
      onEvent: (event) => {
        events.push(event);
        snapshots += JSON.stringify(engine.snapshot()) + inspect(engine.snapshot().context, { depth: 9 });
      },
      confirm: true,
    });
    machine.onCall = ({ options }) => {
      for (const given of [...(options.inputs ?? []), options.stdin])
        if (given instanceof Secret) secrets.push(given.bytes());
    };
    await expect.poll(() => events.some(({ event }) => event === "plan")).toBe(true);
    engine.start();
    const result = await engine.result;
    expect(result.outcome).toBe("installed");
    expect(secrets.length).toBeGreaterThan(5);
    const calls = machine.calls.map(({ program, args, options }) =>
      [program, ...args, JSON.stringify(options.env ?? {})].join(" "),
    );
    const texts = [
      ...calls,
      JSON.stringify(events),
      JSON.stringify(result),
      snapshots,
      JSON.stringify(engine.snapshot()),
    ].join("\n");
    for (const secret of secrets) {
      for (const coding of ["utf8", "hex", "base64"] as const) expect(texts).not.toContain(secret.toString(coding));
    }
    for (const canary of Object.values(canaries)) expect(texts).not.toContain(canary);
  });

  it("that were handed over are the ones that open the disk, and stay with who gave them", async () => {
    const input = fromInstaller();
    const secrets: string[] = [];
    machine.onCall = ({ options }) => {
      for (const given of [...(options.inputs ?? []), options.stdin])
        if (given instanceof Secret) secrets.push(given.reveal());
    };
    const result = await begin(input).result;
    expect(result.outcome).toBe("installed");
    expect(secrets).toContain(canaries.passphrase);
    expect(secrets).toContain(canaries.recoveryKey);
    expect(input.given?.passphrase.reveal()).toBe(canaries.passphrase);
    expect(input.given?.recoveryKey.reveal()).toBe(canaries.recoveryKey);
  });

  it("that were promised and not handed over end the run before the first write", async () => {
    const result = await begin({ answers: fromInstaller().answers }).result;
    expect(result).toMatchObject({ outcome: "failed", touched: false, error: { kind: "internal" } });
  });
});

describe("a password that is chosen later", () => {
  const { passwordHash: _, ...user } = testAnswers.user;

  it("leaves an account without password that has to choose one", async () => {
    const result = await begin({ answers: { ...testAnswers, user } }).result;
    expect(result.error).toBeNull();
    const chroot = machine.calls
      .filter(({ program }) => program === "chroot")
      .map(({ args }) => args.slice(1).join(" "));
    expect(chroot).toContain("passwd --delete -- ada");
    expect(chroot).toContain("chage --lastday=0 -- ada");
    expect(chroot.some((call) => call.startsWith("chpasswd"))).toBe(false);
    expect(JSON.stringify(result.plan)).toContain("ada chooses a password at the first login");
  });

  it("is no empty password for good: an account that is not out of date fails the check", async () => {
    const exec: EngineInput["exec"] = (program, args, options) =>
      args.includes("chage")
        ? Promise.resolve({ code: 0, stdout: "", stderr: "" })
        : machine.exec(program, args, options);
    const result = await begin({ answers: { ...testAnswers, user }, exec }).result;
    expect(result.error).toMatchObject({
      kind: "verify-failed",
      details: { wrong: ["etc/shadow: user's first login"] },
    });
  });
});

describe("secrets of a refused run", () => {
  const required = { ...testAnswers, encryption: { ...testAnswers.encryption, tpm2: "required" as const } };
  const refusals: [string, () => Partial<EngineInput>][] = [
    ["the TPM", () => ({ answers: required, predictPcr7: () => Promise.reject(new Error("no log")) })],
    ["the medium", () => ({ exec: failing("blockdev") })],
    ["the PIN", () => ({ answers: { ...required, encryption: { ...required.encryption, pin: { file: "gone" } } } })],
  ];
  function failing(name: string): EngineInput["exec"] {
    return (program, args, options) =>
      program === name ? Promise.reject(new Error("no medium")) : machine.exec(program, args, options);
  }

  it.each(refusals)("are destroyed when %s refuses", async (_, over) => {
    const destroyed = vi.spyOn(Secret.prototype, "destroy");
    const result = await begin(over()).result;
    expect(result.outcome).toBe("failed");
    // Passphrase, volume key, temporary key, recovery key; and the PIN, where there was one.
    expect(new Set(destroyed.mock.contexts).size).toBeGreaterThanOrEqual(4);
    destroyed.mockRestore();
  });
});
