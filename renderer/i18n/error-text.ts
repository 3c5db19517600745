import { errorTextKey, type ErrorText } from "../../app/error-text-key.ts";
import { errorTextParameters, type ErrorWords } from "../../app/error-text.ts";
import type { ErrorReport } from "../../app/errors.ts";
import { useKeymapNames } from "../keyboard/useKeyboard.ts";
import { useFormat } from "./format.ts";
import { useT } from "./i18n.ts";

type Report = Pick<ErrorReport, "kind" | "message" | "details">;

/** Gives a function that tells about an error in the page's language. */
export function useErrorText(): (error: Report) => ErrorText {
  const t = useT("errors");
  const format = useFormat();
  const keymapNameOf = useKeymapNames();
  return (error) => {
    const words: ErrorWords = t("words", { returnObjects: true });
    const key = errorTextKey(error);
    const parameters = { ...errorTextParameters(error, words, format.bytes, keymapNameOf) };
    return {
      title: t(`${key}.title`, parameters),
      explanation: t(`${key}.explanation`, parameters),
      whatToDo: t(`${key}.whatToDo`, parameters),
    };
  };
}
