import type { JSX, ReactNode } from "react";
import { Dialog as AriaDialog, Heading, Modal, ModalOverlay } from "react-aria-components";
import { useT } from "../i18n/index.ts";
import { Button } from "./Button.tsx";
import { cx } from "./cx.ts";
import styles from "./Dialog.module.css";

export interface DialogProps {
  readonly title: string;
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly children?: ReactNode;
  /** Buttons at the end; without them there is one that closes the dialog. */
  readonly actions?: ReactNode;
  /** `alertdialog`: something is about to be lost, and a click beside it does not close it. */
  readonly role?: "dialog" | "alertdialog";
  readonly isWide?: boolean;
}

/** A window above the page that keeps the focus; Escape closes it and gives the focus back. */
export function Dialog({
  title,
  isOpen,
  onClose,
  children,
  actions,
  role = "dialog",
  isWide = false,
}: DialogProps): JSX.Element {
  const t = useT("common");
  return (
    <ModalOverlay
      isOpen={isOpen}
      onOpenChange={(open) => {
        if (!open) onClose();
      }}
      isDismissable={role === "dialog"}
      className={cx(styles.scrim)}
    >
      <Modal className={cx(styles.modal, isWide && styles.wide)}>
        <AriaDialog role={role} className={cx(styles.dialog)}>
          <Heading slot="title" level={2} className={cx(styles.title)}>
            {title}
          </Heading>
          <div className={styles.body}>{children}</div>
          <div className={styles.actions}>{actions ?? <Button onPress={onClose}>{t("close")}</Button>}</div>
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}
