/** Lower case without accents, so that `espanol` finds `Español`. */
export function folded(text: string): string {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLocaleLowerCase("en").trim();
}

export interface Searchable {
  readonly title: string;
  readonly description?: string;
  /** Other words that find the entry. */
  readonly keywords?: readonly string[];
}

/**
 * Entries that hold every word of the query somewhere; those whose title begins with the query come first, others
 * keep their order.
 */
export function searchEntries<T extends Searchable>(entries: readonly T[], query: string): T[] {
  const wanted = folded(query);
  if (wanted === "") return [...entries];
  const words = wanted.split(/\s+/);
  const found = entries.filter(({ title, description = "", keywords = [] }) => {
    const text = folded([title, description, ...keywords].join(" "));
    return words.every((word) => text.includes(word));
  });
  const begins = ({ title }: T): boolean => folded(title).startsWith(wanted);
  return [...found.filter(begins), ...found.filter((entry) => !begins(entry))];
}
