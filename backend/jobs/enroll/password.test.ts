import { expect, it } from "vitest";
import { mokPasswordProblem } from "../../../app/answers/secret-rules.ts";
import { makeMokPassword } from "./password.ts";

it("makes passwords that MokManager takes, another each time", () => {
  const made = Array.from({ length: 50 }, () => makeMokPassword().reveal());
  for (const password of made) expect(mokPasswordProblem(password)).toBeNull();
  expect(new Set(made).size).toBeGreaterThan(45);
});
