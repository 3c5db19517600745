import { type JSX, type SyntheticEvent, useId, useState } from "react";
import { inSentence } from "../../../app/wizard/display-text.ts";
import type { WifiNetwork } from "../../../app/wizard/network.ts";
import type { ResultOf } from "../../../app/rpc/methods.ts";
import { asCallError } from "../../call-error.ts";
import { useT } from "../../i18n/index.ts";
import { useLatinHint } from "../../keyboard/useKeyboard.ts";
import { call } from "../../store.ts";
import { Button, Callout, Dialog, PasswordField, Select, TextField, useAnnounce } from "../../ui/index.ts";
import styles from "./network.module.css";
import { nameProblem, passwordProblem } from "./validate.ts";

type Failure = Exclude<ResultOf<"network/connect">, "connected">;
type Security = "wpa" | "open";

interface Join {
  readonly name: string;
  readonly security: Security;
  readonly password: string;
  /** What is wrong is said from the first attempt on. */
  readonly tried: boolean;
  readonly busy: boolean;
  readonly failure: Failure | null;
  readonly refusal: string | null;
}

const begin = (network: WifiNetwork | null): Join => ({
  name: network?.ssid ?? "",
  security: network?.security === "open" ? "open" : "wpa",
  password: "",
  tried: false,
  busy: false,
  failure: null,
  refusal: null,
});

interface Joining {
  readonly state: Join;
  readonly change: (parts: Partial<Join>) => void;
  readonly problems: {
    readonly name: ReturnType<typeof nameProblem>;
    readonly password: ReturnType<typeof passwordProblem>;
  };
  readonly submit: () => void;
}

function useJoin(network: WifiNetwork | null, onClose: () => void): Joining {
  const t = useT("network");
  const announce = useAnnounce();
  const [state, setState] = useState(() => begin(network));
  const { name, security, password } = state;
  const change = (parts: Partial<Join>): void => setState((before) => ({ ...before, ...parts }));
  const problems = {
    name: network === null ? nameProblem(name) : null,
    password: security === "open" ? null : passwordProblem(password),
  };
  const connect = async (): Promise<void> => {
    change({ busy: true, failure: null, refusal: null });
    try {
      const secret = security === "open" ? null : password;
      const result = await call("network/connect", { ssid: name, hidden: network === null, password: secret });
      if (result !== "connected") {
        change({ busy: false, failure: result });
        return;
      }
      announce(t("join.connected", { name: inSentence(name) }));
      onClose();
    } catch (thrown) {
      change({ busy: false, refusal: asCallError(thrown).message });
    }
  };
  const submit = (): void => {
    change({ tried: true });
    if (!state.busy && problems.name === null && problems.password === null) void connect();
  };
  return { state, change, problems, submit };
}

function Fields({ joining, hidden }: { readonly joining: Joining; readonly hidden: boolean }): JSX.Element {
  const t = useT("network");
  const latinHint = useLatinHint();
  const { state, change, problems } = joining;
  const told = (problem: typeof problems.name | typeof problems.password): string | null =>
    state.tried && problem !== null ? t(`problem.${problem}`) : null;
  const wrong = state.failure === "wrong-password" ? t("result.wrong-password") : null;
  return (
    <>
      {!hidden ? null : (
        <>
          <TextField
            label={t("join.name")}
            description={t("join.nameHint")}
            value={state.name}
            onChange={(name) => change({ name, failure: null })}
            error={told(problems.name)}
            autoCapitalize="none"
            autoFocus
          />
          <Select
            label={t("join.security")}
            value={state.security}
            onChange={(security: Security) => change({ security, failure: null })}
            options={[
              { value: "wpa", title: t("join.secured") },
              { value: "open", title: t("join.open") },
            ]}
          />
        </>
      )}
      {state.security === "open" ? (
        <p className={styles.plain}>{t("wifi.openWarning")}</p>
      ) : (
        <PasswordField
          label={t("join.password")}
          {...(latinHint === null ? {} : { description: latinHint })}
          value={state.password}
          onChange={(password) => change({ password, failure: null })}
          error={wrong ?? told(problems.password)}
          maxLength={64}
          autoFocus={!hidden}
        />
      )}
    </>
  );
}

interface JoinDialogProps {
  /** Null: one that does not show its name. */
  readonly network: WifiNetwork | null;
  readonly onClose: () => void;
}

/** Asks for what a network wants, and connects. */
export function JoinDialog({ network, onClose }: JoinDialogProps): JSX.Element {
  const t = useT("network");
  const form = useId();
  const joining = useJoin(network, onClose);
  const { failure, refusal, busy } = joining.state;
  const title = network === null ? t("join.titleHidden") : t("join.title", { name: inSentence(network.ssid) });
  const trouble = failure === null || failure === "wrong-password" ? null : t(`result.${failure}`);
  const onSubmit = (event: SyntheticEvent): void => {
    event.preventDefault();
    joining.submit();
  };
  const actions = (
    <>
      <Button onPress={onClose}>{t("common:cancel")}</Button>
      <Button variant="primary" type="submit" form={form} isPending={busy}>
        {t("join.connect")}
      </Button>
    </>
  );
  return (
    <Dialog title={title} isOpen onClose={onClose} actions={actions}>
      <form id={form} className={styles.form} onSubmit={onSubmit} noValidate>
        {network === null ? <p className={styles.plain}>{t("join.lead")}</p> : null}
        {trouble === null ? null : <Callout tone="warning" title={trouble} announce="assertive" />}
        {refusal === null ? null : (
          <Callout tone="danger" title={t("common:failed")} announce="assertive">
            {refusal}
          </Callout>
        )}
        <Fields joining={joining} hidden={network === null} />
      </form>
    </Dialog>
  );
}
