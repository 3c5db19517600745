import type { JSX } from "react";
import { PIN_LENGTH, type BootKeymap } from "../../../app/answers/secret-rules.ts";
import type { TpmObstacle } from "../../../app/wizard/check-tpm.ts";
import type { Choices } from "../../../app/wizard/choices.ts";
import { useT } from "../../i18n/index.ts";
import { SecretFields } from "../../secret/SecretFields.tsx";
import type { FieldErrors, SecretInput } from "../../secret/useSecret.ts";
import { Badge, Icon, RadioCards } from "../../ui/index.ts";
import styles from "./encryption.module.css";
import { typingError } from "./validate.ts";

export type UnlockMode = Choices["unlock"];
const modes = ["pin", "tpm", "off"] as const satisfies readonly UnlockMode[];

interface ThreatProps {
  readonly mode: UnlockMode;
}

/** What an attacker with the computer in hand can and can not do. */
function Threat({ mode }: ThreatProps): JSX.Element {
  const t = useT("encryption");
  return (
    <span className={styles.threat}>
      <span className={styles.threatLine}>
        <Icon name="shieldCheck" size={1} />
        <span>{t(`unlock.modes.${mode}.canNot`)}</span>
      </span>
      <span className={styles.threatLine}>
        <Icon name="warning" size={1} />
        <span>{t(`unlock.modes.${mode}.can`)}</span>
      </span>
    </span>
  );
}

interface UnlockSectionProps {
  readonly mode: UnlockMode;
  readonly onChange: (mode: UnlockMode) => void;
  /** Why the TPM can not be used; null when it can. */
  readonly obstacle: TpmObstacle | "unknown" | null;
  readonly pin: SecretInput;
  readonly pinErrors: FieldErrors;
  readonly keymap: BootKeymap | null;
  readonly attempted: boolean;
}

/** Asks how the disk is unlocked at every start. */
export function UnlockSection(props: UnlockSectionProps): JSX.Element {
  const { mode, onChange, obstacle, pin, pinErrors, keymap, attempted } = props;
  const t = useT("encryption");
  const reason = obstacle === null ? null : t(`unlock.reasons.${obstacle}`);
  const options = modes.map((value) => ({
    value,
    title: t(`unlock.modes.${value}.title`),
    description: (
      <>
        {t(`unlock.modes.${value}.description`)}
        <Threat mode={value} />
      </>
    ),
    badge: value === "pin" && obstacle === null ? <Badge tone="success">{t("unlock.recommended")}</Badge> : null,
    disabledReason: value === "off" ? null : reason,
  }));
  const labels = {
    text: t("pin.label"),
    repeat: t("pin.repeat"),
    set: t("pin.set"),
    change: t("pin.change"),
    keep: t("pin.keep"),
  };
  return (
    <section className={styles.section}>
      <h2>{t("unlock.title")}</h2>
      <p className={styles.quiet}>{t("unlock.lead")}</p>
      <RadioCards label={t("unlock.label")} hideLabel value={mode} onChange={onChange} options={options} />
      {mode === "pin" ? (
        <SecretFields
          secret={pin}
          labels={labels}
          description={t("pin.hint", PIN_LENGTH)}
          errors={pinErrors}
          liveError={typingError(t, pin.typed.text, keymap)}
          attempted={attempted}
        />
      ) : null}
    </section>
  );
}
