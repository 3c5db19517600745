import * as z from "zod";

/** Resident memory of one process, shared pages counted in part (PSS). */
const ProcessMemory = z.strictObject({ name: z.string(), bytes: z.int() });

/** What is measured in the guest, on the QA image with its window. Times are the guest's own, in seconds. */
export const WindowFigures = z.strictObject({
  /** Daemon, shell and Chromium's processes with the first screen at rest. */
  memory: z.array(ProcessMemory),
  /** The compositor, which is not part of the target. */
  compositor: z.int(),
  /** From multi-user.target to the paint of the first screen's largest text. */
  firstScreen: z.number(),
  /** The same for an empty page in Chromium with the same arguments, without shell and daemon. */
  emptyPage: z.number(),
  /** Processor time of compositor, Chromium, shell and daemon in percent of one processor, on a still screen. */
  idle: z.number(),
});
export type WindowFigures = z.infer<typeof WindowFigures>;

/** What is measured on this computer, on the dry run. */
export const PageFigures = z.strictObject({
  /** Bytes after gzip that the first screen loads, without pictures and fonts. */
  bundle: z.int(),
  /** Seconds from `npm run dev` to the answer for the page, with everything set up. */
  devServer: z.number(),
  /** Milliseconds from an input to the next paint. */
  input: z.strictObject({
    /** Clicks, taps and key presses that were measured. */
    interactions: z.int(),
    /** Interaction to Next Paint: the slowest, but for one of every 50. */
    nextPaint: z.number(),
    slowest: z.number(),
  }),
  /** Processor time of Chromium and the development server in percent of one processor, on a still screen. */
  idle: z.number(),
});
export type PageFigures = z.infer<typeof PageFigures>;

/** The graphical installer. */
export const UiFigures = z.strictObject({ page: PageFigures, window: WindowFigures.nullable() });
export type UiFigures = z.infer<typeof UiFigures>;

/** Daemon, shell and Chromium together, in bytes. */
export function windowMemory({ memory }: WindowFigures): number {
  return memory.reduce((sum, { bytes }) => sum + bytes, 0);
}

const MB = (bytes: number): string => `${(bytes / 1e6).toFixed(0)} MB`;

/** Rows of two cells for people. */
export function pageRows({ bundle, devServer, input, idle }: PageFigures): string[][] {
  return [
    ["bundle of the first screen, gzip, without fonts", `${(bundle / 1000).toFixed(0)} kB`],
    ["npm run dev, until the page is served", `${devServer.toFixed(1)} s`],
    [`input to next paint, ${String(input.interactions)} interactions`, `${input.nextPaint.toFixed(0)} ms`],
    ["the slowest of them", `${input.slowest.toFixed(0)} ms`],
    ["Chromium and server at rest", `${idle.toFixed(2)} %`],
  ];
}

/** Rows of two cells for people. */
export function windowRows(window: WindowFigures): string[][] {
  return [
    ...window.memory.map(({ name, bytes }) => [`memory: ${name}`, MB(bytes)]),
    ["memory: together", MB(windowMemory(window))],
    ["memory: compositor, not counted", MB(window.compositor)],
    ["multi-user.target to the first screen", `${window.firstScreen.toFixed(1)} s`],
    ["multi-user.target to an empty page", `${window.emptyPage.toFixed(1)} s`],
    ["compositor, Chromium, shell and daemon at rest", `${window.idle.toFixed(2)} %`],
  ];
}
