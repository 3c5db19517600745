import { useState, type JSX } from "react";
import { useT } from "../i18n/index.ts";
import { Button } from "../ui/index.ts";
import { AccessibilityDialog } from "./AccessibilityDialog.tsx";
import { HelpDialog } from "./HelpDialog.tsx";
import { PowerDialog } from "./PowerDialog.tsx";
import { useShortcuts } from "./shortcuts.ts";
import styles from "./Tools.module.css";

type Open = "accessibility" | "help" | "power" | null;

/** What is at hand on every screen. */
export function Tools(): JSX.Element {
  const t = useT("common");
  const [open, setOpen] = useState<Open>(null);
  const close = (): void => setOpen(null);
  useShortcuts({
    accessibility: () => setOpen("accessibility"),
    help: () => setOpen("help"),
    isBlocked: open !== null,
  });
  return (
    <div className={styles.tools}>
      <Button
        variant="quiet"
        icon="accessibility"
        iconOnly
        aria-label={t("header.accessibility")}
        onPress={() => setOpen("accessibility")}
      />
      <Button variant="quiet" icon="help" iconOnly aria-label={t("header.help")} onPress={() => setOpen("help")} />
      <Button variant="quiet" icon="power" iconOnly aria-label={t("header.power")} onPress={() => setOpen("power")} />
      <AccessibilityDialog isOpen={open === "accessibility"} onClose={close} />
      <HelpDialog isOpen={open === "help"} onClose={close} />
      <PowerDialog isOpen={open === "power"} onClose={close} />
    </div>
  );
}
