// @vitest-environment jsdom
import { screen, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { InstallError } from "../../../app/errors.ts";
import { violations } from "../../testing/axe.ts";
import { testPlan } from "../../testing/plan.ts";
import { renderStep } from "../../testing/render-step.tsx";
import { Step } from "./Step.tsx";

const report = new InstallError("disk-io", "dd failed", { disk: "/dev/nvme0n1" }).report();
const failed = { step: "failure", phase: "failed", plan: testPlan, error: report, diskState: "erased" } as const;
const progress = { done: 0, overall: 0, elapsed: 1, left: null, cancelLeaves: "erased", finished: [] } as const;

describe("the failure step", () => {
  it("says what happened, where, what is on the disk, and offers ways on", async () => {
    await renderStep(Step, { snapshot: { ...failed, progress: { ...progress, finished: [], job: "write-root" } } });
    expect(within(screen.getByRole("form")).getByRole("alert").textContent).toMatch(/Copying the system/);
    expect(screen.getByText("What was on the disk is lost")).toBeTruthy();
    for (const name of ["Choose another disk", "Save a report", "Try again", "Look at the answers"]) {
      expect(screen.getByRole("button", { name })).toBeTruthy();
    }
    expect(await violations()).toEqual([]);
  });

  it("retries and goes back to the disks", async () => {
    const { bridge, user } = await renderStep(Step, { snapshot: failed, answers: { "install/retry": () => null } });
    await user.click(screen.getByRole("button", { name: "Try again" }));
    expect(bridge.paramsOf("install/retry")).toEqual([{}]);
    await user.click(screen.getByRole("button", { name: "Choose another disk" }));
    expect(bridge.paramsOf("session/update")).toContainEqual({ step: "disk" });
  });

  it("goes on without the TPM where that helps", async () => {
    const error = new InstallError("tpm-lockout", "locked").report();
    const { bridge, user } = await renderStep(Step, { snapshot: { ...failed, error } });
    await user.click(screen.getByRole("button", { name: "Go on with the passphrase only" }));
    expect(bridge.paramsOf("session/update")).toContainEqual({ choices: { unlock: "off" } });
  });

  it("a cancellation is no failure", async () => {
    const error = new InstallError("cancelled", "cancelled").report();
    await renderStep(Step, { snapshot: { ...failed, error, diskState: "untouched" } });
    expect(screen.getByRole("heading", { level: 1 }).textContent).toBe("The installation was cancelled");
    expect(screen.getByText("Nothing on the disk was changed")).toBeTruthy();
  });
});
