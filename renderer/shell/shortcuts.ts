import { useEffect } from "react";
import { useNavigation } from "../navigation.ts";
import { update, useAbilities, useSnapshot } from "../store.ts";

type Shortcut = "accessibility" | "screenReader" | "help" | "back";

/** What a key press asks for. By `code`, the place of the key: the letters differ between layouts. */
export function shortcutOf(
  event: Pick<KeyboardEvent, "altKey" | "ctrlKey" | "metaKey" | "shiftKey" | "code">,
): Shortcut | null {
  const { altKey, ctrlKey, metaKey, shiftKey, code } = event;
  if (ctrlKey || metaKey) return null;
  if (altKey && shiftKey && code === "KeyA") return "accessibility";
  if (altKey && shiftKey && code === "KeyS") return "screenReader";
  if (altKey && !shiftKey && code === "ArrowLeft") return "back";
  return code === "F1" && !altKey && !shiftKey ? "help" : null;
}

interface Handlers {
  readonly accessibility: () => void;
  readonly help: () => void;
  /** A dialog is open: only what does not leave it works. */
  readonly isBlocked: boolean;
}

/** Listens to the shortcuts that work on every screen. */
export function useShortcuts({ accessibility, help, isBlocked }: Handlers): void {
  const { back } = useNavigation();
  const appearance = useSnapshot((snapshot) => snapshot.choices.appearance);
  const { screenReader } = useAbilities();
  useEffect(() => {
    const actions: Record<Shortcut, (() => void) | null> = {
      accessibility: isBlocked ? null : accessibility,
      help: isBlocked ? null : help,
      back: () => {
        if (document.querySelector("[role=dialog],[role=alertdialog]") === null) back?.();
      },
      screenReader: screenReader
        ? (): void => void update({ appearance: { ...appearance, screenReader: !appearance.screenReader } })
        : null,
    };
    const onKey = (event: KeyboardEvent): void => {
      const shortcut = shortcutOf(event);
      if (shortcut === null) return;
      event.preventDefault();
      actions[shortcut]?.();
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, [accessibility, appearance, back, help, isBlocked, screenReader]);
}
