// @vitest-environment jsdom
import { screen, waitFor } from "@testing-library/react";
import type { JSX } from "react";
import { expect, test, vi } from "vitest";
import { rpcErrorCode } from "../../app/rpc/methods.ts";
import { violations } from "../testing/axe.ts";
import { renderStep } from "../testing/render-step.tsx";
import { Dialog, StepFrame, TextField, type StepFrameProps } from "./index.ts";

const at = { snapshot: { step: "keyboard" } } as const;
const field = <TextField label="Name" value="" onChange={() => undefined} />;
const frame = ({ children = field, ...props }: Partial<StepFrameProps> = {}) =>
  function Frame() {
    return (
      <StepFrame title="Title" next={{}} {...props}>
        {children}
      </StepFrame>
    );
  };
const steps = (bridge: { paramsOf: (method: "session/update") => unknown[] }) => bridge.paramsOf("session/update");

test("gives the heading the focus, goes on and back by buttons and by Enter", async () => {
  const { user, bridge } = await renderStep(frame(), at);
  expect(document.activeElement).toBe(screen.getByRole("heading", { name: "Title" }));
  await user.click(screen.getByRole("button", { name: "Continue" }));
  await user.click(screen.getByRole("button", { name: "Back" }));
  expect(steps(bridge)).toEqual([{ step: "check" }, { step: "keyboard" }]);
  await user.type(screen.getByRole("textbox"), "{Enter}");
  expect(steps(bridge).at(-1)).toEqual({ step: "check" });
  expect(await violations()).toEqual([]);
});

test("Enter on the heading goes on", async () => {
  const { user, bridge } = await renderStep(frame(), at);
  await user.keyboard("{Enter}");
  expect(steps(bridge)).toEqual([{ step: "check" }]);
});

test("there is no way back from the first step, and none where a step forbids it", async () => {
  const first = await renderStep(frame(), { snapshot: { step: "welcome" } });
  expect(screen.queryByRole("button", { name: "Back" })).toBeNull();
  first.unmount();
  await renderStep(frame({ back: false }), at);
  expect(screen.queryByRole("button", { name: "Back" })).toBeNull();
});

test("what is not ready yet can be reached, says why and stays", async () => {
  const onPress = vi.fn();
  const { user, bridge } = await renderStep(frame({ next: { disabledReason: "Choose a disk.", onPress } }), at);
  const next = screen.getByRole("button", { name: "Continue", description: "Choose a disk." });
  expect(next.getAttribute("aria-disabled")).toBe("true");
  next.focus();
  expect(document.activeElement).toBe(next);
  await user.click(next);
  expect(screen.getByRole("alert").textContent).toBe("Choose a disk.");
  expect(onPress).not.toHaveBeenCalled();
  expect(steps(bridge)).toEqual([]);
  expect(await violations()).toEqual([]);
});

test.each([
  ["false", () => false],
  ["a promise of false", async () => false],
])("%s from the step's own check stays", async (_what, onPress) => {
  const { user, bridge } = await renderStep(frame({ next: { onPress } }), at);
  await user.click(screen.getByRole("button", { name: "Continue" }));
  expect(steps(bridge)).toEqual([]);
});

test("there is no empty bar where a step has no way back or on", async () => {
  const withBar = await renderStep(frame({ next: {} }), at);
  const parts = (): number | undefined => document.querySelector("form")?.children.length;
  expect(parts()).toBe(2);
  withBar.unmount();
  const nowhere = (): JSX.Element => (
    <StepFrame title="Title" back={false}>
      {field}
    </StepFrame>
  );
  await renderStep(nowhere, at);
  expect(parts()).toBe(1);
});

test("a refusal is shown and the button works again", async () => {
  const onPress = vi.fn().mockRejectedValueOnce({ code: rpcErrorCode.notNow, message: "not in this phase" });
  const { user, bridge } = await renderStep(frame({ next: { onPress } }), at);
  await user.click(screen.getByRole("button", { name: "Continue" }));
  expect(screen.getByText("not in this phase")).toBeTruthy();
  await user.click(screen.getByRole("button", { name: "Continue" }));
  expect(screen.queryByText("not in this phase")).toBeNull();
  expect(steps(bridge)).toEqual([{ step: "check" }]);
});

test("a second press while the first one works does nothing", async () => {
  let finish = (): void => undefined;
  const onPress = vi.fn(() => new Promise<void>((resolve) => (finish = resolve)));
  const { user, bridge } = await renderStep(frame({ next: { onPress } }), at);
  await user.click(screen.getByRole("button", { name: "Continue" }));
  await user.keyboard("{Enter}");
  expect(onPress).toHaveBeenCalledTimes(1);
  finish();
  await waitFor(() => expect(steps(bridge)).toEqual([{ step: "check" }]));
});

test("what erases is not pressed by Enter, and looks like it", async () => {
  const onPress = vi.fn(() => false);
  const { user } = await renderStep(frame({ next: { label: "Erase", tone: "danger", onPress } }), at);
  await user.keyboard("{Enter}");
  await user.type(screen.getByRole("textbox"), "{Enter}");
  expect(onPress).not.toHaveBeenCalled();
  await user.click(screen.getByRole("button", { name: "Erase" }));
  expect(onPress).toHaveBeenCalledTimes(1);
});

test("a form in a dialog of the step does not submit the step", async () => {
  const inner = vi.fn((event: { preventDefault: () => void }) => event.preventDefault());
  const children = (
    <Dialog title="Wi-Fi" isOpen onClose={() => undefined}>
      <form onSubmit={inner}>
        <TextField label="Password" value="" onChange={() => undefined} />
      </form>
    </Dialog>
  );
  const { user, bridge } = await renderStep(frame({ children }), at);
  await user.type(screen.getByRole("textbox", { name: "Password" }), "{Enter}");
  expect(inner).toHaveBeenCalledTimes(1);
  expect(steps(bridge)).toEqual([]);
});

test("skipping goes on without the step's own check", async () => {
  const onPress = vi.fn();
  const { user, bridge } = await renderStep(frame({ skip: {}, next: { onPress } }), at);
  await user.click(screen.getByRole("button", { name: "Skip this step" }));
  expect(steps(bridge)).toEqual([{ step: "check" }]);
  expect(onPress).not.toHaveBeenCalled();
});
