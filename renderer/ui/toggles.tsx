import { useId, type JSX, type ReactNode } from "react";
import { CheckboxButton, CheckboxField, SwitchButton, SwitchField } from "react-aria-components";
import { cx } from "./cx.ts";
import { Icon } from "./Icon.tsx";
import styles from "./toggles.module.css";

export interface ToggleProps {
  readonly children: ReactNode;
  readonly description?: ReactNode;
  readonly isSelected: boolean;
  readonly onChange: (isSelected: boolean) => void;
  readonly isDisabled?: boolean;
}

interface WordsProps {
  readonly id: string;
  readonly children: ReactNode;
  readonly description: ReactNode;
}

function Words({ id, children, description }: WordsProps): JSX.Element {
  return (
    <span className={styles.words}>
      <span id={`${id}label`}>{children}</span>
      {description === undefined ? null : (
        <span id={`${id}text`} className={styles.description}>
          {description}
        </span>
      )}
    </span>
  );
}

const naming = (id: string, description: ReactNode): Record<string, string> => ({
  "aria-labelledby": `${id}label`,
  ...(description === undefined ? {} : { "aria-describedby": `${id}text` }),
});

/** A statement that the user agrees to or chooses. */
export function Checkbox({ children, description, ...rest }: ToggleProps): JSX.Element {
  const id = useId();
  return (
    <CheckboxField {...rest} {...naming(id, description)} className={cx(styles.field)}>
      <CheckboxButton className={cx(styles.toggle)}>
        <span className={styles.tick} aria-hidden>
          <Icon name="check" size={1} />
        </span>
        <Words id={id} description={description}>
          {children}
        </Words>
      </CheckboxButton>
    </CheckboxField>
  );
}

/** Something that is on or off at once. */
export function Switch({ children, description, ...rest }: ToggleProps): JSX.Element {
  const id = useId();
  return (
    <SwitchField {...rest} {...naming(id, description)} className={cx(styles.field)}>
      <SwitchButton className={cx(styles.toggle)}>
        <span className={styles.track} aria-hidden />
        <Words id={id} description={description}>
          {children}
        </Words>
      </SwitchButton>
    </SwitchField>
  );
}
