import { access, constants } from "node:fs/promises";
import { needsWritableMedium } from "../../app/answers/combinations.ts";
import type { Answers } from "../../app/answers/schema.ts";
import { asInstallError, InstallError } from "../../app/errors.ts";
import type { InstallEvent } from "../../app/events.ts";
import type { Facts } from "../../app/facts.ts";
import { product } from "../../app/product.ts";
import { enrolmentFor } from "../../app/wizard/check-firmware.ts";
import type { Vault } from "../jobs/context.ts";
import { startEngine, type Engine, type EngineResult } from "../machine/engine.ts";
import { readOsVersion } from "../probe/os-release.ts";
import type { CliDeps } from "./deps.ts";
import { EventPort } from "./event-port.ts";
import { appendInstalled, noSecretFiles, type SecretFiles, tryWriting, writeReport, writeSecret } from "./output.ts";
import { Narrator } from "./words.ts";

export interface RunInput {
  readonly answers: Answers;
  /** Folder of the answer file: secrets are read from it, results are written to it. */
  readonly folder: string;
  readonly eventsPath?: string;
  /** Called when the plan stands; resolves to whether to go on. The signal comes when the run has ended. Without it the run goes on at once. */
  readonly confirm?: (tell: (seconds: number) => void, signal: AbortSignal) => Promise<boolean>;
}

const CANCELLING = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

const isWritable = (folder: string): Promise<boolean> =>
  access(folder, constants.W_OK).then(
    () => true,
    () => false,
  );

/** One run: events to port, screen and log, and secrets to where the answers want them. */
class Run {
  readonly #deps: CliDeps;
  readonly #input: RunInput;
  readonly #began = performance.now();
  readonly #narrator: Narrator;
  readonly #port: EventPort;
  readonly #events: InstallEvent[] = [];
  #secretFiles: SecretFiles = noSecretFiles;
  #toShow: string | null = null;
  readonly #ended = new AbortController();

  constructor(deps: CliDeps, input: RunInput) {
    this.#deps = deps;
    this.#input = input;
    this.#narrator = new Narrator(deps.screen);
    this.#port = EventPort.open(input.eventsPath);
  }

  readonly #emit = (event: InstallEvent): void => {
    // Progress comes every second; the log keeps what a person would want to read later.
    if (event.event !== "job-progress" && event.event !== "countdown") this.#events.push(event);
    this.#port.send(event);
    this.#narrator.show(event);
  };

  #now(): number {
    return (performance.now() - this.#began) / 1000;
  }

  async #handOut(vault: Vault): Promise<void> {
    const { encryption, secureBoot } = this.#input.answers;
    const { folder } = this.#input;
    if (encryption.recoveryKey === "medium" && vault.recoveryKey) {
      const recoveryKeyFile = await writeSecret(folder, "recovery-key", vault.recoveryKey);
      this.#secretFiles = { ...this.#secretFiles, recoveryKeyFile };
    }
    if (encryption.recoveryKey === "display") this.#toShow = vault.recoveryKey?.reveal() ?? null;
    const { passphrase } = encryption;
    if (typeof passphrase === "object" && "generate" in passphrase)
      await writeSecret(folder, "passphrase", vault.passphrase);
    if (secureBoot.password === undefined && vault.mokPassword) {
      const mokPasswordFile = await writeSecret(folder, "mok-password", vault.mokPassword);
      this.#secretFiles = { ...this.#secretFiles, mokPasswordFile };
    }
  }

  #watchSignals(engine: Engine): () => void {
    const cancel = (): void => {
      engine.cancel();
    };
    for (const signal of CANCELLING) process.on(signal, cancel);
    return () => {
      for (const signal of CANCELLING) process.off(signal, cancel);
    };
  }

  async #confirm(engine: Engine): Promise<void> {
    const tell = (seconds: number): void => {
      this.#emit({ event: "countdown", seconds, t: this.#now() });
    };
    const goOn = await this.#input.confirm?.(tell, this.#ended.signal);
    if (this.#ended.signal.aborted) return;
    if (goOn === false) engine.cancel();
    else engine.start();
  }

  /** Says that the answer medium will not tell how the run ended. The run itself is none the worse for it. */
  #notKept(message: string): void {
    this.#emit({ event: "notice", code: "result-not-kept", message, t: this.#now() });
  }

  /** Makes sure that secrets will find their way out. @throws {InstallError} `answers-invalid` */
  async #checkOutlets(writable: boolean, facts: Facts): Promise<void> {
    const { answers, folder } = this.#input;
    const refused = (message: string, cause?: unknown): InstallError =>
      new InstallError("answers-invalid", message, { file: product.answerFile, folder }, { cause });
    if (answers.encryption.recoveryKey === "display" && !this.#deps.canShowSecret) {
      throw refused("There is no terminal to show the recovery key on");
    }
    if (!needsWritableMedium(answers, enrolmentFor(facts, answers.secureBoot.enroll))) return;
    if (!writable) throw refused("The answer medium is write-protected, but a key has to be written to it");
    await tryWriting(folder).catch((cause: unknown) => {
      throw refused("The answer medium can not be written to", cause);
    });
  }

  async go(): Promise<EngineResult> {
    const { answers, folder } = this.#input;
    const startedAt = new Date();
    const { exec, places, predictPcr7, probe } = this.#deps;
    this.#emit({ event: "hello", version: await readOsVersion(places), pid: process.pid, t: 0 });
    const writable = await isWritable(folder);
    if (!writable) this.#notKept("The answer medium is write-protected: it will hold no result and no log");
    const checkedProbe = async (): ReturnType<typeof probe> => {
      const facts = await probe();
      await this.#checkOutlets(writable, facts);
      return facts;
    };
    const onEvent = (event: InstallEvent): void => {
      this.#emit(event);
      if (event.event === "plan" && this.#input.confirm) setImmediate(() => void this.#confirm(engine));
    };
    const confirm = this.#input.confirm !== undefined;
    const engine = startEngine({
      ...{ exec, places, predictPcr7, answers, folder, confirm, onEvent, probe: checkedProbe },
      now: () => this.#now(),
      onSecrets: (vault) => this.#handOut(vault),
    });
    const unwatch = this.#watchSignals(engine);
    const result = await engine.result;
    unwatch();
    this.#ended.abort();
    if (result.outcome === "installed") this.#emit({ event: "finished", next: answers.onFinish, t: this.#now() });
    if (writable) await this.#leaveReport(startedAt, result);
    if (result.outcome === "installed" && this.#toShow !== null) {
      await this.#deps.showSecret("Recovery key", this.#toShow).catch((error: unknown) => {
        this.#deps.complain(`The recovery key could not be shown: ${asInstallError(error).message}`);
      });
    }
    await this.#port.close();
    return result;
  }

  async #leaveReport(startedAt: Date, result: EngineResult): Promise<void> {
    const { folder } = this.#input;
    const complain = (what: string) => (error: unknown) => {
      this.#notKept(`${what} could not be written to the answer medium: ${asInstallError(error).message}`);
    };
    if (result.outcome === "installed" && result.plan !== null) {
      await appendInstalled(folder, result.plan.disk).catch(complain(product.installedFile));
    }
    const report = { startedAt, result, events: this.#events, ...this.#secretFiles };
    await writeReport(folder, report).catch(complain("The result"));
  }
}

/** Runs an installation from answers to result. */
export function runInstallation(deps: CliDeps, input: RunInput): Promise<EngineResult> {
  return new Run(deps, input).go();
}

/** Does what the answers want after a successful installation, which counts even where that fails. */
export async function finish(deps: CliDeps, next: Answers["onFinish"]): Promise<void> {
  if (next === "nothing") return;
  await deps.exec("systemctl", ["--no-block", next]).catch((error: unknown) => {
    deps.complain(`Installed, but ${next} failed: ${asInstallError(error).message}`);
  });
}
