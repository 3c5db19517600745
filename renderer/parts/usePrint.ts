import { useState } from "react";
import { flushSync } from "react-dom";
import { printToPdf, useAbilities } from "../store.ts";

export interface Print {
  /** The sheet has to stand in the page now. */
  readonly isPrinting: boolean;
  /** Prints it, where the window can: `{ pdf }` in base64, or nothing. */
  readonly print: () => Promise<{ pdf?: string }>;
}

/** Prints a sheet that stands in the page only meanwhile. */
export function usePrint(): Print {
  const { printToPdf: canPrint } = useAbilities();
  const [isPrinting, setPrinting] = useState(false);
  const print = async (): Promise<{ pdf?: string }> => {
    if (!canPrint) return {};
    flushSync(() => setPrinting(true));
    try {
      return { pdf: await printToPdf() };
    } finally {
      setPrinting(false);
    }
  };
  return { isPrinting, print };
}
