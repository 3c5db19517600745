import { useEffect, useRef, useState, type JSX } from "react";
import { useT } from "../../i18n/index.ts";
import { SaveTo } from "../../parts/SaveTo.tsx";
import { useAttempt } from "../../secret/useAttempt.ts";
import { call, useSnapshot } from "../../store.ts";
import { Button, Callout, Spinner, StepFrame, TextField, useAnnounce } from "../../ui/index.ts";
import { normalGroup, pickGroup } from "./groups.ts";
import { KeyView } from "./KeyView.tsx";
import styles from "./recovery-key.module.css";
import { Sheet } from "./Sheet.tsx";
import { useRecoveryKey, type RecoveryKey } from "./useRecoveryKey.ts";

/** `shown`: the key can be read; `asked`: it is hidden and a group of it is typed back; `known`: that has been done. */
type Stage = "shown" | "asked" | "known";

interface ShownProps {
  readonly recovery: RecoveryKey;
}

function Shown({ recovery: { groups, problem, isPrinting, save } }: ShownProps): JSX.Element {
  const t = useT("recovery-key");
  const isSaved = useSnapshot(({ secrets }) => secrets.recoveryKeySaved);
  if (problem !== null) return <Callout tone="danger" title={t("failed", { message: problem })} announce="assertive" />;
  if (groups === null) {
    return (
      <p className={styles.quiet} role="status">
        <Spinner /> {t("loading")}
      </p>
    );
  }
  return (
    <>
      <KeyView groups={groups} />
      <div className={styles.save}>
        <SaveTo label={t("save.title")} description={t("save.lead")} save={save} />
        {isSaved ? <Callout tone="success" title={t("save.savedBefore")} announce="polite" /> : null}
      </div>
      {isPrinting ? <Sheet groups={groups} /> : null}
    </>
  );
}

interface AskedProps {
  readonly group: number;
  readonly text: string;
  readonly onChange: (text: string) => void;
  readonly error: string | null;
  readonly onShow: () => void;
}

function Asked({ group, text, onChange, error, onShow }: AskedProps): JSX.Element {
  const t = useT("recovery-key");
  const section = useRef<HTMLElement>(null);
  useEffect(() => section.current?.querySelector("input")?.focus(), []);
  return (
    <section ref={section} className={styles.asked}>
      <h2>{t("confirm.title")}</h2>
      <p className={styles.quiet}>{t("confirm.lead")}</p>
      <TextField
        label={t("confirm.label", { number: group + 1 })}
        description={t("confirm.hint")}
        value={text}
        onChange={onChange}
        error={error}
        maxLength={64}
        autoCapitalize="none"
        monospace
      />
      <div>
        <Button icon="show" onPress={onShow}>
          {t("confirm.show")}
        </Button>
      </div>
    </section>
  );
}

/** Shows the recovery key and lets the user go on only after a group of it was typed back. */
export function Step(): JSX.Element {
  const t = useT("recovery-key");
  const announce = useAnnounce();
  const isConfirmed = useSnapshot(({ secrets }) => secrets.recoveryKey === "confirmed");
  const [stage, setStage] = useState<Stage>(isConfirmed ? "known" : "shown");
  const [group, setGroup] = useState<number | null>(null);
  const [text, setText] = useState("");
  const [error, setError] = useState<string | null>(null);
  const { fail } = useAttempt();
  const recovery = useRecoveryKey(stage === "shown");

  const show = (): void => {
    setText("");
    setError(null);
    setStage("shown");
  };
  const ask = (): false => {
    setGroup(pickGroup(group));
    setStage("asked");
    announce(t("confirm.lead"));
    return false;
  };
  const check = async (): Promise<boolean> => {
    if (group === null) return false;
    const typed = normalGroup(text);
    const isRight = typed !== "" && (await call("recovery/confirm", { group, text: typed }));
    if (isRight) return true;
    setError(t(typed === "" ? "confirm.empty" : "confirm.wrong", { number: group + 1 }));
    fail();
    return false;
  };
  const goOn = { shown: isConfirmed ? (): true => true : ask, asked: check, known: (): true => true }[stage];
  const waiting = stage === "shown" && recovery.groups === null ? t("loading") : null;
  const label = stage === "shown" && !isConfirmed ? { label: t("keep") } : {};
  const next = { ...label, onPress: goOn, disabledReason: waiting };
  return (
    <StepFrame title={t("title")} lead={t("lead")} next={next}>
      {stage === "shown" ? <Shown recovery={recovery} /> : null}
      {stage === "asked" && group !== null ? (
        <Asked group={group} text={text} onChange={setText} error={error} onShow={show} />
      ) : null}
      {stage === "known" ? (
        <Callout
          tone="success"
          title={t("confirmed.title")}
          actions={
            <Button icon="show" onPress={show}>
              {t("confirmed.show")}
            </Button>
          }
        >
          {t("confirmed.text")}
        </Callout>
      ) : null}
    </StepFrame>
  );
}
