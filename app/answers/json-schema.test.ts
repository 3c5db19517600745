import { readFileSync, writeFileSync } from "node:fs";
import { expect, it } from "vitest";
import { answersSchemaDocument } from "./json-schema.ts";
import type { JsonSchema } from "./shape.ts";

const file = new URL("../../docs/answers.schema.json", import.meta.url);

/** `UPDATE=1 npx vitest run --config .config/vitest.config.ts app/answers/json-schema` writes the file anew. */
it("docs/answers.schema.json is current", () => {
  if (process.env["UPDATE"] === "1") writeFileSync(file, `${JSON.stringify(answersSchemaDocument(), null, 2)}\n`);
  expect(JSON.parse(readFileSync(file, "utf8"))).toEqual(answersSchemaDocument());
});

it("says of every key what it is for", () => {
  const undocumented = (schema: JsonSchema, path: string): string[] => [
    ...(schema.description === undefined && !/\.(min|max)$/.test(path) ? [path] : []),
    ...Object.entries(schema.properties ?? {}).flatMap(([key, below]) => undocumented(below, `${path}.${key}`)),
  ];
  expect(undocumented(answersSchemaDocument(), "answers")).toEqual([]);
});
