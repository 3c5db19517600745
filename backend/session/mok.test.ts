import { afterEach, describe, expect, it } from "vitest";
import { rpcErrorCode } from "../../app/rpc/methods.ts";
import type { DryRunMachine } from "../../app/rpc/dryrun.ts";
import { Walk } from "./testing/walk.ts";

let walk: Walk;

afterEach(() => {
  walk.close();
});

async function installed(machine: DryRunMachine): Promise<Walk> {
  walk = new Walk(machine);
  await walk.confirm();
  await walk.in("installed");
  return walk;
}

describe("the one-time password of MokManager", () => {
  it("is shown after the installation that has used it, and is told nowhere else", async () => {
    await installed("microsoft-keys");
    expect(walk.state.plan).toMatchObject({ enrolment: "mok" });
    expect(walk.state.plan?.jobs.at(-1)?.id).toBe("enroll");
    const password = await walk.call("mok/show");
    expect(password).toMatch(/^\d{8}$/);
    expect(await walk.call("mok/show")).toBe(password);
    expect(walk.told.join("\n")).not.toContain(password);
    expect(walk.session.log.all().join("\n")).not.toContain(password);
  });

  it("is saved with the way through the screens", async () => {
    await installed("microsoft-keys");
    const [medium] = walk.state.media;
    const pdf = Buffer.from("%PDF-1.4 sheet").toString("base64");
    const names = await walk.call("mok/save", { medium: medium?.id ?? "", pdf });
    expect(names).toEqual(["silvermetal-key-enrolment.txt", "silvermetal-key-enrolment.pdf"]);
    const text = walk.world.files[0]?.content.toString() ?? "";
    expect(text).toContain(await walk.call("mok/show"));
    for (const item of ["Enroll MOK", "Continue", "Yes", "Reboot", "Enroll key from disk"])
      expect(text).toContain(item);
  });

  it("is refused where nothing is requested", async () => {
    await installed("laptop-windows");
    await expect(walk.call("mok/show")).rejects.toMatchObject({ code: rpcErrorCode.notNow });
  });

  it("is refused before the installation", async () => {
    walk = new Walk("microsoft-keys");
    await walk.in("choosing");
    await expect(walk.call("mok/show")).rejects.toMatchObject({ code: rpcErrorCode.notNow });
  });
});
