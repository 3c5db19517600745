import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { ownWords } from "../../../app/wizard/passphrase.ts";
import { useSnapshot } from "../../store.ts";
import { openRater, type Rater } from "./rater.ts";
import type { Rating } from "./strength.ts";

/** Milliseconds without a key before what was typed is rated. */
const PAUSE = 120;

export interface Strength {
  /** Of the text a moment ago; null where there is none yet. */
  readonly rating: Rating | null;
  /** @throws {Error} when the word lists can not be fetched */
  readonly rate: (text: string) => Promise<Rating>;
}

/** Rates a passphrase while it is typed, with the user's own words and the page's language. */
export function useStrength(text: string): Strength {
  const { choices, facts } = useSnapshot((snapshot) => ({ choices: snapshot.choices, facts: snapshot.facts }));
  const words = useMemo(() => ownWords(choices, facts), [choices, facts]);
  const rater = useRef<Rater | null>(null);
  const [rating, setRating] = useState<Rating | null>(null);
  const { language } = choices;
  useEffect(
    () => () => {
      rater.current?.close();
      rater.current = null;
    },
    [],
  );
  const rate = useCallback(
    async (wanted: string): Promise<Rating> => {
      rater.current ??= openRater();
      return rater.current.rate(wanted, words, language);
    },
    [words, language],
  );
  useEffect(() => {
    if (text === "") return undefined;
    let isCurrent = true;
    const timer = setTimeout(() => {
      rate(text).then(
        (found) => {
          if (isCurrent) setRating(found);
        },
        // Going on asks again and then says what is wrong.
        () => undefined,
      );
    }, PAUSE);
    return () => {
      isCurrent = false;
      clearTimeout(timer);
    };
  }, [text, rate]);
  return { rating: text === "" ? null : rating, rate };
}
