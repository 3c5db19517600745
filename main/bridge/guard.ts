/**
 * Takes the browser's own shortcuts and menus from the page; the page's handlers still get every event. Like
 * `createPageEnd` it is put into the page as source text and uses nothing around it.
 */
export function guardPage(page: Window): void {
  const editing = new Set(["a", "c", "v", "x", "y", "z", "Backspace", "Delete", "Insert", "Home", "End"]);
  const zoom = new Set(["+", "-", "=", "_", "0"]);
  const arrows = new Set(["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"]);

  const belongsToPage = (event: KeyboardEvent): boolean => {
    if (/^F\d+$/.test(event.key)) return false;
    // AltGr types characters, and some layouts report it as Control and Alt.
    if (event.getModifierState("AltGraph")) return true;
    if (event.altKey || event.metaKey) return false;
    if (!event.ctrlKey) return true;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    return editing.has(key) || zoom.has(key) || arrows.has(key);
  };

  const prevent = (event: Event): void => event.preventDefault();
  page.addEventListener(
    "keydown",
    (event) => {
      if (!belongsToPage(event)) event.preventDefault();
    },
    true,
  );
  page.addEventListener("contextmenu", prevent, true);
  page.addEventListener("dragover", prevent, true);
  page.addEventListener("drop", prevent, true);
}
