import { useState } from "react";
import type { SecretName } from "../../app/rpc/methods.ts";
import { useSnapshot } from "../store.ts";

/** A secret that is typed twice. */
export interface TypedTwice {
  readonly text: string;
  readonly repeat: string;
}

const nothingTyped: TypedTwice = { text: "", repeat: "" };

/** What is wrong with the two fields of a secret, in the page's language; null where nothing is. */
export interface FieldErrors {
  readonly text: string | null;
  readonly repeat: string | null;
}

export const noErrors: FieldErrors = { text: null, repeat: null };
export const hasErrors = ({ text, repeat }: FieldErrors): boolean => text !== null || repeat !== null;

/** A secret on the screen: typed now, or given before and then only known to be there. */
export interface SecretInput {
  /** The daemon has it. */
  readonly isSet: boolean;
  /** The fields are shown: it is missing, or another one is wanted. */
  readonly isAsked: boolean;
  readonly typed: TypedTwice;
  readonly type: (typed: TypedTwice) => void;
  readonly change: () => void;
  /** Forgets what was typed in favour of what the daemon has. */
  readonly keep: () => void;
}

/** What is being typed lives in this component alone and goes with it. */
export function useSecret(name: SecretName): SecretInput {
  const isSet = useSnapshot(({ secrets }) => secrets[name]);
  const [typed, type] = useState(nothingTyped);
  const [changing, setChanging] = useState(false);
  const show = (fields: boolean) => (): void => {
    type(nothingTyped);
    setChanging(fields);
  };
  return { isSet, isAsked: !isSet || changing, typed, type, change: show(true), keep: show(false) };
}
