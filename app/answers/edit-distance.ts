/** Levenshtein distance, or Infinity as soon as it must be greater than `limit`. Time O(length of a × of b). */
export function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return Number.POSITIVE_INFINITY;
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const current = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const substitution = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      current.push(Math.min(substitution, (previous[j] ?? 0) + 1, (current[j - 1] ?? 0) + 1));
    }
    if (Math.min(...current) > limit) return Number.POSITIVE_INFINITY;
    previous = current;
  }
  const distance = previous[b.length] ?? Number.POSITIVE_INFINITY;
  return distance <= limit ? distance : Number.POSITIVE_INFINITY;
}

const simplify = (text: string): string => text.toLowerCase().replace(/[\s_.-]/g, "");

/**
 * The candidate that was most probably meant: the nearest by edit distance, not regarding case, spaces, hyphens
 * and underscores; at most a third of its letters may differ. Undefined where none is near.
 */
export function nearest(text: string, candidates: Iterable<string>): string | undefined {
  const wanted = simplify(text);
  if (wanted.length === 0 || wanted.length > 64) return undefined;
  let best: string | undefined;
  let bestDistance = Number.POSITIVE_INFINITY;
  for (const candidate of candidates) {
    const simple = simplify(candidate);
    const limit = Math.max(1, Math.floor(Math.max(simple.length, wanted.length) / 3));
    const distance = editDistance(wanted, simple, Math.min(limit, bestDistance));
    if (distance < bestDistance) [best, bestDistance] = [candidate, distance];
  }
  return best;
}
