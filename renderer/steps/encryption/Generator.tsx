import { useEffect, useState, type JSX } from "react";
import { generatePassphrase, type FillRandom, type GeneratedPassphrase } from "../../../app/wizard/passphrase-words.ts";
import { useT } from "../../i18n/index.ts";
import { Button, Spinner } from "../../ui/index.ts";
import styles from "./encryption.module.css";

const systemRandom: FillRandom = (array) => crypto.getRandomValues(array);

/**
 * The large word list of the Electronic Frontier Foundation for dice (Joseph Bonneau, 2016; CC BY 3.0 US), without
 * hyphens, as @zxcvbn-ts/language-common carries it.
 */
async function loadWords(): Promise<readonly string[]> {
  return (await import("@zxcvbn-ts/language-common")).dictionary["diceware-common"];
}

interface GeneratorProps {
  /** Every character that the boot keyboard types; null where that is not known. */
  readonly typeable: string | null;
  readonly onUse: (passphrase: string) => void;
  readonly onClose: () => void;
}

/** Offers passphrases drawn by chance. */
export function Generator({ typeable, onUse, onClose }: GeneratorProps): JSX.Element {
  const t = useT("encryption");
  const [made, setMade] = useState<GeneratedPassphrase | null>(null);
  const [round, setRound] = useState(0);
  useEffect(() => {
    let isCurrent = true;
    void loadWords().then((words) => {
      if (isCurrent) setMade(generatePassphrase(words, typeable, systemRandom));
    });
    return () => {
      isCurrent = false;
    };
  }, [typeable, round]);
  if (made === null) {
    return (
      <p className={styles.quiet} role="status">
        <Spinner /> {t("generator.loading")}
      </p>
    );
  }
  return (
    <section className={styles.generator} aria-label={t("generator.title")}>
      <p className={styles.quiet}>{t("generator.words")}</p>
      <p className={styles.generated} dir="ltr" lang="en" role="status">
        {made.text}
      </p>
      <p className={styles.quiet}>{t("generator.bits", { bits: Math.floor(made.bits) })}</p>
      <div className={styles.buttons}>
        <Button variant="primary" onPress={() => onUse(made.text)}>
          {t("generator.use")}
        </Button>
        <Button icon="dice" onPress={() => setRound(round + 1)}>
          {t("generator.again")}
        </Button>
        <Button variant="quiet" onPress={onClose}>
          {t("generator.close")}
        </Button>
      </div>
    </section>
  );
}
