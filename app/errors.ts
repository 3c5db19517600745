import * as z from "zod";

/** A way out of a problem that a person or a program can take. The renderer shows one button for each. */
export const Fix = z.enum([
  "retry",
  "choose-another-disk",
  "edit-answers",
  "continue-without-tpm",
  "clear-tpm",
  "wait-for-tpm-lockout",
  "enrol-key",
  "turn-on-secure-boot",
  "replace-medium",
  "connect-disk",
  "free-the-disk",
  "save-report",
]);
export type Fix = z.infer<typeof Fix>;

/** Every way an installation can be refused or fail. Text for people: see `app/error-text.ts`. */
export const ErrorKind = z.enum([
  "answers-missing",
  "answers-invalid",
  "no-disk",
  "disk-not-found",
  "disk-ambiguous",
  "disk-unusable",
  "disk-too-small",
  "disk-changed",
  "disk-busy",
  "already-installed",
  "disk-io",
  "not-uefi",
  "secure-boot-key-missing",
  "setup-mode-needed",
  "tpm-absent",
  "tpm-unusable",
  "tpm-lockout",
  "tpm-owned",
  "tpm-secure-boot-off",
  "event-log-unusable",
  "passphrase-not-typeable",
  "secret-file-missing",
  "image-corrupt",
  "image-missing",
  "verify-failed",
  "tool-failed",
  "tool-missing",
  "tool-timeout",
  "cancelled",
  "internal",
]);
export type ErrorKind = z.infer<typeof ErrorKind>;

/** What `result.json` and the event stream carry. */
export const ErrorReport = z.strictObject({
  kind: ErrorKind,
  /** One English sentence; never contains a secret. */
  message: z.string(),
  /** Facts for a translated text and for support, by name. */
  details: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.array(z.string())])),
  recoverable: z.boolean(),
  fixes: z.array(Fix),
});
export type ErrorReport = z.infer<typeof ErrorReport>;
export type ErrorDetails = ErrorReport["details"];

const fixesByKind: Record<ErrorKind, readonly Fix[]> = {
  "answers-missing": ["edit-answers"],
  "answers-invalid": ["edit-answers"],
  "no-disk": ["connect-disk"],
  "disk-not-found": ["edit-answers", "connect-disk"],
  "disk-ambiguous": ["edit-answers"],
  "disk-unusable": ["choose-another-disk"],
  "disk-too-small": ["choose-another-disk"],
  "disk-changed": ["choose-another-disk", "retry"],
  "disk-busy": ["free-the-disk", "choose-another-disk"],
  "already-installed": ["edit-answers"],
  "disk-io": ["choose-another-disk", "save-report"],
  "not-uefi": [],
  "secure-boot-key-missing": ["enrol-key"],
  "setup-mode-needed": ["edit-answers"],
  "tpm-absent": ["continue-without-tpm"],
  "tpm-unusable": ["continue-without-tpm", "clear-tpm"],
  "tpm-lockout": ["wait-for-tpm-lockout", "clear-tpm", "continue-without-tpm"],
  "tpm-owned": ["clear-tpm", "continue-without-tpm"],
  "tpm-secure-boot-off": ["turn-on-secure-boot", "continue-without-tpm"],
  "event-log-unusable": ["continue-without-tpm", "save-report"],
  "passphrase-not-typeable": ["edit-answers"],
  "secret-file-missing": ["edit-answers"],
  "image-corrupt": ["replace-medium"],
  "image-missing": ["replace-medium"],
  "verify-failed": ["retry", "replace-medium", "choose-another-disk"],
  "tool-failed": ["retry", "save-report"],
  "tool-missing": ["replace-medium", "save-report"],
  "tool-timeout": ["retry", "save-report"],
  cancelled: ["retry"],
  internal: ["save-report"],
};

/** The one error type that crosses a module boundary; anything else is a bug and becomes `internal`. */
export class InstallError extends Error {
  readonly kind: ErrorKind;
  readonly details: ErrorDetails;

  constructor(kind: ErrorKind, message: string, details: ErrorDetails = {}, options?: ErrorOptions) {
    super(message, options);
    this.name = "InstallError";
    this.kind = kind;
    this.details = details;
  }

  report(): ErrorReport {
    const fixes = [...fixesByKind[this.kind]];
    return {
      kind: this.kind,
      message: this.message,
      details: this.details,
      recoverable: fixes.some((fix) => fix !== "save-report"),
      fixes,
    };
  }
}

/** Turns whatever was thrown into an {@link InstallError}; unknown things become `internal`. */
export function asInstallError(thrown: unknown): InstallError {
  if (thrown instanceof InstallError) return thrown;
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return new InstallError("internal", message, {}, { cause: thrown });
}
