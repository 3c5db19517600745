import { interactiveKeys } from "./schema.ts";
import { answersJsonSchema, type JsonSchema } from "./shape.ts";

/** What holds unless `interactive` names the step that asks. */
function unlessAsked(step: string, then: JsonSchema): JsonSchema {
  const asked = { required: ["interactive"], properties: { interactive: { contains: { const: step } } } };
  return { if: { not: asked }, then };
}

/** The document `docs/answers.schema.json`, for editors that check and complete answer files. */
export function answersSchemaDocument(): JsonSchema {
  const schema = answersJsonSchema();
  const askable = Object.entries(interactiveKeys);
  const encryption = schema.properties?.["encryption"] ?? {};
  const passphrase = { properties: { encryption: { required: ["passphrase"] } } };
  return {
    $id: "urn:silvermetal:answers:v1",
    title: "SilverMetal OS answer file",
    ...schema,
    properties: {
      ...schema.properties,
      encryption: { ...encryption, required: (encryption.required ?? []).filter((key) => key !== "passphrase") },
    },
    required: (schema.required ?? []).filter((key) => !askable.some(([askedKey]) => askedKey === key)),
    allOf: [
      ...askable.map(([key, step]) => unlessAsked(step, { required: [key] })),
      unlessAsked(interactiveKeys.encryption, passphrase),
    ],
  };
}
