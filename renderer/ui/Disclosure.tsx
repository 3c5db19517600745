import type { JSX, ReactNode } from "react";
import { Button, Disclosure as AriaDisclosure, DisclosurePanel, Heading } from "react-aria-components";
import { cx } from "./cx.ts";
import styles from "./Disclosure.module.css";
import { Icon } from "./Icon.tsx";

export interface DisclosureProps {
  readonly title: ReactNode;
  readonly children: ReactNode;
  readonly defaultExpanded?: boolean;
  readonly isExpanded?: boolean;
  readonly onExpandedChange?: (isExpanded: boolean) => void;
}

/** Details that open below their title. */
export function Disclosure({ title, children, ...rest }: DisclosureProps): JSX.Element {
  return (
    <AriaDisclosure {...rest} className={cx(styles.disclosure)}>
      <Heading level={3} className={cx(styles.heading)}>
        <Button slot="trigger" className={cx(styles.trigger)}>
          <span className={styles.chevron}>
            <Icon name="chevron" />
          </span>
          {title}
        </Button>
      </Heading>
      <DisclosurePanel className={cx(styles.panel)}>
        <div className={styles.content}>{children}</div>
      </DisclosurePanel>
    </AriaDisclosure>
  );
}
