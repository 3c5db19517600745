import { useId, type JSX, type ReactNode } from "react";
import { Label, RadioButton, RadioField, RadioGroup } from "react-aria-components";
import { cx } from "./cx.ts";
import { Icon } from "./Icon.tsx";
import styles from "./RadioCards.module.css";

export interface RadioOption<T extends string> {
  readonly value: T;
  readonly title: ReactNode;
  readonly description?: ReactNode;
  readonly badge?: ReactNode;
  /** Why it can not be chosen; shown on the card. */
  readonly disabledReason?: string | null;
  /** More on the card, for example a drawing; without controls of its own. */
  readonly children?: ReactNode;
}

export interface RadioCardsProps<T extends string> {
  readonly label: string;
  /** When a visible heading says the same. */
  readonly hideLabel?: boolean;
  readonly value: T | null;
  readonly onChange: (value: T) => void;
  readonly options: readonly RadioOption<T>[];
}

interface CardProps {
  readonly option: RadioOption<string>;
}

function Card({
  option: { value, title, description, badge, disabledReason = null, children },
}: CardProps): JSX.Element {
  const id = useId();
  const [titleId, textId, reasonId] = [`${id}title`, `${id}text`, `${id}reason`];
  const described = [description === undefined ? null : textId, disabledReason === null ? null : reasonId];
  return (
    <RadioField
      value={value}
      isDisabled={disabledReason !== null}
      className={cx(styles.field)}
      aria-labelledby={titleId}
      aria-describedby={described.filter((each) => each !== null).join(" ")}
    >
      <RadioButton className={cx(styles.card)}>
        <span className={styles.dot} aria-hidden />
        <span className={styles.body}>
          <span className={styles.head}>
            <span id={titleId} className={styles.title}>
              {title}
            </span>
            {badge}
          </span>
          {description === undefined ? null : (
            <span id={textId} className={styles.description}>
              {description}
            </span>
          )}
          {disabledReason === null ? null : (
            <span id={reasonId} className={styles.reason}>
              <Icon name="info" size={1} />
              <span>{disabledReason}</span>
            </span>
          )}
          {children}
        </span>
      </RadioButton>
    </RadioField>
  );
}

/** One of a few choices that need words, as cards. */
export function RadioCards<T extends string>({
  label,
  hideLabel = false,
  value,
  onChange,
  options,
}: RadioCardsProps<T>): JSX.Element {
  const choose = (chosen: string): void => {
    const found = options.find((option) => option.value === chosen);
    if (found) onChange(found.value);
  };
  return (
    <RadioGroup
      value={value}
      onChange={choose}
      className={cx(styles.group)}
      {...(hideLabel ? { "aria-label": label } : {})}
    >
      {hideLabel ? null : <Label className={cx(styles.label)}>{label}</Label>}
      <div className={styles.cards}>
        {options.map((option) => (
          <Card key={option.value} option={option} />
        ))}
      </div>
    </RadioGroup>
  );
}
