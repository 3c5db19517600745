import type { JSX } from "react";
import { Dialog as AriaDialog, Heading, Modal, ModalOverlay } from "react-aria-components";
import { useT } from "../i18n/index.ts";
import { useStore } from "../store.ts";
import { cx, Spinner } from "../ui/index.ts";
import styles from "./ConnectionLost.module.css";

/** Covers the page while the daemon does not answer; the store reconnects by itself. */
export function ConnectionLost(): JSX.Element {
  const t = useT("common");
  const lost = useStore(({ connection }) => connection === "lost");
  return (
    <ModalOverlay isOpen={lost} isKeyboardDismissDisabled className={cx(styles.scrim)}>
      <Modal className={cx(styles.modal)}>
        <AriaDialog role="alertdialog" className={cx(styles.dialog)}>
          <Heading slot="title" level={2} className={cx(styles.title)}>
            {t("lost.title")}
          </Heading>
          <p>{t("lost.text")}</p>
          <Spinner still />
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}
