/** Longest label of a host name (RFC 1123). */
const MAX_LABEL = 63;

const toLabel = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "");

/** What firmware and disks say where their maker filled in nothing; equal on thousands of machines. */
const placeholder =
  /^(|0+|x+|none|null|n\/?a|not (specified|applicable|available|present)|default string|to be filled.*|system (manufacturer|product name|serial number)|serial number|chassis serial.*|o\.e\.m\.|unknown|invalid|123456789(0?))$/i;

/** A text from firmware or a disk, such as a serial number, trimmed; null where it is missing or a placeholder. */
export function usableText(text: string | null): string | null {
  const trimmed = text?.trim() ?? "";
  return placeholder.test(trimmed) ? null : trimmed;
}

/**
 * A host name from its template: `{serial}` is replaced, and the result made a valid RFC 1123 label (a-z, 0-9
 * and inner hyphens, at most 63). A serial that is too long keeps its end, where serials differ.
 * @returns `silver` where nothing is left of template and serial.
 */
export function expandHostname(template: string, serial: string): string {
  const [before = "", ...rest] = template.split("{serial}");
  if (rest.length === 0) return toLabel(template).slice(0, MAX_LABEL).replace(/-+$/, "") || "silver";
  const space = Math.max(0, MAX_LABEL - before.length - rest.join("").length);
  const label = toLabel(serial);
  const short = Math.floor(space / rest.length);
  const piece = short === 0 ? "" : label.slice(-short);
  return (
    toLabel([before, ...rest].join(piece))
      .slice(0, MAX_LABEL)
      .replace(/-+$/, "") || "silver"
  );
}
