import type { JSX } from "react";
import { useT } from "../../i18n/index.ts";
import { SecretFields } from "../../secret/SecretFields.tsx";
import type { FieldErrors, SecretInput } from "../../secret/useSecret.ts";
import { RadioCards } from "../../ui/index.ts";
import styles from "./account.module.css";

interface PasswordSectionProps {
  readonly secret: SecretInput;
  readonly isLater: boolean;
  readonly onLater: (isLater: boolean) => void;
  readonly errors: FieldErrors;
  readonly attempted: boolean;
}

/** Asks for the first user's password, now or at the first login. */
export function PasswordSection({ secret, isLater, onLater, errors, attempted }: PasswordSectionProps): JSX.Element {
  const t = useT("account");
  const labels = {
    text: t("password.label"),
    repeat: t("password.repeat"),
    set: t("password.set"),
    change: t("password.change"),
    keep: t("password.keep"),
  };
  return (
    <section className={styles.section}>
      <h2>{t("password.label")}</h2>
      <RadioCards
        label={t("password.when")}
        hideLabel
        value={isLater ? "later" : "now"}
        onChange={(when) => onLater(when === "later")}
        options={[
          { value: "now", title: t("password.now") },
          { value: "later", title: t("password.later"), description: t("password.laterText") },
        ]}
      />
      {isLater ? null : (
        <SecretFields
          secret={secret}
          labels={labels}
          description={t("password.hint")}
          errors={errors}
          attempted={attempted}
        />
      )}
    </section>
  );
}
