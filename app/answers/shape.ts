import * as z from "zod";
import { WholeAnswerFile } from "./schema.ts";

/** The part of JSON Schema that zod makes of the answers. */
export interface JsonSchema {
  readonly $id?: string;
  readonly title?: string;
  readonly type?: string;
  readonly description?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly anyOf?: readonly JsonSchema[];
  readonly const?: unknown;
  readonly contains?: JsonSchema;
  readonly not?: JsonSchema;
  readonly if?: JsonSchema;
  readonly then?: JsonSchema;
  readonly allOf?: readonly JsonSchema[];
}

/** The JSON Schema of an answer file as people write it: what has a default may be left out. */
export function answersJsonSchema(): JsonSchema {
  return z.toJSONSchema(WholeAnswerFile, { io: "input" }) as JsonSchema;
}

let cached: JsonSchema | undefined;

/** All forms that a value may take, with unions inside unions flattened. */
function forms(schema: JsonSchema): readonly JsonSchema[] {
  return schema.anyOf === undefined ? [schema] : schema.anyOf.flatMap(forms);
}

/** The forms that the format has at a path; none where the format has no such path. */
export function formsAt(path: readonly PropertyKey[]): readonly JsonSchema[] {
  cached ??= answersJsonSchema();
  let found = forms(cached);
  for (const key of path) {
    found = found.flatMap(({ properties }) => {
      const next = properties !== undefined && Object.hasOwn(properties, key) ? properties[String(key)] : undefined;
      return next === undefined ? [] : forms(next);
    });
  }
  return found;
}

const keysByPath = new Map<string, readonly string[]>();

/** The keys that may stand below a path that the format has; none below others. */
export function keysAt(path: readonly PropertyKey[]): readonly string[] {
  const name = path.map(String).join(".");
  const known = keysByPath.get(name);
  if (known !== undefined) return known;
  const found = formsAt(path);
  const keys = [...new Set(found.flatMap(({ properties }) => Object.keys(properties ?? {})))];
  if (found.length > 0) keysByPath.set(name, keys);
  return keys;
}

function formText({ type, properties, required }: JsonSchema): string {
  if (type === "string") return "text";
  if (type === "integer" || type === "number") return "a whole number";
  if (type === "boolean") return "true or false";
  if (type !== "object") return "a value";
  const keys = required ?? [];
  if (keys.length === 0 || Object.keys(properties ?? {}).length > 1) return "keys and values below it";
  return `{ ${keys.map((key) => `${key}: ${properties?.[key]?.const === true ? "true" : "…"}`).join(", ")} }`;
}

/** What may stand at a path, in words: `text, { file: … } or { generate: true }`. */
export function expectedAt(path: readonly PropertyKey[]): string {
  const texts = [...new Set(formsAt(path).map(formText))];
  const last = texts.pop() ?? "nothing";
  return texts.length === 0 ? last : `${texts.join(", ")} or ${last}`;
}
