import type { JSX, ReactNode } from "react";
import { Button, Disclosure as AriaDisclosure, DisclosurePanel, Heading } from "react-aria-components";
import { cx } from "./cx.ts";
import styles from "./Disclosure.module.css";
import { Icon } from "./Icon.tsx";

export interface DisclosureProps {
  readonly title: ReactNode;
  readonly children: ReactNode;
  /** Of its heading: 2 directly below the step's title, 3 below another heading. */
  readonly level?: 2 | 3;
  readonly defaultExpanded?: boolean;
  readonly isExpanded?: boolean;
  readonly onExpandedChange?: (isExpanded: boolean) => void;
}

/** Details that open below their title. */
export function Disclosure({ title, children, level = 3, ...rest }: DisclosureProps): JSX.Element {
  return (
    <AriaDisclosure {...rest} className={cx(styles.disclosure)}>
      <Heading level={level} className={cx(styles.heading)}>
        <Button slot="trigger" className={cx(styles.trigger)}>
          <span className={styles.chevron}>
            <Icon name="chevron" />
          </span>
          {title}
        </Button>
      </Heading>
      <DisclosurePanel>
        <div className={styles.content}>{children}</div>
      </DisclosurePanel>
    </AriaDisclosure>
  );
}
