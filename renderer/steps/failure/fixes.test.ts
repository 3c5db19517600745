import { describe, expect, it } from "vitest";
import { ErrorKind, InstallError } from "../../../app/errors.ts";
import { failureActions } from "./fixes.ts";

describe("failureActions", () => {
  it("begins with the way out that the error names", () => {
    expect(failureActions({ fixes: ["choose-another-disk", "save-report"] })).toEqual([
      "choose-disk",
      "report",
      "retry",
      "answers",
    ]);
  });

  it.each(ErrorKind.options)("%s is no dead end, and offers nothing twice", (kind) => {
    const actions = failureActions(new InstallError(kind, "").report());
    expect(actions).toEqual(expect.arrayContaining(["retry", "answers", "report"]));
    expect(new Set(actions).size).toBe(actions.length);
  });
});
