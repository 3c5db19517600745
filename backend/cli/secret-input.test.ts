import { expect, it } from "vitest";
import { closeSync, mkdtempSync, openSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { secretFromDescriptor, typeInto } from "./secret-input.ts";

it.each([
  { chunk: "zwölf", line: "zwölf" },
  { chunk: "ab\x7fc", line: "ac" },
  { chunk: "ö\x7fo", line: "o" },
  { chunk: "wrong\x15right", line: "right" },
  { chunk: "a\x1b\tb", line: "ab" },
])("typing $chunk gives $line", ({ chunk, line }) => {
  expect(typeInto("", chunk)).toEqual({ line });
});

it("Enter ends the line, Ctrl-C gives up", () => {
  expect(typeInto("pass", "word\rmore")).toEqual({ done: "password" });
  expect(typeInto("pass", "\x03")).toEqual({ interrupted: true });
});

it("reads a descriptor to its end, without the last line break", () => {
  const file = join(mkdtempSync(join(tmpdir(), "silver-fd-")), "secret");
  const long = "ä".repeat(5000);
  writeFileSync(file, `${long}\n`);
  const fd = openSync(file, "r");
  expect(secretFromDescriptor(fd).reveal()).toBe(long);
  closeSync(fd);
});
