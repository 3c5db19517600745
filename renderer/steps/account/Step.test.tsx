// @vitest-environment jsdom
import { fireEvent, screen, waitFor } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { testFacts } from "../../../app/testing/facts.ts";
import { violations } from "../../testing/axe.ts";
import { renderStep, type RenderedStep, type StepOptions } from "../../testing/render-step.tsx";
import { snapshotWith } from "../../testing/snapshot.ts";
import { Step } from "./Step.tsx";

async function show({ snapshot, answers, ...rest }: StepOptions = {}): Promise<RenderedStep> {
  return renderStep(Step, {
    snapshot: { step: "account", facts: testFacts, ...snapshot },
    answers: { "secret/set": () => [], "secret/clear": () => null, ...answers },
    ...rest,
  });
}

const field = (name: string): HTMLInputElement => screen.getByLabelText(name, { selector: "input" });
const goOn = (): HTMLElement => screen.getByRole("button", { name: "Continue" });

async function fill(user: RenderedStep["user"], name: string, text: string): Promise<void> {
  await user.clear(field(name));
  await user.click(field(name));
  await user.paste(text);
}

describe("the account step", () => {
  it("suggests a user name, stores the password and goes on", async () => {
    const { bridge, user } = await show();
    await fill(user, "Full name", "José Ñandú");
    expect(field("User name").value).toBe("jose");
    await fill(user, "Password", "correct horse");
    await fill(user, "Password once more", "correct horse");
    await user.click(goOn());
    await waitFor(() => expect(bridge.snapshot.step).toBe("review"));
    expect(bridge.snapshot.choices).toMatchObject({ fullName: "José Ñandú", userName: "jose" });
    expect(bridge.paramsOf("secret/set")).toEqual([{ name: "password", value: "correct horse" }]);
    expect(bridge.snapshot.choices.hostname).toBe("silver-{serial}");
  });

  it("says in words what the daemon objects to", async () => {
    const { bridge, user } = await show({ answers: { "secret/set": () => ["control"] } });
    await fill(user, "Full name", "Ada Lovelace");
    await fill(user, "Password", "correct horse");
    await fill(user, "Password once more", "correct horse");
    await user.click(goOn());
    expect(await screen.findByText(/has a line break or another character that cannot be typed/)).toBeDefined();
    expect(bridge.snapshot.step).toBe("account");
  });

  it("keeps a user name that was chosen, and says what is wrong with it", async () => {
    const { user } = await show({ snapshot: { choices: { fullName: "Ada", userName: "countess" } } });
    await fill(user, "Full name", "Ada Lovelace");
    expect(field("User name").value).toBe("countess");
    await fill(user, "User name", "root");
    expect(screen.getByText("The system uses this name itself. Choose another one.")).toBeDefined();
    await fill(user, "User name", "Zoë");
    await user.click(screen.getByRole("button", { name: "Use zoe" }));
    expect(field("User name").value).toBe("zoe");
  });

  it("shows every mistake on going on and leads to the first", async () => {
    const { bridge, user } = await show();
    await user.click(goOn());
    expect(await screen.findByText("Choose a user name.")).toBeDefined();
    expect(screen.getByText(/^Choose a password, or/)).toBeDefined();
    expect(document.activeElement).toBe(field("User name"));
    expect(bridge.snapshot.step).toBe("account");
    expect(await violations()).toEqual([]);
  });

  it("forgets the password that is to be chosen at the first login", async () => {
    const secrets = { ...snapshotWith().secrets, password: true };
    const { bridge, user } = await show({ snapshot: { secrets, choices: { userName: "ada" } } });
    expect(screen.getByText("A password is set")).toBeDefined();
    await user.click(screen.getByRole("radio", { name: "Choose it at the first login" }));
    await user.click(goOn());
    await waitFor(() => expect(bridge.snapshot.step).toBe("review"));
    expect(bridge.snapshot.choices.passwordLater).toBe(true);
    expect(bridge.paramsOf("secret/clear")).toEqual([{ name: "password" }]);
  });

  it("shows the host name of this machine and corrects a bad one", async () => {
    const { bridge, user } = await show({ snapshot: { choices: { userName: "ada" } } });
    expect(field("Name of this computer").value).toBe("silver-machine-7");
    await fill(user, "Name of this computer", "Ada's Laptop");
    await user.click(screen.getByRole("button", { name: "Use adas-laptop" }));
    await waitFor(() => expect(bridge.snapshot.choices.hostname).toBe("adas-laptop"));
  });

  it("tells the daemon what was typed when the step is left", async () => {
    const { bridge, user, unmount } = await show();
    await fill(user, "Full name", "Ada");
    unmount();
    await waitFor(() => expect(bridge.snapshot.choices.fullName).toBe("Ada"));
  });

  const german = { layout: "de", variant: null };

  it("takes the time zone that language and keyboard suggest", async () => {
    const { bridge } = await show({ snapshot: { choices: { keyboard: german } } });
    await waitFor(() => expect(bridge.snapshot.choices.timezone).toBe("Europe/Berlin"));
  });

  it("leaves the time zone alone after the first visit", async () => {
    const { bridge } = await show({ snapshot: { choices: { keyboard: german, userName: "ada" } } });
    expect(await screen.findByText("Guessed from language and keyboard")).toBeDefined();
    expect(bridge.paramsOf("session/update")).toEqual([]);
    expect(bridge.snapshot.choices.timezone).toBe("UTC");
  });

  it("chooses the time zone from the list or the map", async () => {
    const { bridge, user } = await show({ snapshot: { choices: { userName: "ada" } } });
    await user.click(screen.getByRole("option", { name: /Vienna/ }));
    await waitFor(() => expect(bridge.snapshot.choices.timezone).toBe("Europe/Vienna"));
    const map = document.querySelector("svg[viewBox='0 0 144 56']")!;
    map.getBoundingClientRect = () => new DOMRect(0, 0, 144, 56);
    // Cairo: 31 degrees east, 30 north, in cells of 2.5 degrees from 180 west and 82.5 north.
    fireEvent.click(map, { clientX: 84.4, clientY: 21 });
    await waitFor(() => expect(bridge.snapshot.choices.timezone).toBe("Africa/Cairo"));
    expect(await screen.findByText(/Cairo, Egypt: it is .* there now/)).toBeDefined();
    expect(await violations()).toEqual([]);
  });
});
