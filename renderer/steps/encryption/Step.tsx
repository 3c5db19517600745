import { useState, type JSX } from "react";
import { DiskSecretProblem, type BootKeymap } from "../../../app/answers/secret-rules.ts";
import type { SecretName } from "../../../app/rpc/methods.ts";
import { tpmObstacle } from "../../../app/wizard/check-tpm.ts";
import { useFormat, useT } from "../../i18n/index.ts";
import { useKeyboard } from "../../keyboard/useKeyboard.ts";
import { useAttempt } from "../../secret/useAttempt.ts";
import { hasErrors, noErrors, useSecret } from "../../secret/useSecret.ts";
import { call, update, useSnapshot } from "../../store.ts";
import { Callout, FactList, StepFrame } from "../../ui/index.ts";
import styles from "./encryption.module.css";
import { PassphraseSection } from "./PassphraseSection.tsx";
import { UnlockSection } from "./UnlockSection.tsx";
import { useStrength } from "./useStrength.ts";
import { passphraseErrors, pinErrors, refusalText } from "./validate.ts";

/** The keyboard that the boot prompt will have, by its name for people; null while the list of layouts is missing. */
function useBootKeymap(): { readonly keymap: BootKeymap | null; readonly layout: string } {
  const { layout, boot } = useKeyboard();
  return { keymap: layout === null ? null : { name: boot, typeable: layout.typeable }, layout: boot };
}

function UnlockCost(): JSX.Element | null {
  const t = useT("encryption");
  const format = useFormat();
  const cost = useSnapshot(({ unlockCost }) => unlockCost);
  if (cost === null) return null;
  const time = t("cost.timeValue", { seconds: format.seconds(Math.max(1, cost.seconds)) });
  return (
    <section className={styles.section}>
      <h2>{t("cost.title")}</h2>
      <FactList
        facts={[
          { term: t("cost.time"), value: time },
          { term: t("cost.memory"), value: format.memory(cost.memory) },
          { term: t("cost.method"), value: t("cost.methodValue") },
        ]}
      />
      <p className={styles.quiet}>{t("cost.why")}</p>
    </section>
  );
}

/** Asks for the passphrase and for the way the disk is unlocked. */
export function Step(): JSX.Element {
  const t = useT("encryption");
  const { facts, unlock } = useSnapshot((snapshot) => ({ facts: snapshot.facts, unlock: snapshot.choices.unlock }));
  const { keymap, layout } = useBootKeymap();
  const [passphrase, pin] = [useSecret("passphrase"), useSecret("pin")];
  const strength = useStrength(passphrase.typed.text);
  const { attempted, fail } = useAttempt();
  const [problem, setProblem] = useState<string | null>(null);
  const obstacle = facts === null ? "unknown" : tpmObstacle(facts);
  const mode = obstacle === null ? unlock : "off";

  const errorsOf = (guesses: number): ReturnType<typeof passphraseErrors> =>
    passphrase.isAsked ? passphraseErrors(t, passphrase.typed, keymap, guesses) : noErrors;
  const wrongPin = mode === "pin" && pin.isAsked ? pinErrors(t, pin.typed, keymap, passphrase.typed.text) : noErrors;

  const store = async (name: SecretName, value: string): Promise<boolean> => {
    const [refusal] = await call("secret/set", { name, value });
    if (refusal !== undefined) setProblem(refusalText(t, DiskSecretProblem.parse(refusal), value, keymap));
    return refusal === undefined;
  };
  const goOn = async (): Promise<boolean> => {
    setProblem(null);
    const { text } = passphrase.typed;
    const rating = text === "" ? null : await strength.rate(text).catch(() => null);
    if (text !== "" && rating === null) setProblem(t("strength.failed"));
    if (hasErrors(errorsOf(rating?.guesses ?? 0)) || hasErrors(wrongPin)) {
      fail();
      return false;
    }
    if (passphrase.isAsked && !(await store("passphrase", text))) return false;
    if (mode === "pin" && pin.isAsked && !(await store("pin", pin.typed.text))) return false;
    if (mode !== "pin" && pin.isSet) await call("secret/clear", { name: "pin" });
    if (mode !== unlock) await update({ unlock: mode });
    return true;
  };
  return (
    <StepFrame title={t("title")} lead={t("lead")} next={{ onPress: goOn }}>
      {problem === null ? null : <Callout tone="danger" title={problem} announce="assertive" />}
      <PassphraseSection
        secret={passphrase}
        keymap={keymap}
        layout={layout}
        rating={strength.rating}
        errors={errorsOf(strength.rating?.guesses ?? Number.POSITIVE_INFINITY)}
        attempted={attempted}
      />
      <UnlockSection
        mode={mode}
        onChange={(chosen) => void update({ unlock: chosen })}
        obstacle={obstacle}
        pin={pin}
        pinErrors={wrongPin}
        keymap={keymap}
        attempted={attempted}
      />
      <UnlockCost />
    </StepFrame>
  );
}
