import { act, cleanup, render, type RenderResult } from "@testing-library/react";
import { userEvent, type UserEvent } from "@testing-library/user-event";
import type { ComponentType } from "react";
import { onTestFinished } from "vitest";
import type { ShellAbilities } from "../../app/rpc/bridge.ts";
import type { Catalogue } from "../../app/wizard/catalogue.ts";
import { Providers } from "../App.tsx";
import { startI18n } from "../i18n/index.ts";
import type { TextLanguage } from "../i18n/load.ts";
import { connect, useStore } from "../store.ts";
import { applyAppearance } from "../theme/theme.ts";
import { fakeBridge, type Answers, type FakeBridge } from "./fake-bridge.ts";
import { snapshotWith, type SnapshotParts } from "./snapshot.ts";

export interface StepOptions {
  readonly snapshot?: SnapshotParts;
  /** Of the fake daemon; `session/update` is answered already. */
  readonly answers?: Answers;
  readonly abilities?: Partial<ShellAbilities>;
  readonly catalogue?: Catalogue;
  /** By default that of the snapshot. */
  readonly language?: TextLanguage;
}

export interface RenderedStep extends RenderResult {
  readonly bridge: FakeBridge;
  readonly user: UserEvent;
}

/** What jsdom lacks: none of it has an effect on what the tests look at. */
function fillGaps(): void {
  const escape = (text: string): string => text.replace(/[^\w-]/g, (character) => `\\${character}`);
  const gaps: readonly (readonly [object, string, unknown])[] = [
    [window, "matchMedia", (media: string) => Object.assign(new EventTarget(), { matches: false, media })],
    [Element.prototype, "scrollIntoView", () => undefined],
    [globalThis, "requestIdleCallback", (run: () => void) => setTimeout(run)],
    [globalThis, "cancelIdleCallback", (id: NodeJS.Timeout) => clearTimeout(id)],
    [globalThis, "CSS", { escape }],
    // vitest's global object is not the window that jsdom's documents belong to.
    [document.defaultView ?? window, "CSS", { escape }],
  ];
  for (const [owner, name, value] of gaps) {
    if (Reflect.get(owner, name) === undefined) Object.defineProperty(owner, name, { value, configurable: true });
  }
}

/** Renders a screen with a fake daemon behind it, real texts, and everything else that the page gives a step. */
export async function renderStep(Screen: ComponentType, options: StepOptions = {}): Promise<RenderedStep> {
  fillGaps();
  const first = snapshotWith(options.snapshot);
  const language = options.language ?? first.choices.language;
  const bridge = fakeBridge(first, options);
  Object.defineProperty(window, "silver", { value: bridge, configurable: true });
  await startI18n(language);
  const disconnect = connect(bridge);
  onTestFinished(() => {
    cleanup();
    disconnect();
  });
  await act(async () => {
    while (useStore.getState().catalogue === null) await new Promise((resolve) => setTimeout(resolve));
  });
  applyAppearance(first.choices.appearance, { dark: false, contrast: false, reducedMotion: false });
  const result = render(
    <Providers language={language}>
      <Screen />
    </Providers>,
  );
  return { ...result, bridge, user: userEvent.setup() };
}
