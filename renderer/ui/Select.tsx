import type { JSX, ReactNode } from "react";
import {
  Button,
  Label,
  ListBox,
  ListBoxItem,
  Popover,
  Select as AriaSelect,
  SelectValue,
  Text,
} from "react-aria-components";
import { cx } from "./cx.ts";
import styles from "./fields.module.css";
import { Icon } from "./Icon.tsx";

export interface SelectProps<T extends string> {
  readonly label: string;
  readonly description?: ReactNode;
  readonly value: T | null;
  readonly onChange: (value: T) => void;
  readonly options: readonly { readonly value: T; readonly title: string }[];
  readonly placeholder?: string;
  readonly isDisabled?: boolean;
}

/** One of a few, in a list that drops down. For many use SearchList, for choices that need words RadioCards. */
export function Select<T extends string>({
  label,
  description,
  value,
  onChange,
  options,
  placeholder = "",
  isDisabled = false,
}: SelectProps<T>): JSX.Element {
  const choose = (key: unknown): void => {
    const chosen = options.find((option) => option.value === key);
    if (chosen) onChange(chosen.value);
  };
  return (
    <AriaSelect
      value={value}
      onChange={choose}
      placeholder={placeholder}
      isDisabled={isDisabled}
      className={cx(styles.field)}
    >
      <Label className={cx(styles.label)}>{label}</Label>
      <Button className={cx(styles.trigger)}>
        <SelectValue />
        <Icon name="chevron" />
      </Button>
      {description === undefined ? null : (
        <Text slot="description" className={cx(styles.description)}>
          {description}
        </Text>
      )}
      <Popover className={cx(styles.popover)}>
        <ListBox className={cx(styles.list)}>
          {options.map((option) => (
            <ListBoxItem key={option.value} id={option.value} textValue={option.title} className={cx(styles.option)}>
              {option.title}
            </ListBoxItem>
          ))}
        </ListBox>
      </Popover>
    </AriaSelect>
  );
}
