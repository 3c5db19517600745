import { type JSX, useEffect, useRef, useState } from "react";
import type { Disk } from "../../../app/facts.ts";
import { asCallError } from "../../call-error.ts";
import { useT } from "../../i18n/index.ts";
import { call } from "../../store.ts";
import { Button, useAnnounce } from "../../ui/index.ts";
import { spokenName } from "./describe.ts";
import styles from "./disk.module.css";

/** Milliseconds for which the answer is worth showing: the daemon has the light flicker for a few seconds. */
const SHOWN = 8000;

type Outcome =
  | { readonly path: string; readonly kind: "now" | "unable" }
  | { readonly path: string; readonly kind: "refused"; readonly message: string };

interface Identifying {
  readonly busy: string | null;
  readonly outcome: Outcome | null;
  readonly identify: (path: string) => Promise<void>;
}

function useIdentify(): Identifying {
  const t = useT("disk");
  const announce = useAnnounce();
  const [busy, setBusy] = useState<string | null>(null);
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const identify = async (path: string): Promise<void> => {
    clearTimeout(timer.current);
    setBusy(path);
    setOutcome(null);
    try {
      const kind = (await call("disk/identify", { path })) ? "now" : "unable";
      announce(t(`identify.${kind}`));
      setOutcome({ path, kind });
      timer.current = setTimeout(() => setOutcome(null), SHOWN);
    } catch (thrown) {
      setOutcome({ path, kind: "refused", message: asCallError(thrown).message });
    } finally {
      setBusy(null);
    }
  };
  return { busy, outcome, identify };
}

interface IdentifyProps {
  readonly disks: readonly Disk[];
}

/** Finds the disk of a card in the machine: its light flickers while the daemon reads from it. */
export function Identify({ disks }: IdentifyProps): JSX.Element {
  const t = useT("disk");
  const { busy, outcome, identify } = useIdentify();
  return (
    <section className={styles.identify} aria-labelledby="identify">
      <h2 id="identify" className={styles.heading}>
        {t("identify.title")}
      </h2>
      <p className={styles.hint}>{t("identify.lead")}</p>
      <ul className={styles.identifyList}>
        {disks.map((disk) => {
          const mine = outcome?.path === disk.path ? outcome : null;
          return (
            <li key={disk.path} className={styles.identifyRow}>
              <Button icon="light" isPending={busy === disk.path} onPress={() => void identify(disk.path)}>
                {t("identify.label", { disk: spokenName(disk, t) })}
              </Button>
              {mine === null ? null : (
                <span className={styles.hint}>
                  {mine.kind === "refused" ? mine.message : t(`identify.${mine.kind}`)}
                </span>
              )}
            </li>
          );
        })}
      </ul>
    </section>
  );
}
