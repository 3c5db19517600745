import type { LanguageTag } from "../../../app/wizard/languages.ts";
import { ratePassphrase, type Rating } from "./strength.ts";

/** What the page sends to the worker. */
export interface RatingRequest {
  readonly id: number;
  readonly text: string;
  readonly ownWords: readonly string[];
  readonly language: LanguageTag;
}

export interface RatingReply {
  readonly id: number;
  /** Null where the word lists could not be fetched. */
  readonly rating: Rating | null;
}

const reply = (answer: RatingReply): void => globalThis.postMessage(answer);

globalThis.addEventListener("message", ({ data }: MessageEvent<RatingRequest>) => {
  const { id, text, ownWords, language } = data;
  ratePassphrase(text, ownWords, language).then(
    (rating) => reply({ id, rating }),
    () => reply({ id, rating: null }),
  );
});
