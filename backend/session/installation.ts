import { eventLines } from "../../app/event-lines.ts";
import type { Answers } from "../../app/answers/schema.ts";
import { asInstallError } from "../../app/errors.ts";
import type { InstallEvent } from "../../app/events.ts";
import type { GivenSecrets } from "../machine/secrets.ts";
import type { EngineResult } from "../machine/engine.ts";
import type { Installation, Platform } from "../platform/platform.ts";
import { located } from "./answers.ts";
import type { LogRing } from "./log.ts";
import type { FromInstallation, ToInstallation } from "./machine.ts";
import { advance, leftBehind, noProgress, type RunProgress } from "./progress.ts";

export interface InstallationInput {
  readonly platform: Platform;
  readonly log: LogRing;
  /** Checked answers, and copies of the secrets that belong to them. */
  readonly prepare: () => Promise<{ answers: Answers; given: GivenSecrets }>;
  readonly onProgress: (progress: RunProgress) => void;
}

/** Connects one installation of the platform with the machine of the phases. */
class Link {
  readonly #input: InstallationInput;
  readonly #tell: (event: FromInstallation) => void;
  #installation: Installation | null = null;
  #progress = noProgress;
  #isGivenUp = false;
  #hasEnded = false;

  constructor(input: InstallationInput, tell: (event: FromInstallation) => void) {
    this.#input = input;
    this.#tell = tell;
  }

  readonly #onEvent = (event: InstallEvent): void => {
    const { log, onProgress } = this.#input;
    for (const line of eventLines(event)) log.add(`${event.t.toFixed(1).padStart(8)}  ${line}`);
    if (this.#isGivenUp) return;
    this.#progress = advance(this.#progress, event);
    if (event.event === "plan") {
      // The engine waits only after it has told its plan.
      setImmediate(() => {
        if (!this.#hasEnded) this.#tell({ type: "PLANNED", plan: event.plan });
      });
      return;
    }
    onProgress(this.#progress);
    if (event.event === "undo") this.#tell({ type: "UNDOING" });
  };

  async run(): Promise<void> {
    const { platform, prepare } = this.#input;
    try {
      const { answers, given } = await prepare();
      if (this.#isGivenUp) {
        this.#end({ type: "ENDED", outcome: "cancelled", error: null, left: "untouched", notices: [] });
        return;
      }
      this.#installation = platform.install(answers, given, this.#onEvent);
      this.#end(this.#endOf(await this.#installation.result));
    } catch (thrown) {
      const error = located(asInstallError(thrown).report());
      this.#end({ type: "ENDED", outcome: "failed", error, left: leftBehind(this.#progress, false), notices: [] });
    }
  }

  #endOf({ outcome, error, touched, notices }: EngineResult): FromInstallation {
    const left = leftBehind(this.#progress, touched);
    return { type: "ENDED", outcome, error: error === null ? null : located(error), left, notices: [...notices] };
  }

  #end(event: FromInstallation): void {
    this.#hasEnded = true;
    this.#tell(event);
  }

  receive(event: ToInstallation): void {
    if (this.#hasEnded) return;
    if (event.type === "START") this.#installation?.start();
    else this.cancel();
  }

  cancel(): void {
    if (this.#hasEnded) return;
    if (this.#installation === null) this.#isGivenUp = true;
    else this.#installation.cancel();
  }

  /** Nobody listens any more. */
  giveUp(): void {
    this.cancel();
    this.#isGivenUp = true;
  }
}

/** Begins an installation. @returns a function that gives it up */
export function linkInstallation(
  input: InstallationInput,
  tell: (event: FromInstallation) => void,
  listen: (listener: (event: ToInstallation) => void) => void,
): () => void {
  const link = new Link(input, tell);
  listen((event) => {
    link.receive(event);
  });
  void link.run();
  return () => {
    link.giveUp();
  };
}
