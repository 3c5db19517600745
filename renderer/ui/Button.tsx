import type { JSX, ReactNode } from "react";
import { Button as AriaButton, type ButtonProps as AriaButtonProps } from "react-aria-components";
import { cx } from "./cx.ts";
import styles from "./Button.module.css";
import { Icon, type IconName } from "./Icon.tsx";
import { Spinner } from "./Spinner.tsx";

export interface ButtonProps extends Omit<AriaButtonProps, "children" | "className" | "style" | "isPending"> {
  readonly children?: ReactNode;
  /** `primary`: the one way on of a screen; `quiet`: without a frame. */
  readonly variant?: "primary" | "secondary" | "quiet" | "danger";
  readonly icon?: IconName;
  /** Behind the text instead of in front of it. */
  readonly iconAtEnd?: boolean;
  /** Keeps the focus, does nothing when pressed and says that it is busy. */
  readonly isPending?: boolean;
  /** Square, for an icon with an `aria-label`. */
  readonly iconOnly?: boolean;
}

/** A button. One that can not be pressed now takes `isDisabled`, or `aria-disabled` to stay reachable. */
export function Button({
  children,
  variant = "secondary",
  icon,
  iconAtEnd = false,
  isPending = false,
  iconOnly = false,
  ...rest
}: ButtonProps): JSX.Element {
  const picture = icon === undefined ? null : <Icon name={icon} />;
  return (
    <AriaButton
      {...rest}
      isPending={isPending}
      className={cx(styles.button, styles[variant], iconOnly && styles.square)}
    >
      {isPending ? <Spinner /> : iconAtEnd ? null : picture}
      {children}
      {iconAtEnd && !isPending ? picture : null}
    </AriaButton>
  );
}
