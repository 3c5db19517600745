import type { LanguageTag } from "../../../app/wizard/languages.ts";
import type { Rating } from "./strength.ts";
import type { RatingReply, RatingRequest } from "./strength.worker.ts";
import workerUrl from "./strength.worker.ts?worker&url";

/** Rates passphrases one after the other. */
export interface Rater {
  /** @throws {Error} when the word lists can not be fetched */
  rate(text: string, ownWords: readonly string[], language: LanguageTag): Promise<Rating>;
  /** Ends it and forgets what it was given. */
  close(): void;
}

const inThisThread: Rater = {
  rate: async (...request) => (await import("./strength.ts")).ratePassphrase(...request),
  close: () => undefined,
};

interface ScriptUrls {
  createScriptURL(url: string): string;
}
interface TrustedTypes {
  createPolicy(name: string, rules: ScriptUrls): ScriptUrls;
}

let policy: ScriptUrls | undefined;

/**
 * The worker's address. The page's policy (main/page-files.ts) takes scripts only from the Trusted Types policy of this
 * name; it gives out nothing else, and it can be made only once.
 */
function trustedWorkerUrl(): string {
  const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypes };
  policy ??= trustedTypes?.createPolicy("silver-worker", { createScriptURL: () => workerUrl });
  return policy?.createScriptURL(workerUrl) ?? workerUrl;
}

/** Answers come from a worker, so that typing stays smooth while word lists are unpacked and searched. */
class WorkerRater implements Rater {
  readonly #worker = new Worker(trustedWorkerUrl(), { type: "module" });
  readonly #waiting = new Map<number, (reply: RatingReply) => void>();
  #broken = false;
  #last = 0;

  constructor() {
    this.#worker.addEventListener("message", ({ data }: MessageEvent<RatingReply>) => {
      this.#waiting.get(data.id)?.(data);
      this.#waiting.delete(data.id);
    });
    // A page that may not have workers finds out only now.
    this.#worker.addEventListener("error", () => {
      this.#broken = true;
      for (const [id, answer] of this.#waiting) answer({ id, rating: null });
      this.#waiting.clear();
    });
  }

  async rate(text: string, ownWords: readonly string[], language: LanguageTag): Promise<Rating> {
    const rating = this.#broken ? null : await this.#ask(text, ownWords, language);
    return rating ?? inThisThread.rate(text, ownWords, language);
  }

  async #ask(text: string, ownWords: readonly string[], language: LanguageTag): Promise<Rating | null> {
    this.#last += 1;
    const request: RatingRequest = { id: this.#last, text, ownWords, language };
    const reply = new Promise<RatingReply>((resolve) => this.#waiting.set(request.id, resolve));
    this.#worker.postMessage(request);
    return (await reply).rating;
  }

  close(): void {
    this.#worker.terminate();
    this.#waiting.clear();
  }
}

/** @returns a rater; close it when the field is gone */
export function openRater(): Rater {
  return typeof Worker === "function" ? new WorkerRater() : inThisThread;
}
