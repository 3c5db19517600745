import { useEffect, useId, useRef, useState, type JSX, type ReactNode, type SubmitEvent } from "react";
import { asCallError } from "../call-error.ts";
import { useT } from "../i18n/index.ts";
import { useNavigation } from "../navigation.ts";
import { useAnnounce } from "./announce.tsx";
import { Button } from "./Button.tsx";
import { Callout } from "./Callout.tsx";
import { cx } from "./cx.ts";
import styles from "./StepFrame.module.css";

export interface NextAction {
  /** `Continue` by default. */
  readonly label?: string;
  /** Runs before going on. False, also as a promise, stays on this step. What it throws is shown. */
  readonly onPress?: () => unknown;
  /** Why there is no going on yet: shown when the button is pressed all the same, and read with it. */
  readonly disabledReason?: string | null;
  /** `danger`: something is lost behind this button, so Enter in a field does not press it. */
  readonly tone?: "default" | "danger";
}

export interface StepFrameProps {
  readonly title: string;
  readonly lead?: ReactNode;
  readonly children?: ReactNode;
  /** The way on; without it there is no button. */
  readonly next?: NextAction;
  /** False: there is no way back. */
  readonly back?: false;
  /** A way on without an answer. */
  readonly skip?: { readonly label?: string; readonly onPress?: () => void };
  /** Beside the content where there is room, below it elsewhere. */
  readonly aside?: ReactNode;
}

interface GoingOn {
  readonly press: () => void;
  readonly busy: boolean;
  /** The reason was asked for by pressing the button. */
  readonly insisted: boolean;
  readonly problem: string | null;
}

function useGoingOn(next: NextAction | undefined): GoingOn {
  const navigation = useNavigation();
  const announce = useAnnounce();
  const [busy, setBusy] = useState(false);
  const [insisted, setInsisted] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const run = async (action: NextAction): Promise<void> => {
    setBusy(true);
    setProblem(null);
    try {
      if ((await action.onPress?.()) !== false) navigation.next?.();
    } catch (thrown) {
      const error = asCallError(thrown);
      if (!error.unreachable) setProblem(error.message);
    } finally {
      setBusy(false);
    }
  };
  const press = (): void => {
    if (next === undefined || busy) return;
    const reason = next.disabledReason ?? null;
    setInsisted(reason !== null);
    if (reason === null) void run(next);
    else announce(reason, "assertive");
  };
  return { press, busy, insisted, problem };
}

/** Gives a new step's heading the focus; Enter on it goes on, unless something is lost by that. */
function useHeadingFocus(submit: (() => void) | null): React.RefObject<HTMLHeadingElement | null> {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus({ preventScroll: true }), []);
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.key === "Enter" && event.target === heading.current) submit?.();
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, [submit]);
  return heading;
}

interface FooterProps extends Pick<StepFrameProps, "next" | "back" | "skip"> {
  readonly going: GoingOn;
}

function Footer({ next, back, skip, going }: FooterProps): JSX.Element | null {
  const t = useT("common");
  const navigation = useNavigation();
  const reasonId = useId();
  const reason = next?.disabledReason ?? null;
  const danger = next?.tone === "danger";
  const disabled = reason === null ? {} : { "aria-disabled": true, "aria-describedby": reasonId };
  const goBack = back === false ? null : navigation.back;
  if (goBack === null && skip === undefined && next === undefined) return null;
  return (
    <div className={styles.footer}>
      {goBack === null ? null : (
        <Button variant="quiet" icon="back" onPress={goBack}>
          {t("back")}
        </Button>
      )}
      <p id={reasonId} className={cx(styles.reason, going.insisted && styles.insisted)}>
        {reason}
      </p>
      {skip === undefined ? null : (
        <Button onPress={skip.onPress ?? ((): void => navigation.next?.())}>{skip.label ?? t("skip")}</Button>
      )}
      {next === undefined ? null : (
        <Button
          {...disabled}
          type={danger ? "button" : "submit"}
          variant={danger ? "danger" : "primary"}
          isPending={going.busy}
          {...(danger ? { onPress: going.press } : { icon: "forward", iconAtEnd: true })}
        >
          {next.label ?? t("next")}
        </Button>
      )}
    </div>
  );
}

/** The frame of every step: heading with the focus, content, and the ways back and on. */
export function StepFrame({ title, lead, children, next, back, skip, aside }: StepFrameProps): JSX.Element {
  const t = useT("common");
  const going = useGoingOn(next);
  const heading = useHeadingFocus(next === undefined || next.tone === "danger" ? null : going.press);
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    // Forms in dialogs of this step bubble through here.
    if (event.target === event.currentTarget && next?.tone !== "danger") going.press();
  };
  return (
    <form className={styles.frame} onSubmit={submit} noValidate aria-label={title}>
      <div className={styles.scroll}>
        <div className={styles.content}>
          <div className={styles.header}>
            <h1 ref={heading} tabIndex={-1} className={styles.title}>
              {title}
            </h1>
            {lead === undefined ? null : <p className={styles.lead}>{lead}</p>}
          </div>
          <div className={cx(aside !== undefined && styles.columns)}>
            <div className={styles.main}>
              {going.problem === null ? null : (
                <Callout tone="danger" title={t("failed")} announce="assertive">
                  {going.problem}
                </Callout>
              )}
              {children}
            </div>
            {aside === undefined ? null : <div className={styles.aside}>{aside}</div>}
          </div>
        </div>
      </div>
      <Footer going={going} {...(next && { next })} {...(back === false && { back })} {...(skip && { skip })} />
    </form>
  );
}
