import fc from "fast-check";
import { afterEach, describe, expect, it } from "vitest";
import { methodNames, methods, rpcErrorCode, type MethodName } from "../../app/rpc/methods.ts";
import { type Phase, Snapshot } from "../../app/wizard/snapshot.ts";
import { canaries, Walk } from "./testing/walk.ts";
import { call } from "./testing/calls.ts";

const codes: readonly number[] = Object.values(rpcErrorCode);

describe("calls in process", () => {
  let walk: Walk;

  afterEach(() => {
    walk.close();
  });

  /** What must hold whatever is called: answers or refusals of known kinds, and no way to a job but the one way. */
  async function stands(name: string, params: unknown, allowedPhases: readonly Phase[]): Promise<void> {
    const before = walk.session.phase;
    const known = (methodNames as string[]).includes(name) ? methods[name as MethodName] : undefined;
    try {
      await walk.dispatcher.call(name, params);
      expect(known?.params.safeParse(params ?? {}).success).toBe(true);
    } catch (error) {
      const { code, message, data } = error as { code: number; message: string; data: unknown };
      expect(codes).toContain(code);
      expect(code, message).not.toBe(rpcErrorCode.internal);
      const text = JSON.stringify([message, data]);
      for (const canary of Object.values(canaries)) expect(text).not.toContain(canary);
      if (known === undefined) expect(code).toBe(rpcErrorCode.unknownMethod);
      else if (!(known.phases as readonly Phase[]).includes(before)) {
        expect([rpcErrorCode.notNow, rpcErrorCode.invalidParams]).toContain(code);
      }
    }
    expect(allowedPhases, `${name} ${JSON.stringify(params)}`).toContain(walk.session.phase);
  }

  it("of any kind and order never reach a job while the user is choosing (4000 cases)", async () => {
    walk = new Walk();
    await walk.in("choosing");
    const calls = call.filter(([name]) => name !== "plan/make");
    await fc.assert(
      fc.asyncProperty(calls, ([name, params]) => stands(name, params, ["choosing"])),
      { numRuns: 4000 },
    );
    Snapshot.parse(walk.state);
    expect(walk.world.files.every(({ medium }) => medium === "/dev/sdb1")).toBe(true);
  });

  it("with plans between them never reach a job without the confirmation (2500 cases)", async () => {
    walk = new Walk();
    await walk.answer();
    let count = 0;
    let wrong = 0;
    const phases: Phase[] = ["choosing", "planning", "reviewing"];
    const nearly = fc.oneof(
      fc.constantFrom("", "345", "45K", "345K5", "nvme0n1", "Samsung"),
      fc.string({ maxLength: 8 }),
    );
    const start = fc.tuple(fc.constant("install/start"), fc.record({ confirmation: nearly }));
    const calls = fc.oneof({ weight: 9, arbitrary: call }, { weight: 1, arbitrary: start });
    const isRight = ([, params]: [string, unknown]): boolean => JSON.stringify(params).toUpperCase().includes('345K"');
    await fc.assert(
      fc.asyncProperty(
        calls.filter((each) => !isRight(each)),
        async ([name, params]) => {
          count += 1;
          if (count % 25 === 0) {
            await walk.call("session/update", { step: "disk", choices: { userName: "ada" } });
            await walk.answer();
            await walk.plan();
            expect(walk.session.phase).toBe("reviewing");
          }
          if (name === "install/start" && walk.session.phase === "reviewing") wrong += 1;
          await stands(name, params, phases);
          await walk.until(({ phase }) => phase !== "planning");
        },
      ),
      { numRuns: 2500 },
    );
    expect(wrong).toBeGreaterThan(10);
    expect(walk.phases).not.toContain("installing");
  });

  it("while it installs change nothing but language and looks (2000 cases)", async () => {
    // Files are saved at once, while the installation stands nearly still.
    walk = new Walk("laptop-windows", () => ({ save: () => Promise.resolve(["a file"]) }));
    await walk.answer();
    await walk.plan();
    walk.world.clock.speed = 0.001;
    await walk.call("install/start", { confirmation: "345K" });
    const { userName } = walk.state.choices;
    const calls = call.filter(([name]) => name !== "install/cancel");
    await fc.assert(
      fc.asyncProperty(calls, ([name, params]) => stands(name, params, ["installing"])),
      { numRuns: 2000 },
    );
    expect(walk.state.choices.userName).toBe(userName);
    expect(walk.state.secrets).toMatchObject({ passphrase: true, pin: true, recoveryKey: "confirmed" });
    expect(walk.world.power).toBeNull();
  });

  it("when it is done begin nothing again (500 cases)", async () => {
    walk = new Walk();
    await walk.confirm();
    await walk.in("installed");
    await fc.assert(
      fc.asyncProperty(call, ([name, params]) => stands(name, params, ["installed"])),
      { numRuns: 500 },
    );
  });
});
