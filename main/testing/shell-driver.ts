/** What the conformance tests can do to an open window; each shell has its own way to do it. */
export interface ShellDriver {
  /** Runs an expression in the page as if a user had clicked. @returns its value as JSON data, awaited */
  evaluate(expression: string): Promise<unknown>;
  /** Process ids of every process of the window. */
  pids(): Promise<number[]>;
  /** Process ids of the processes that run the page's code. */
  rendererPids(): Promise<number[]>;
  /** Number of windows and tabs. */
  windows(): Promise<number>;
  /** The page's process crashes, as by a mistake of its own. */
  crashRenderer(): Promise<void>;
  /** The whole window ends at once. */
  killWindow(): Promise<void>;
}

/** A shell of the conformance tests. */
export interface ShellUnderTest {
  readonly name: string;
  /** Why it can not be tried on this computer; null when it can. */
  readonly unavailable: string | null;
  /** Opens the window on the page of `testing/ui`. */
  open(socket: string, folder: string): Promise<{ driver: ShellDriver; close: () => Promise<void> }>;
}
