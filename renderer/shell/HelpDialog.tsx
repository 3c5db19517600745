import type { JSX } from "react";
import { useT } from "../i18n/index.ts";
import { useKeyboard } from "../keyboard/useKeyboard.ts";
import { Dialog } from "../ui/index.ts";
import styles from "./HelpDialog.module.css";

const shortcuts = [
  { keys: "tab", effect: "move" },
  { keys: "arrows", effect: "choose" },
  { keys: "space", effect: "press" },
  { keys: "enter", effect: "next" },
  { keys: "altLeft", effect: "back" },
  { keys: "altShiftA", effect: "accessibility" },
  { keys: "altShiftS", effect: "screenReader" },
  { keys: "superSpace", effect: "switchLayout" },
  { keys: "f1", effect: "help" },
  { keys: "escape", effect: "close" },
] as const;

interface DialogState {
  readonly isOpen: boolean;
  readonly onClose: () => void;
}

/** All that the keyboard can do. */
export function HelpDialog({ isOpen, onClose }: DialogState): JSX.Element {
  const t = useT("common");
  const { latin } = useKeyboard();
  const offered = shortcuts.filter(({ effect }) => effect !== "switchLayout" || latin !== null);
  return (
    <Dialog title={t("help.title")} isOpen={isOpen} onClose={onClose}>
      <p>{t("help.lead")}</p>
      <table className={styles.table}>
        <thead>
          <tr>
            <th scope="col">{t("help.shortcut")}</th>
            <th scope="col">{t("help.effect")}</th>
          </tr>
        </thead>
        <tbody>
          {offered.map(({ keys, effect }) => (
            <tr key={keys}>
              <td>
                <kbd className={styles.keys}>{t(`help.keys.${keys}`)}</kbd>
              </td>
              <td>{t(`help.${effect}`)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Dialog>
  );
}
