// @vitest-environment jsdom
import { createEvent, fireEvent, screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import type { SaveMedium } from "../../../app/wizard/snapshot.ts";
import { violations } from "../../testing/axe.ts";
import { renderStep, type RenderedStep, type StepOptions } from "../../testing/render-step.tsx";
import { snapshotWith } from "../../testing/snapshot.ts";
import { Step } from "./Step.tsx";

const groups = ["cbdefghi", "jklnrtuv", "vutrnlkj", "ihgfedbc", "ccbbddee", "ffgghhii", "jjkkllnn", "rrttuuvv"];
const stick: SaveMedium = { id: "/dev/sdb1", label: "KEYS", model: "Ultra", size: 8e9, fsType: "vfat" };
const nothing = snapshotWith().secrets;

async function show({ snapshot, answers, ...rest }: StepOptions = {}): Promise<RenderedStep> {
  return renderStep(Step, {
    snapshot: { step: "recovery-key", ...snapshot },
    answers: {
      "recovery/show": () => groups,
      "recovery/confirm": ({ group, text }) => text === groups[group],
      ...answers,
    },
    ...rest,
  });
}

/** The group that is asked for, counted from 0. */
const askedGroup = (): number => Number(/Group (\d) of 8/.exec(document.body.textContent)?.[1]) - 1;

describe("the recovery key step", () => {
  it("shows eight groups and a QR code, and refuses to copy", async () => {
    await show();
    const list = await screen.findByRole("list", { name: "Recovery key" });
    expect(
      within(list)
        .getAllByRole("listitem")
        .map(({ textContent }) => textContent.replace(/^\d/, "")),
    ).toEqual(groups);
    expect(screen.getByRole("img", { name: "The recovery key as a QR code" })).toBeDefined();
    const copy = createEvent.copy(list);
    fireEvent(list, copy);
    expect(copy.defaultPrevented).toBe(true);
    expect(await violations()).toEqual([]);
  });

  it("goes on only after a group was typed back, in any case and with spaces", async () => {
    const { bridge, user } = await show();
    await screen.findByRole("list", { name: "Recovery key" });
    await user.click(screen.getByRole("button", { name: "I have kept it" }));
    const group = askedGroup();
    const field = screen.getByRole("textbox", { name: `Group ${group + 1} of 8` });
    expect(document.activeElement).toBe(field);
    for (const each of groups) expect(document.documentElement.outerHTML).not.toContain(each);
    expect(await violations()).toEqual([]);
    await user.paste("nonsense");
    await user.click(screen.getByRole("button", { name: "Continue" }));
    expect(await screen.findByText(/^That is not group/)).toBeDefined();
    expect(bridge.snapshot.step).toBe("recovery-key");
    await user.clear(field);
    await user.paste(` ${groups[group]?.slice(0, 4).toUpperCase() ?? ""} ${groups[group]?.slice(4) ?? ""}`);
    await user.click(screen.getByRole("button", { name: "Continue" }));
    await waitFor(() => expect(bridge.snapshot.step).toBe("account"));
    expect(bridge.paramsOf("recovery/confirm")).toContainEqual({ group, text: groups[group] });
  });

  it("asks for another group after the key was shown again", async () => {
    const { user } = await show();
    await screen.findByRole("list", { name: "Recovery key" });
    await user.click(screen.getByRole("button", { name: "I have kept it" }));
    const first = askedGroup();
    await user.click(screen.getByRole("button", { name: "Show the key again" }));
    await screen.findByRole("list", { name: "Recovery key" });
    await user.click(screen.getByRole("button", { name: "I have kept it" }));
    expect(askedGroup()).not.toBe(first);
  });

  it("saves text and sheet to a stick that is plugged in meanwhile", async () => {
    const save = { "recovery/save": (): string[] => ["recovery-key.txt", "recovery-key.pdf"] };
    const { bridge, user } = await show({ answers: save });
    await screen.findByRole("list", { name: "Recovery key" });
    let printed = "";
    bridge.printToPdf = async () => {
      printed = document.body.textContent;
      return "JVBERi0=";
    };
    await user.click(screen.getByRole("button", { name: "Save to another USB stick" }));
    expect(await screen.findByText("No USB stick found")).toBeDefined();
    bridge.change({ media: [stick] });
    await user.click(await screen.findByRole("radio", { name: /KEYS/ }));
    await user.click(screen.getByRole("button", { name: "Save" }));
    expect(await screen.findByText(/recovery-key.pdf/)).toBeDefined();
    expect(bridge.paramsOf("recovery/save")).toEqual([{ medium: stick.id, pdf: "JVBERi0=" }]);
    expect(printed).toContain(groups.join("-"));
    expect(printed).toContain("Keep this sheet in a safe place");
    expect(document.body.textContent).not.toContain("Keep this sheet in a safe place");
  });

  it("saves the text alone where the window can not print", async () => {
    const { bridge, user } = await show({
      snapshot: { media: [stick] },
      abilities: { printToPdf: false },
      answers: { "recovery/save": () => ["recovery-key.txt"] },
    });
    await screen.findByRole("list", { name: "Recovery key" });
    await user.click(screen.getByRole("button", { name: "Save to another USB stick" }));
    await user.click(await screen.findByRole("button", { name: "Save" }));
    await waitFor(() => expect(bridge.paramsOf("recovery/save")).toEqual([{ medium: stick.id }]));
  });

  it("does not show a key again that was confirmed, unless asked", async () => {
    const secrets = { ...nothing, recoveryKey: "confirmed" as const };
    const { bridge, user } = await show({ snapshot: { secrets } });
    expect(screen.getByText(/You have the key/)).toBeDefined();
    expect(bridge.paramsOf("recovery/show")).toEqual([]);
    await user.click(screen.getByRole("button", { name: "Show the key again" }));
    await screen.findByRole("list", { name: "Recovery key" });
    await user.click(screen.getByRole("button", { name: "Continue" }));
    await waitFor(() => expect(bridge.snapshot.step).toBe("account"));
  });

  it("leaves nothing of the key behind", async () => {
    const { unmount } = await show();
    await screen.findByRole("list", { name: "Recovery key" });
    unmount();
    for (const each of groups) expect(document.documentElement.outerHTML).not.toContain(each);
    expect(JSON.stringify([localStorage, sessionStorage, location.href])).not.toContain(groups[0]);
  });

  it("says why there is no key", async () => {
    await show({
      answers: {
        "recovery/show": () => {
          throw Object.assign(new Error(), { code: -32603, message: "no entropy" });
        },
      },
    });
    expect(await screen.findByText(/The key could not be made: no entropy/)).toBeDefined();
    expect(screen.getByRole("button", { name: "I have kept it" }).getAttribute("aria-disabled")).toBe("true");
  });
});
