import { useState, type JSX, type ReactNode } from "react";
import { FieldError, Group, Input, Label, Text, TextField as AriaTextField, ToggleButton } from "react-aria-components";
import { useT } from "../i18n/index.ts";
import { cx } from "./cx.ts";
import styles from "./fields.module.css";
import { Icon } from "./Icon.tsx";

export interface TextFieldProps {
  readonly label: string;
  readonly description?: ReactNode;
  readonly value: string;
  readonly onChange: (value: string) => void;
  /** What is wrong with the value; shown below the field and read with it. */
  readonly error?: string | null;
  readonly onBlur?: () => void;
  readonly isDisabled?: boolean;
  readonly isReadOnly?: boolean;
  readonly isRequired?: boolean;
  /** In UTF-16 units. */
  readonly maxLength?: number;
  readonly placeholder?: string;
  readonly inputMode?: "text" | "numeric";
  readonly autoCapitalize?: "none" | "words";
  /** In the direction and letters of a terminal: user names, keys, serial numbers. */
  readonly monospace?: boolean;
  readonly autoFocus?: boolean;
}

interface InputProps extends TextFieldProps {
  readonly type: "text" | "password";
  /** Behind the text, inside the frame. */
  readonly end?: ReactNode;
}

function Field({
  label,
  description,
  error = null,
  type,
  end,
  monospace = false,
  placeholder,
  ...rest
}: InputProps): JSX.Element {
  return (
    <AriaTextField
      {...rest}
      type={type}
      isInvalid={error !== null}
      validationBehavior="aria"
      autoComplete="off"
      autoCorrect="off"
      spellCheck="false"
      className={cx(styles.field)}
    >
      <Label className={cx(styles.label)}>{label}</Label>
      <Group className={cx(styles.box)}>
        <Input
          className={cx(styles.input, monospace && styles.monospace)}
          {...(monospace || type === "password" ? { dir: "ltr" } : { dir: "auto" })}
          {...(placeholder === undefined ? {} : { placeholder })}
        />
        {end}
      </Group>
      {description === undefined ? null : (
        <Text slot="description" className={cx(styles.description)}>
          {description}
        </Text>
      )}
      <FieldError className={cx(styles.error)}>
        <Icon name="alert" size={1} />
        <span>{error}</span>
      </FieldError>
    </AriaTextField>
  );
}

/** One line of text. */
export function TextField(props: TextFieldProps): JSX.Element {
  return <Field {...props} type="text" />;
}

/** A secret on one line, hidden until the user asks to see it. */
export function PasswordField(props: TextFieldProps): JSX.Element {
  const t = useT("common");
  const [shown, setShown] = useState(false);
  const toggle = (
    <ToggleButton aria-label={t("showPassword")} isSelected={shown} onChange={setShown} className={cx(styles.inside)}>
      <Icon name={shown ? "hide" : "show"} />
    </ToggleButton>
  );
  return <Field {...props} autoCapitalize="none" type={shown ? "text" : "password"} end={toggle} />;
}
