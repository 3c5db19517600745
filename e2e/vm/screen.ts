/**
 * The share (0 to 1) of a screen's points that are neither black nor white: a few hundredths for text on a terminal and
 * for an empty window, a third for a page of the installer.
 * @param ppm a picture as QEMU's `screendump` writes it (Netpbm P6, 8 bits for each channel)
 * @throws {Error} when it is another kind of file
 */
export function paintedShare(ppm: Uint8Array): number {
  const head = /^P6\s+(\d+)\s+(\d+)\s+255\s/.exec(Buffer.from(ppm.subarray(0, 64)).toString("latin1"));
  if (!head) throw new Error("not a P6 picture with 8 bits for each channel");
  const points = Number(head[1]) * Number(head[2]);
  let painted = 0;
  for (let at = head[0].length; at + 2 < ppm.length; at += 3) {
    const sum = (ppm[at] ?? 0) + (ppm[at + 1] ?? 0) + (ppm[at + 2] ?? 0);
    if (sum !== 0 && sum !== 3 * 255) painted += 1;
  }
  return painted / points;
}
