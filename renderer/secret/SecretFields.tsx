import { useState, type JSX, type ReactNode } from "react";
import { useLatinHint } from "../keyboard/useKeyboard.ts";
import { Button, Callout, PasswordField } from "../ui/index.ts";
import styles from "./SecretFields.module.css";
import type { FieldErrors, SecretInput } from "./useSecret.ts";

interface Labels {
  readonly text: string;
  readonly repeat: string;
  /** When the daemon has it. */
  readonly set: string;
  readonly setText?: string;
  readonly change: string;
  readonly keep: string;
}

export interface SecretFieldsProps {
  readonly secret: SecretInput;
  readonly labels: Labels;
  readonly description?: string;
  readonly errors: FieldErrors;
  /** Shown while it is typed; other errors wait until the field is left. */
  readonly liveError?: string | null;
  /** The user has tried to go on: every error is shown. */
  readonly attempted: boolean;
  /** Between the two fields. */
  readonly children?: ReactNode;
}

function Given({ secret, labels }: Pick<SecretFieldsProps, "secret" | "labels">): JSX.Element {
  const change = (
    <Button icon="refresh" onPress={secret.change}>
      {labels.change}
    </Button>
  );
  return (
    <Callout tone="success" title={labels.set} actions={change}>
      {labels.setText}
    </Callout>
  );
}

/** Asks for a secret twice, or says that there is one and offers to change it. */
export function SecretFields({
  secret,
  labels,
  description,
  errors,
  liveError = null,
  attempted,
  children,
}: SecretFieldsProps): JSX.Element {
  const [left, setLeft] = useState({ text: false, repeat: false });
  const latinHint = useLatinHint();
  const { typed } = secret;
  if (!secret.isAsked) return <Given secret={secret} labels={labels} />;
  const shows = (field: "text" | "repeat"): boolean => attempted || (left[field] && typed[field] !== "");
  return (
    <div className={styles.fields}>
      <PasswordField
        label={labels.text}
        description={[description, latinHint].filter(Boolean).join(" ")}
        value={typed.text}
        onChange={(text) => secret.type({ ...typed, text })}
        onBlur={() => setLeft({ ...left, text: true })}
        error={liveError ?? (shows("text") ? errors.text : null)}
        maxLength={1024}
      />
      {children}
      <PasswordField
        label={labels.repeat}
        value={typed.repeat}
        onChange={(repeat) => secret.type({ ...typed, repeat })}
        onBlur={() => setLeft({ ...left, repeat: true })}
        error={shows("repeat") ? errors.repeat : null}
        maxLength={1024}
      />
      {secret.isSet ? (
        <div>
          <Button variant="quiet" onPress={secret.keep}>
            {labels.keep}
          </Button>
        </div>
      ) : null}
    </div>
  );
}
