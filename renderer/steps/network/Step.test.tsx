// @vitest-environment jsdom
import { screen, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import type { ResultOf } from "../../../app/rpc/methods.ts";
import { type NetworkState, noNetwork, type WifiNetwork } from "../../../app/wizard/network.ts";
import { violations } from "../../testing/axe.ts";
import { renderStep, type RenderedStep, type StepOptions } from "../../testing/render-step.tsx";
import { Step } from "./Step.tsx";

const wifi = (facts: Partial<WifiNetwork> = {}): WifiNetwork => ({
  ssid: "Home",
  strength: 80,
  security: "wpa",
  active: false,
  ...facts,
});
const inReach = (networks: WifiNetwork[], more: Partial<NetworkState> = {}): NetworkState => ({
  ...noNetwork,
  available: true,
  wifi: { present: true, blocked: false, networks },
  ...more,
});

async function show(network: NetworkState, answers: StepOptions["answers"] = {}): Promise<RenderedStep> {
  return renderStep(Step, {
    snapshot: { step: "network", network },
    answers: { "network/scan": () => null, ...answers },
  });
}

const button = (name: RegExp | string): HTMLElement => screen.getByRole("button", { name });
/** The isolates around a foreign name in a label. */
const isolated = (name: string): string => `\u2068${name}\u2069`;

describe("without a connection", () => {
  it("promises that nothing is downloaded and goes on with one press", async () => {
    const { user, bridge } = await show(noNetwork);
    expect(screen.getByText("Nothing is downloaded")).toBeDefined();
    expect(screen.getByText("The network cannot be used here")).toBeDefined();
    expect(await violations()).toEqual([]);
    await user.click(button("Continue without a network"));
    expect(bridge.calls).toEqual([{ method: "session/update", params: { step: "disk" } }]);
  });

  it("says when there is no adapter", async () => {
    await show({ ...noNetwork, available: true });
    expect(screen.getByText("No network adapter found")).toBeDefined();
  });

  it("says when Wi-Fi is switched off, and does not search", async () => {
    const { bridge } = await show(inReach([], { wifi: { present: true, blocked: true, networks: [] } }));
    expect(screen.getByText("Wi-Fi is switched off")).toBeDefined();
    expect(bridge.paramsOf("network/scan")).toEqual([]);
  });

  it("shows what the cables are at", async () => {
    const wired = [
      { device: "eno1", carrier: true, connected: true },
      { device: "eno2", carrier: true, connected: false },
      { device: "eno3", carrier: false, connected: false },
    ];
    await show({ ...noNetwork, available: true, wired });
    const rows = within(screen.getByRole("region", { name: "Cable" })).getAllByRole("listitem");
    expect(rows.map((row) => row.textContent)).toEqual([
      "eno1Connected",
      "eno2Connecting …",
      "eno3No cable is plugged in",
    ]);
    expect(screen.getByText(/This computer has no Wi-Fi/)).toBeDefined();
    expect(button("Continue")).toBeDefined();
  });

  it.each([
    ["portal", "This network wants you to log in on a web page"],
    ["limited", "Connected, without internet"],
    ["full", "Connected to the internet."],
  ] as const)("explains connectivity %s", async (connectivity, title) => {
    await show(inReach([wifi({ active: true })], { connectivity }));
    expect(screen.getByText(title)).toBeDefined();
  });
});

describe("the networks in the air", () => {
  it("are searched for once by themselves, and again when asked to", async () => {
    const { user, bridge } = await show(inReach([]));
    expect(await screen.findByText("No network in range.")).toBeDefined();
    expect(bridge.paramsOf("network/scan")).toHaveLength(1);
    await user.click(await screen.findByRole("button", { name: "Search again" }));
    expect(bridge.paramsOf("network/scan")).toHaveLength(2);
  });

  it("tell signal, protection and what can not be joined", async () => {
    await show(
      inReach([wifi({ ssid: "Work", security: "enterprise", strength: 30 }), wifi({ ssid: "Cafe", security: "open" })]),
    );
    const rows = within(screen.getByRole("list", { name: "Wi-Fi networks" })).getAllByRole("listitem");
    expect(rows[0]?.textContent).toContain("Strong signal, open, not encrypted");
    expect(rows[1]?.textContent).toContain("Weak signal, with user name (802.1X)");
    expect(within(rows[1]!).queryByRole("button")).toBeNull();
    expect(await violations()).toEqual([]);
  });

  it("with hostile names are shown as text", async () => {
    const hostile = "<img src=x>\u202e{name} $t(next)\u0000";
    const { container } = await show(inReach([wifi({ ssid: hostile })]));
    expect(container.querySelector("img")).toBeNull();
    expect(container.querySelector("li bdi")?.textContent).toBe("<img src=x>\ufffd{name} $t(next)␀");
    expect(button(`Connect to ${isolated("<img src=x>\ufffd{name} $t(next)␀")}`)).toBeDefined();
  });

  it("can be left", async () => {
    const { user, bridge } = await show(inReach([wifi({ active: true })]), { "network/disconnect": () => null });
    await user.click(button(`Disconnect from ${isolated("Home")}`));
    expect(bridge.paramsOf("network/disconnect")).toEqual([{}]);
  });
});

const joining = async (
  result: ResultOf<"network/connect">,
  networks = [wifi()],
): Promise<RenderedStep & { password: () => HTMLElement; submit: () => Promise<void> }> => {
  const rendered = await show(inReach(networks), { "network/connect": () => result });
  await rendered.user.click(button(`Connect to ${isolated(networks[0]!.ssid)}`));
  return {
    ...rendered,
    password: () => screen.getByLabelText("Password"),
    submit: () => rendered.user.click(button("Connect")),
  };
};

describe("joining", () => {
  it("asks for the password and hands it over once", async () => {
    const { user, bridge, password, submit } = await joining("connected");
    expect(await violations()).toEqual([]);
    await user.type(password(), "correct horse");
    await submit();
    expect(bridge.paramsOf("network/connect")).toEqual([{ ssid: "Home", hidden: false, password: "correct horse" }]);
    expect(screen.queryByRole("dialog")).toBeNull();
    expect(document.body.innerHTML).not.toContain("correct horse");
  });

  it("does not ask the access point about a password that can not be one", async () => {
    const { user, bridge, password, submit } = await joining("connected");
    await submit();
    expect(screen.getByText("Enter the password.")).toBeDefined();
    await user.type(password(), "short");
    expect(screen.getByText(/8 characters at least/)).toBeDefined();
    expect(bridge.paramsOf("network/connect")).toEqual([]);
  });

  it("tells a wrong password at the field and lets it be corrected", async () => {
    const { user, password, submit } = await joining("wrong-password");
    await user.type(password(), "wrong horse");
    await submit();
    expect(screen.getByText(/The password is wrong/)).toBeDefined();
    expect(password().getAttribute("aria-invalid")).toBe("true");
    await user.type(password(), "!");
    expect(screen.queryByText(/The password is wrong/)).toBeNull();
  });

  it.each([
    ["not-found", /no longer in range/],
    ["failed", /could not be made/],
  ] as const)("tells %s", async (result, text) => {
    const { user, password, submit } = await joining(result);
    await user.type(password(), "correct horse");
    await submit();
    expect(screen.getByText(text)).toBeDefined();
  });

  it("warns of an open network and needs no password", async () => {
    const { bridge, submit } = await joining("connected", [wifi({ security: "open" })]);
    expect(screen.getByText(/Everybody nearby can read/)).toBeDefined();
    await submit();
    expect(bridge.paramsOf("network/connect")).toEqual([{ ssid: "Home", hidden: false, password: null }]);
  });

  it("finds a network that hides its name", async () => {
    const { user, bridge } = await show(inReach([]), { "network/connect": () => "connected" });
    await user.click(button("Another network …"));
    expect(await violations()).toEqual([]);
    await user.click(button("Connect"));
    expect(screen.getByText("Enter the name of the network.")).toBeDefined();
    await user.type(screen.getByLabelText(/^Name of the network/), "Cellar");
    await user.type(screen.getByLabelText("Password"), "correct horse");
    await user.click(button("Connect"));
    expect(bridge.paramsOf("network/connect")).toEqual([{ ssid: "Cellar", hidden: true, password: "correct horse" }]);
  });
});
