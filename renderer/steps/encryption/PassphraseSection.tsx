import { useState, type JSX } from "react";
import type { BootKeymap } from "../../../app/answers/secret-rules.ts";
import { useT } from "../../i18n/index.ts";
import { SecretFields } from "../../secret/SecretFields.tsx";
import type { FieldErrors, SecretInput } from "../../secret/useSecret.ts";
import { Button, useAnnounce } from "../../ui/index.ts";
import styles from "./encryption.module.css";
import { Generator } from "./Generator.tsx";
import type { Rating } from "./strength.ts";
import { StrengthMeter } from "./StrengthMeter.tsx";
import { typingError } from "./validate.ts";

interface PassphraseSectionProps {
  readonly secret: SecretInput;
  readonly keymap: BootKeymap | null;
  /** The keyboard by its name. */
  readonly layout: string;
  readonly rating: Rating | null;
  readonly errors: FieldErrors;
  readonly attempted: boolean;
}

/** Asks for the disk's passphrase, or makes one. */
export function PassphraseSection(props: PassphraseSectionProps): JSX.Element {
  const { secret, keymap, layout, rating, errors, attempted } = props;
  const t = useT("encryption");
  const announce = useAnnounce();
  const [generating, setGenerating] = useState(false);
  const use = (text: string): void => {
    secret.type({ text, repeat: "" });
    setGenerating(false);
    announce(t("generator.used"));
  };
  const labels = {
    text: t("passphrase.label"),
    repeat: t("passphrase.repeat"),
    set: t("passphrase.set"),
    setText: t("passphrase.setText"),
    change: t("passphrase.change"),
    keep: t("passphrase.keep"),
  };
  return (
    <section className={styles.section}>
      <h2>{t("passphrase.title")}</h2>
      <p className={styles.quiet}>{t("passphrase.lead", { layout })}</p>
      {secret.isAsked && generating ? (
        <Generator typeable={keymap?.typeable ?? null} onUse={use} onClose={() => setGenerating(false)} />
      ) : null}
      {/* Above the fields: an error that appears when a field is left would move it away from under the pointer. */}
      {secret.isAsked && !generating ? (
        <div>
          <Button icon="dice" onPress={() => setGenerating(true)}>
            {t("generator.open")}
          </Button>
        </div>
      ) : null}
      <SecretFields
        secret={secret}
        labels={labels}
        description={t("passphrase.hint")}
        errors={errors}
        liveError={typingError(t, secret.typed.text, keymap)}
        attempted={attempted}
      >
        <StrengthMeter rating={rating} isTyped={secret.typed.text !== ""} />
      </SecretFields>
    </section>
  );
}
