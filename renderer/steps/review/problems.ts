import { detailList } from "../../../app/error-text-key.ts";
import type { ErrorReport } from "../../../app/errors.ts";
import { hostnameProblem, userNameProblem } from "../../../app/wizard/account.ts";
import type { Snapshot } from "../../../app/wizard/snapshot.ts";
import { questions, type StepId } from "../../../app/wizard/steps.ts";

/** The steps of this wizard that ask something that a problem can lie in. */
export type FixStep = Exclude<StepId, "review" | "install" | "failure" | "done">;

/** An answer that is missing or can not be right; texts in the catalogue under `missing`. */
export interface Missing {
  readonly what:
    "disk" | "passphrase" | "pin" | "recoveryKey" | "userName" | "userNameInvalid" | "password" | "hostname";
  readonly step: FixStep;
}

type Given = Pick<Snapshot, "choices" | "secrets">;

/** What keeps a plan from being made, in the order of the steps. */
export function missingAnswers({ choices, secrets }: Given): Missing[] {
  const { disk, unlock, userName, hostname, passwordLater } = choices;
  const name = userNameProblem(userName);
  const found: readonly (Missing | false)[] = [
    disk === null && { what: "disk", step: "disk" },
    !secrets.passphrase && { what: "passphrase", step: "encryption" },
    unlock === "pin" && !secrets.pin && { what: "pin", step: "encryption" },
    secrets.recoveryKey !== "confirmed" && { what: "recoveryKey", step: "recovery-key" },
    name === "empty" && { what: "userName", step: "account" },
    name !== null && name !== "empty" && { what: "userNameInvalid", step: "account" },
    !passwordLater && !secrets.password && { what: "password", step: "account" },
    hostnameProblem(hostname) !== null && { what: "hostname", step: "account" },
  ];
  return found.filter((each) => each !== false);
}

/** The step that asks for an answer, by its path in an answer file; null for a path of no step. */
export function stepOfPath(path: string): FixStep | null {
  if (path.startsWith("encryption.recoveryKey")) return "recovery-key";
  const [key = ""] = path.split(/[.:[]/);
  const found = questions.find(({ answers }) => answers.includes(key));
  return found === undefined ? null : (found.id as FixStep);
}

function stepOfKind(kind: ErrorReport["kind"]): FixStep | null {
  if (kind === "passphrase-not-typeable" || kind === "event-log-unusable") return "encryption";
  if (kind === "not-uefi" || kind.startsWith("secure-boot-")) return "check";
  if (kind.startsWith("tpm-")) return "encryption";
  return kind.startsWith("disk-") || kind === "no-disk" || kind === "already-installed" ? "disk" : null;
}

/** The steps where an error of the plan can be put right, in their order. */
export function stepsOfError({ kind, details }: Pick<ErrorReport, "kind" | "details">): FixStep[] {
  const path = details["path"];
  const paths = [...detailList(details, "problems"), ...(typeof path === "string" ? [path] : [])];
  const located = kind === "answers-invalid" ? paths.map(stepOfPath) : [stepOfKind(kind)];
  return questions.map(({ id }) => id as FixStep).filter((id) => located.includes(id));
}
