interface Picture {
  /** Red, green and blue of each point. */
  readonly bytes: Uint8Array;
  readonly points: number;
}

/** @throws {Error} for another kind of file */
function pictureOf(ppm: Uint8Array): Picture {
  const head = /^P6\s+(\d+)\s+(\d+)\s+255\s/.exec(Buffer.from(ppm.subarray(0, 64)).toString("latin1"));
  if (!head) throw new Error("not a P6 picture with 8 bits for each channel");
  return { bytes: ppm.subarray(head[0].length), points: Number(head[1]) * Number(head[2]) };
}

/**
 * The share (0 to 1) of a screen's points that are neither black nor white: a few hundredths for text on a terminal and
 * for an empty window, a third for a page of the installer.
 * @param ppm a picture as QEMU's `screendump` writes it (Netpbm P6, 8 bits for each channel)
 * @throws {Error} when it is another kind of file
 */
export function paintedShare(ppm: Uint8Array): number {
  const { bytes, points } = pictureOf(ppm);
  let painted = 0;
  for (let at = 0; at + 2 < bytes.length; at += 3) {
    const sum = (bytes[at] ?? 0) + (bytes[at + 1] ?? 0) + (bytes[at + 2] ?? 0);
    if (sum !== 0 && sum !== 3 * 255) painted += 1;
  }
  return painted / points;
}

/**
 * The share (0 to 1) of a screen's points that have its most frequent colour: almost 1 for an empty page and for one that
 * shows only that it is loading.
 * @param ppm as for {@link paintedShare}
 * @throws {Error} when it is another kind of file
 */
export function plainShare(ppm: Uint8Array): number {
  const { bytes, points } = pictureOf(ppm);
  const counts = new Map<number, number>();
  for (let at = 0; at + 2 < bytes.length; at += 3) {
    const colour = ((bytes[at] ?? 0) << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
    counts.set(colour, (counts.get(colour) ?? 0) + 1);
  }
  return Math.max(...counts.values()) / points;
}
