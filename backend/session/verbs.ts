import { findBootKeymap } from "../../app/answers/combinations.ts";
import { checkPassphrase, checkPin, type BootKeymap } from "../../app/answers/secret-rules.ts";
import { InstallError } from "../../app/errors.ts";
import { keymapName, Keymaps } from "../../app/keymaps.ts";
import { methods, rpcErrorCode, type Methods, type ResultOf, type SecretName } from "../../app/rpc/methods.ts";
import { Secret } from "../../app/secret.ts";
import { passwordProblem } from "../../app/wizard/account.ts";
import type { Choices } from "../../app/wizard/choices.ts";
import { confirms } from "../../app/wizard/confirmation.ts";
import { enrolmentOutcome } from "../../app/wizard/enrolment.ts";
import type { Phase } from "../../app/wizard/snapshot.ts";
import { questions, type StepId } from "../../app/wizard/steps.ts";
import type { FileToSave } from "../platform/platform.ts";
import { answerText } from "./answer-text.ts";
import { dispatcher, type Dispatcher, type Handlers } from "./dispatch.ts";
import { mokText, recoveryText, reportText } from "./report.ts";
import { RpcFailure } from "./rpc-error.ts";
import type { Session } from "./session.ts";

const askedSteps: readonly StepId[] = questions.map(({ id }) => id);

/** Steps that the user can be at in each phase. */
const stepsIn: Readonly<Record<Phase, readonly StepId[]>> = {
  loading: askedSteps,
  choosing: askedSteps,
  planning: ["review"],
  reviewing: askedSteps,
  installing: ["install"],
  undoing: ["install"],
  failed: [...askedSteps, "failure"],
  installed: ["done"],
};

/** The first answers, language and keyboard, are given while the computer is still being looked at. */
const answering: readonly Phase[] = ["loading", "choosing", "reviewing", "failed"];

function notNow(what: string, phase: Phase): RpcFailure {
  return new RpcFailure(rpcErrorCode.notNow, `${what} is not possible while ${phase}`);
}

/** The given properties that differ from what was chosen before. */
function differing(choices: Choices, change: Partial<Choices>): Partial<Choices> {
  const isNew = ([key, value]: [string, unknown]): boolean =>
    JSON.stringify(value) !== JSON.stringify(choices[key as keyof Choices]);
  return Object.fromEntries(Object.entries(change).filter(isNew));
}

function update(session: Session, change: Partial<Choices>, step: StepId | undefined): null {
  const { phase } = session;
  const { language: _, appearance: __, ...answers } = change;
  const answersChange = Object.keys(answers).length > 0;
  if (answersChange && !answering.includes(phase)) throw notNow("A change of answers", phase);
  if (step !== undefined && !stepsIn[phase].includes(step)) throw notNow(`The step ${step}`, phase);
  const difference = differing(session.state.choices, change);
  const isMeant = Object.keys(difference).some((key) => key !== "language" && key !== "appearance");
  const leaves =
    (phase === "reviewing" && (isMeant || (step !== undefined && step !== "review"))) ||
    (phase === "failed" && step !== undefined && step !== "failure");
  // The error of a failure stays in sight while its cause is put right.
  const error = phase === "failed" ? session.state.error : null;
  if (leaves || (phase === "choosing" && isMeant)) session.send({ type: "CHANGED", error });
  if (Object.keys(difference).length > 0) session.choose(difference);
  if (step !== undefined && step !== session.state.step) session.store.update({ step });
  return null;
}

function bootKeymap({ catalogue, state }: Session): BootKeymap | null {
  if (catalogue === null) return null;
  const entries = catalogue.layouts.map(({ layout, variant, latin, typeable }) => [
    keymapName(layout, variant),
    { layout, variant, latin, typeable },
  ]);
  const { layout, variant } = state.choices.keyboard;
  const keyboard = { layout, ...(variant === null ? {} : { variant }) };
  return findBootKeymap(Keymaps.parse(Object.fromEntries(entries)), keyboard);
}

/** Codes of what is wrong with a secret. */
function problemsOf(session: Session, name: SecretName, value: string): ResultOf<"secret/set"> {
  if (name === "password") {
    const problem = passwordProblem(value);
    return problem === null ? [] : [problem];
  }
  const check = name === "pin" ? checkPin : checkPassphrase;
  return check(value, bootKeymap(session)).map(({ code }) => code);
}

async function save(session: Session, medium: string, files: readonly FileToSave[]): Promise<string[]> {
  if (!session.state.media.some(({ id }) => id === medium)) {
    throw new InstallError("disk-not-found", "The medium is not there any more", { disk: medium });
  }
  return session.platform.save(medium, files);
}

function pdfFile(name: string, base64: string): FileToSave {
  const content = Buffer.from(base64, "base64");
  if (content.subarray(0, 5).toString("latin1") !== "%PDF-") {
    throw new RpcFailure(rpcErrorCode.invalidParams, "The sheet is not a PDF");
  }
  return { name: `${name}.pdf`, content: new Secret(content) };
}

/** A secret as text, and as PDF where one was printed. */
async function saveSecret(
  session: Session,
  sheet: { readonly name: string; readonly text: string; readonly pdf: string | undefined },
  medium: string,
): Promise<string[]> {
  const { name, text, pdf } = sheet;
  const files = [
    { name: `${name}.txt`, content: new Secret(text) },
    ...(pdf === undefined ? [] : [pdfFile(name, pdf)]),
  ];
  try {
    return await save(session, medium, files);
  } finally {
    for (const { content } of files) if (content instanceof Secret) content.destroy();
  }
}

async function saveRecoveryKey(session: Session, medium: string, pdf: string | undefined): Promise<string[]> {
  const text = recoveryText(session.vault.recoveryGroups(), session.state.release);
  const names = await saveSecret(session, { name: "silvermetal-recovery-key", text, pdf }, medium);
  session.vault.saved = true;
  session.tellSecrets();
  return names;
}

/** @throws {RpcFailure} where the installation has requested nothing from MokManager */
function mokPassword({ state: { plan }, vault }: Session): string {
  if (plan === null || enrolmentOutcome(plan) !== "mok")
    throw new RpcFailure(rpcErrorCode.notNow, "No enrolment is requested");
  return vault.mokPassword.reveal();
}

function mokVerbs(session: Session): Pick<Handlers<Methods>, `mok/${string}` & keyof Methods> {
  return {
    "mok/show": () => mokPassword(session),
    "mok/save": ({ medium, pdf }) => {
      const text = mokText(mokPassword(session), session.state.release);
      return saveSecret(session, { name: "silvermetal-key-enrolment", text, pdf }, medium);
    },
  };
}

function secretVerbs(session: Session): Pick<Handlers<Methods>, `secret/${string}` & keyof Methods> {
  const { vault } = session;
  return {
    "secret/set": ({ name, value }) => {
      const problems = problemsOf(session, name, value);
      if (problems.length === 0) {
        vault.set(name, value);
        session.tellSecrets();
      }
      return problems;
    },
    "secret/clear": ({ name }) => {
      vault.clear(name);
      session.tellSecrets();
      return null;
    },
  };
}

function recoveryVerbs(session: Session): Pick<Handlers<Methods>, `recovery/${string}` & keyof Methods> {
  const { vault } = session;
  return {
    "recovery/show": () => {
      const groups = vault.recoveryGroups();
      session.tellSecrets();
      return groups;
    },
    "recovery/confirm": ({ group, text }) => {
      const isRight = vault.confirm(group, text);
      session.tellSecrets();
      return isRight;
    },
    "recovery/save": ({ medium, pdf }) => saveRecoveryKey(session, medium, pdf),
  };
}

function networkVerbs({ platform }: Session): Pick<Handlers<Methods>, `network/${string}` & keyof Methods> {
  return {
    "network/scan": async () => {
      await platform.networks.scan();
      return null;
    },
    "network/connect": async ({ ssid, hidden, password }) => {
      const secret = password === null ? null : new Secret(password);
      try {
        return await platform.networks.connect({ ssid, hidden, password: secret });
      } finally {
        secret?.destroy();
      }
    },
    "network/disconnect": async () => {
      await platform.networks.disconnect();
      return null;
    },
  };
}

function installVerbs(session: Session): Pick<Handlers<Methods>, `${"plan" | "install"}/${string}` & keyof Methods> {
  const sent = (type: "PLAN" | "CANCEL" | "RETRY"): null => {
    session.send({ type });
    return null;
  };
  return {
    "plan/make": () => sent("PLAN"),
    "install/start": ({ confirmation }) => {
      const { plan } = session.state;
      if (plan === null || !confirms(plan.disk, confirmation)) return "wrong-confirmation";
      session.send({ type: "START" });
      return "started";
    },
    "install/cancel": () => sent("CANCEL"),
    "install/retry": () => sent("RETRY"),
  };
}

type FileMethods = "log/get" | "report/save" | "answers/text" | "answers/save";

function fileVerbs(session: Session): Pick<Handlers<Methods>, FileMethods> {
  const saveOne = async (medium: string, name: string, content: string): Promise<string> => {
    const [given] = await save(session, medium, [{ name, content }]);
    return given ?? name;
  };
  return {
    "log/get": ({ from }) => session.log.from(from),
    "report/save": ({ medium }) =>
      saveOne(medium, "silvermetal-report.txt", reportText(session.state, session.log.all(), new Date())),
    "answers/text": () => answerText(session.state.choices),
    "answers/save": ({ medium }) => saveOne(medium, "answers.yaml", answerText(session.state.choices)),
  };
}

/** Answers the methods of `app/rpc/methods.ts` for a session. */
export function sessionVerbs(session: Session): Dispatcher {
  const { platform } = session;
  const handlers: Handlers<Methods> = {
    "session/get": () => session.state,
    "session/update": ({ choices, step }) => update(session, given(choices ?? {}), step),
    "catalogue/get": async () => session.catalogue ?? platform.catalogue(),
    "machine/probe": async () => {
      await session.probe();
      return null;
    },
    "disk/identify": ({ path }) => {
      if (session.state.facts?.disks.some((disk) => disk.path === path)) return platform.identify(path);
      throw new InstallError("disk-not-found", "There is no such disk", { disk: path });
    },
    ...secretVerbs(session),
    ...recoveryVerbs(session),
    ...mokVerbs(session),
    ...networkVerbs(session),
    ...installVerbs(session),
    ...fileVerbs(session),
    "tpm/clear": () => platform.clearTpm(),
    "power/act": async ({ action }) => {
      await platform.power(action);
      return null;
    },
  };
  return dispatcher(methods, handlers, () => session.phase);
}

/** Without the keys that are there but undefined. */
function given(change: { [Key in keyof Choices]?: Choices[Key] | undefined }): Partial<Choices> {
  return Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
}
