import { describe, expect, test } from "vitest";
import { Phase } from "../app/wizard/snapshot.ts";
import { questions, steps } from "../app/wizard/steps.ts";
import { nextStep, previousStep, shownQuestions, shownStep } from "./navigation.ts";

const ids = questions.map(({ id }) => id);

describe("order", () => {
  test("leads through all questions and back", () => {
    const there = [];
    for (let step = nextStep("welcome", []); step !== null; step = nextStep(step, [])) there.push(step);
    expect(there).toEqual(ids.slice(1));
    const back = [];
    for (let step = previousStep("review", []); step !== null; step = previousStep(step, [])) back.push(step);
    expect(back).toEqual(ids.slice(0, -1).reverse());
  });

  test("leaves out what an answer file has answered", () => {
    const skipped = ["keyboard", "check", "network"] as const;
    expect(nextStep("welcome", skipped)).toBe("disk");
    expect(previousStep("disk", skipped)).toBe("welcome");
    expect(shownQuestions(skipped)).not.toContain("check");
    expect(previousStep("disk", [...skipped, "welcome"])).toBeNull();
  });

  test("an outcome lies behind all questions", () => {
    expect(previousStep("failure", [])).toBe("review");
    expect(nextStep("install", [])).toBeNull();
  });
});

describe("what is shown", () => {
  const at = (phase: Phase, step: (typeof steps)[number]["id"], skippedSteps: typeof ids = []) =>
    shownStep({ phase, step, skippedSteps });

  test.each(steps.map(({ id }) => id))("while it writes, the progress, even when the session says %s", (step) => {
    expect(at("installing", step)).toBe("install");
    expect(at("undoing", step)).toBe("install");
    expect(at("installed", step)).toBe("done");
  });

  test("after a failure the failure, until the user goes to a question", () => {
    expect(at("failed", "install")).toBe("failure");
    expect(at("failed", "failure")).toBe("failure");
    expect(at("failed", "disk")).toBe("disk");
  });

  test("a question while choosing, never an outcome that is over", () => {
    expect(at("choosing", "disk")).toBe("disk");
    expect(at("choosing", "failure")).toBe("review");
    expect(at("reviewing", "review")).toBe("review");
  });

  test("the next question where an answer file has answered this one", () => {
    expect(at("choosing", "welcome", ["welcome", "keyboard"])).toBe("check");
  });

  test.each(Phase.options)("there is a screen for every step in the phase %s", (phase) => {
    for (const { id } of steps) expect(ids.concat(["install", "failure", "done"])).toContain(at(phase, id));
  });
});
