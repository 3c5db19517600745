import { expect, it } from "vitest";
import { ENROLMENT_FAILED, enrolmentOutcome } from "./enrolment.ts";

it.each([
  ["mok", [], "mok"],
  ["mok", ["tpm-absent"], "mok"],
  ["mok", [ENROLMENT_FAILED], "failed"],
  ["none", [], "none"],
] as const)("%s with the notices %j is %s", (enrolment, codes, expected) => {
  const notices = codes.map((code) => ({ code, message: "" }));
  expect(enrolmentOutcome({ enrolment, notices })).toBe(expected);
});
