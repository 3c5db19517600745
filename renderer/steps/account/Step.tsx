import { useState, type JSX } from "react";
import {
  hostnameProblem,
  MIN_PASSWORD,
  PasswordProblem,
  passwordProblem,
  userNameProblem,
} from "../../../app/wizard/account.ts";
import { useT, type Translate } from "../../i18n/index.ts";
import { useAttempt } from "../../secret/useAttempt.ts";
import { hasErrors, noErrors, useSecret, type FieldErrors, type TypedTwice } from "../../secret/useSecret.ts";
import { call, update, useSnapshot } from "../../store.ts";
import { Callout, StepFrame } from "../../ui/index.ts";
import { ComputerSection } from "./ComputerSection.tsx";
import { PasswordSection } from "./PasswordSection.tsx";
import { PersonSection } from "./PersonSection.tsx";
import { TimezoneSection } from "./TimezoneSection.tsx";
import { useDraft } from "./useDraft.ts";

const passwordText = (t: Translate<"account">, problem: PasswordProblem): string =>
  t(`password.problems.${problem}`, { count: MIN_PASSWORD });

function passwordErrors(t: Translate<"account">, { text, repeat }: TypedTwice): FieldErrors {
  const problem = passwordProblem(text);
  const unlike = repeat === "" ? "repeat-empty" : "mismatch";
  return {
    text: problem === null ? null : passwordText(t, problem),
    repeat: text === "" || repeat === text ? null : t(`password.problems.${unlike}`),
  };
}

/** Asks for the first user, the name of the computer and its time zone. */
export function Step(): JSX.Element {
  const t = useT("account");
  const { fullName, userName, hostname, passwordLater } = useSnapshot(({ choices }) => choices);
  const { draft, edit, flush } = useDraft({ fullName, userName, hostname });
  const password = useSecret("password");
  const { attempted, fail } = useAttempt();
  const [problem, setProblem] = useState<string | null>(null);
  const isAsked = !passwordLater && password.isAsked;
  const wrongPassword = isAsked ? passwordErrors(t, password.typed) : noErrors;

  const goOn = async (): Promise<boolean> => {
    setProblem(null);
    await flush();
    const wrong = userNameProblem(draft.userName) ?? hostnameProblem(draft.hostname);
    if (wrong !== null || hasErrors(wrongPassword)) {
      fail();
      return false;
    }
    if (passwordLater && password.isSet) await call("secret/clear", { name: "password" });
    if (!isAsked) return true;
    const [refusal] = await call("secret/set", { name: "password", value: password.typed.text });
    if (refusal !== undefined) setProblem(passwordText(t, PasswordProblem.parse(refusal)));
    return refusal === undefined;
  };
  return (
    <StepFrame title={t("title")} lead={t("lead")} next={{ onPress: goOn }}>
      {problem === null ? null : <Callout tone="danger" title={problem} announce="assertive" />}
      <PersonSection draft={draft} edit={edit} attempted={attempted} />
      <PasswordSection
        secret={password}
        isLater={passwordLater}
        onLater={(isLater) => void update({ passwordLater: isLater })}
        errors={wrongPassword}
        attempted={attempted}
      />
      <ComputerSection draft={draft} edit={edit} />
      <TimezoneSection />
    </StepFrame>
  );
}
