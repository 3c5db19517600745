import { expect, it } from "vitest";
import { enrolmentFailures, enrolmentOutcome } from "./enrolment.ts";

it.each([
  ["mok", [], "mok"],
  ["mok", ["tpm-absent"], "mok"],
  ...enrolmentFailures.map((code) => ["mok", ["tpm-absent", code], "failed"] as const),
  ["none", [], "none"],
] as const)("%s with the notices %j is %s", (enrolment, codes, expected) => {
  const notices = codes.map((code) => ({ code, message: "" }));
  expect(enrolmentOutcome({ enrolment, notices })).toBe(expected);
});
