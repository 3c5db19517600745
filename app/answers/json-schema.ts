import { answersJsonSchema, type JsonSchema } from "./shape.ts";

/** The document `docs/answers.schema.json`, for editors that check and complete answer files. */
export function answersSchemaDocument(): JsonSchema {
  return { $id: "urn:silvermetal:answers:v1", title: "SilverMetal OS answer file", ...answersJsonSchema() };
}
