import type { ErrorDetails, ErrorKind, ErrorReport } from "./errors.ts";

/** What a person reads about an error. */
export interface ErrorText {
  /** A few words, without a full stop. */
  readonly title: string;
  /** What happened and why, one or two sentences. */
  readonly explanation: string;
  /** The next step to take. */
  readonly whatToDo: string;
}

/** Key of a translation: the kind, or the kind and what sets the text apart. */
export type ErrorTextKey =
  | ErrorKind
  | "already-installed-unrecorded"
  | "disk-ambiguous-twins"
  | "disk-unusable-medium"
  | "disk-unusable-mounted"
  | "disk-unusable-read-only"
  | "passphrase-not-typeable-pin"
  | "secret-file-missing-one-time-password"
  | "secret-file-missing-pin";

/** A detail that is a list of lines; empty where there is none. */
export function detailList(details: ErrorDetails, name: string): string[] {
  const value = details[name];
  return Array.isArray(value) ? value : [];
}

function unusableKey(problems: readonly string[]): ErrorTextKey {
  if (problems.includes("live-medium") || problems.includes("answer-medium")) return "disk-unusable-medium";
  if (problems.includes("mounted")) return "disk-unusable-mounted";
  return problems.includes("read-only") ? "disk-unusable-read-only" : "disk-unusable";
}

/** A secret's name is a word of the sentence in many languages: each has sentences of its own. */
const secretFileKeys: Readonly<Record<string, ErrorTextKey>> = {
  PIN: "secret-file-missing-pin",
  "one-time password": "secret-file-missing-one-time-password",
};

/** The key under which an error's text is found in any language. */
export function errorTextKey({ kind, details }: Pick<ErrorReport, "kind" | "details">): ErrorTextKey {
  switch (kind) {
    case "already-installed":
      return details["recorded"] === false ? "already-installed-unrecorded" : kind;
    case "disk-ambiguous":
      return details["picked"] === true ? "disk-ambiguous-twins" : kind;
    case "disk-unusable":
      return unusableKey(detailList(details, "problems"));
    case "passphrase-not-typeable":
      return details["name"] === "PIN" ? "passphrase-not-typeable-pin" : kind;
    case "secret-file-missing":
      return secretFileKeys[String(details["name"])] ?? kind;
    default:
      return kind;
  }
}
