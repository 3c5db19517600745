import type { Bridge, ShellAbilities } from "../../app/rpc/bridge.ts";
import type { MethodName, ParamsOf, ResultOf } from "../../app/rpc/methods.ts";
import { methods } from "../../app/rpc/methods.ts";
import type { Catalogue } from "../../app/wizard/catalogue.ts";
import type { Snapshot } from "../../app/wizard/snapshot.ts";

/** Answers of the fake daemon. What it throws rejects the call. */
export type Answers = { readonly [M in MethodName]?: (params: ParamsOf<M>) => ResultOf<M> | Promise<ResultOf<M>> };

export interface Call {
  readonly method: MethodName;
  readonly params: unknown;
}

export interface FakeBridge extends Bridge {
  /** Every call but the store's own `session/get` and `catalogue/get`, in order. */
  readonly calls: readonly Call[];
  /** Parameters of the calls of one method. */
  paramsOf(method: MethodName): unknown[];
  readonly snapshot: Snapshot;
  /** Changes the session as the daemon would by itself and tells the page. */
  change(parts: Partial<Snapshot>): void;
}

export const testCatalogue: Catalogue = {
  layouts: [
    { layout: "us", variant: null, latin: null, name: "English (US)", typeable: "abcdefghijklmnopqrstuvwxyz" },
    { layout: "us", variant: "dvorak", latin: null, name: "English (Dvorak)", typeable: "abcdefghijklmnopqrstuvwxyz" },
    { layout: "de", variant: null, latin: null, name: "German", typeable: "abcdefghijklmnopqrstuvwxyzß" },
    {
      layout: "de",
      variant: "nodeadkeys",
      latin: null,
      name: "German (no dead keys)",
      typeable: "abcdefghijklmnopqrstuvwxyzß",
    },
    { layout: "ara", variant: null, latin: "us", name: "Arabic", typeable: "abcdefghijklmnopqrstuvwxyz" },
  ],
  locales: ["en_US.UTF-8", "en_GB.UTF-8", "de_DE.UTF-8", "de_AT.UTF-8", "ar_EG.UTF-8"],
  timezones: ["UTC", "Europe/Berlin", "Europe/Vienna", "America/New_York", "Africa/Cairo"],
};

const own: readonly MethodName[] = ["session/get", "catalogue/get"];

interface FakeOptions {
  readonly answers?: Answers;
  readonly abilities?: Partial<ShellAbilities>;
  readonly catalogue?: Catalogue;
}

/**
 * A shell with a daemon that keeps answers and steps and nothing else. Parameters and results go through the
 * schemas of the real one, so that a screen can not call what the daemon would refuse.
 */
export function fakeBridge(
  first: Snapshot,
  { answers = {}, abilities = {}, catalogue = testCatalogue }: FakeOptions = {},
): FakeBridge {
  let snapshot = first;
  const calls: Call[] = [];
  const listeners = new Set<(snapshot: Snapshot) => void>();
  const change = (parts: Partial<Snapshot>): void => {
    snapshot = { ...snapshot, ...parts, revision: snapshot.revision + 1 };
    for (const listener of listeners) listener(snapshot);
  };
  const builtIn: Answers = {
    "session/get": () => snapshot,
    "catalogue/get": () => catalogue,
    "session/update": ({ choices = {}, step = snapshot.step }) => {
      change({ choices: { ...snapshot.choices, ...choices } as Snapshot["choices"], step });
      return null;
    },
  };
  return {
    calls,
    paramsOf: (method) => calls.filter((call) => call.method === method).map(({ params }) => params),
    get snapshot() {
      return snapshot;
    },
    change,
    async request<M extends MethodName>(method: M, params: ParamsOf<M>): Promise<ResultOf<M>> {
      const checked = methods[method].params.parse(params) as ParamsOf<M>;
      if (!own.includes(method)) calls.push({ method, params: checked });
      const answer = answers[method] ?? builtIn[method];
      if (!answer) throw new Error(`the test gives no answer for ${method}`);
      return methods[method].result.parse(await answer(checked)) as ResultOf<M>;
    },
    onSnapshot(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    abilities: async () => ({ printToPdf: true, screenReader: true, keyboard: true, ...abilities }),
    printToPdf: async () => "JVBERi0=",
  };
}
