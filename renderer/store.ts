import { create } from "zustand";
import { useShallow } from "zustand/react/shallow";
import type { Bridge, ShellAbilities } from "../app/rpc/bridge.ts";
import type { MethodName, ParamsOf, ResultOf } from "../app/rpc/methods.ts";
import type { Catalogue } from "../app/wizard/catalogue.ts";
import type { Choices } from "../app/wizard/choices.ts";
import type { Snapshot } from "../app/wizard/snapshot.ts";
import { bridge } from "./bridge.ts";
import { asCallError, CallError, UNREACHABLE } from "./call-error.ts";

export { CallError } from "./call-error.ts";

interface Store {
  /** `lost`: the daemon does not answer; the last snapshot stays on the screen. */
  readonly connection: "connecting" | "ready" | "lost";
  readonly snapshot: Snapshot | null;
  readonly abilities: ShellAbilities;
  readonly catalogue: Catalogue | null;
}

const noAbilities: ShellAbilities = { printToPdf: false, screenReader: false, keyboard: false };
const nothingYet: Store = { connection: "connecting", snapshot: null, abilities: noAbilities, catalogue: null };

/** What the page knows. Only this file writes to it, and only what the daemon or the shell has said. */
export const useStore = create<Store>(() => nothingYet);

/**
 * Milliseconds between signs of life; the daemon's own messages count as one. Each takes the processor of daemon, shell,
 * browser and page, and whoever presses something finds out at once anyway.
 */
const HEARTBEAT = 30_000;
/** Milliseconds between attempts while the connection is lost. */
const RETRY = 1_000;
/** Milliseconds after which an unanswered sign of life means that the connection is lost. */
const PATIENCE = 5_000;

let lastHeard = 0;

/** @param since revision that was known when this snapshot was asked for: a lower one is a restarted daemon's */
function heard(snapshot: Snapshot, since = 0): void {
  lastHeard = Date.now();
  const { snapshot: known, connection } = useStore.getState();
  const restarted = connection !== "ready" || snapshot.revision < since;
  if (restarted || known === null || snapshot.revision > known.revision) {
    useStore.setState({ snapshot, connection: "ready" });
  }
}

/**
 * Calls the daemon.
 * @throws {CallError} when the daemon refuses or is not there
 */
export async function call<M extends MethodName>(method: M, params: ParamsOf<M>): Promise<ResultOf<M>> {
  try {
    return await bridge().request(method, params);
  } catch (thrown) {
    const error = asCallError(thrown);
    if (error.unreachable) useStore.setState({ connection: "lost" });
    throw error;
  }
}

/**
 * Changes answers.
 * @throws {CallError}
 */
export async function update(choices: Partial<Choices>): Promise<void> {
  await call("session/update", { choices });
}

/**
 * The page as a PDF, printed by the shell with the page's print styles.
 * @returns base64
 * @throws {CallError}
 */
export async function printToPdf(): Promise<string> {
  try {
    return await bridge().printToPdf();
  } catch (thrown) {
    throw asCallError(thrown);
  }
}

async function withPatience<T>(answer: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const silence = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new CallError(UNREACHABLE, "no answer", null)), PATIENCE);
  });
  try {
    return await Promise.race([answer, silence]);
  } finally {
    clearTimeout(timer);
  }
}

async function fetchSnapshot(shell: Bridge): Promise<void> {
  const since = useStore.getState().snapshot?.revision;
  try {
    heard(await withPatience(shell.request("session/get", {})), since);
  } catch (thrown) {
    if (asCallError(thrown).unreachable) useStore.setState({ connection: "lost" });
  }
}

async function fetchOnce(shell: Bridge): Promise<void> {
  const [abilities, catalogue] = await Promise.all([shell.abilities(), shell.request("catalogue/get", {})]);
  useStore.setState({ abilities, catalogue });
}

/**
 * Connects the store to the daemon and keeps it connected.
 * @returns a function that ends the connection
 */
export function connect(shell: Bridge = bridge()): () => void {
  useStore.setState(nothingYet);
  lastHeard = 0;
  let complete = false;
  let asking = false;
  let ended = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const isContent = (): boolean => complete && useStore.getState().connection === "ready";
  const beat = async (): Promise<void> => {
    if (asking) return;
    asking = true;
    if (!isContent() || Date.now() - lastHeard >= HEARTBEAT) await fetchSnapshot(shell);
    if (!complete && useStore.getState().connection === "ready") {
      complete = await fetchOnce(shell).then(
        () => true,
        () => false,
      );
    }
    asking = false;
    schedule();
  };
  const schedule = (): void => {
    clearTimeout(timer);
    const pause = isContent() ? Math.max(RETRY, lastHeard + HEARTBEAT - Date.now()) : RETRY;
    if (!ended) timer = setTimeout(() => void beat(), pause);
  };
  const unsubscribe = shell.onSnapshot((snapshot) => heard(snapshot));
  const unwatch = useStore.subscribe(({ connection }) => {
    if (connection === "lost" && !asking) schedule();
  });
  void beat();
  return () => {
    ended = true;
    clearTimeout(timer);
    unsubscribe();
    unwatch();
  };
}

/**
 * A part of the daemon's snapshot; the component renders again when that part changes.
 * @throws {Error} before the first snapshot has come: the frame shows no step until then
 */
export function useSnapshot<T>(selector: (snapshot: Snapshot) => T): T {
  return useStore(
    useShallow(({ snapshot }) => {
      if (!snapshot) throw new Error("no snapshot yet");
      return selector(snapshot);
    }),
  );
}

const noCatalogue: Catalogue = { layouts: [], locales: [], timezones: [] };

/** Layouts, locales and time zones of this image; empty lists until they have come. */
export function useCatalogue(): Catalogue {
  return useStore(({ catalogue }) => catalogue ?? noCatalogue);
}

/** What the window can do. */
export function useAbilities(): ShellAbilities {
  return useStore(({ abilities }) => abilities);
}
