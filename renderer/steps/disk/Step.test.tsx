// @vitest-environment jsdom
import { act, screen, within } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import type { Disk, Facts } from "../../../app/facts.ts";
import { testDisk } from "../../../app/testing/disk.ts";
import { testFacts } from "../../../app/testing/facts.ts";
import { testPartition } from "../../../app/testing/partition.ts";
import { chooseDisk } from "../../../app/wizard/disk.ts";
import { violations } from "../../testing/axe.ts";
import { renderStep, type RenderedStep, type StepOptions } from "../../testing/render-step.tsx";
import { Step } from "./Step.tsx";

const GB = 1e9;
const layout = { esp: GB, slot: 4 * GB, minimum: 16 * GB };
const blank = testDisk();
const windows = testDisk({
  path: "/dev/sda",
  model: "WDC WD5000",
  serial: "WD-77",
  transport: "sata",
  rotational: true,
  size: 500 * GB,
  byId: ["ata-WDC_WD-77"],
  byPath: ["pci-0000:00:17.0-ata-2"],
  systems: [{ kind: "windows", name: "Windows (BitLocker)" }],
  partitions: [
    testPartition({ path: "/dev/sda1", size: 200 * GB, fsType: "BitLocker", encryption: "bitlocker" }),
    testPartition({
      path: "/dev/sda2",
      start: 200 * GB,
      size: 300 * GB,
      fsType: "ntfs",
      fsLabel: "Photos",
      used: 120 * GB,
    }),
  ],
});
const withDisks = (disks: Disk[]): Facts => ({ ...testFacts, disks });

async function show(disks: Disk[], options: StepOptions = {}): Promise<RenderedStep> {
  return renderStep(Step, {
    ...options,
    snapshot: { step: "disk", facts: withDisks(disks), layout, ...options.snapshot },
  });
}

const card = (name: string | RegExp): HTMLElement => screen.getByRole("radio", { name });
const cardOf = (name: string | RegExp): HTMLElement => card(name).closest("label")!;
const goOn = (): HTMLElement => screen.getByRole("button", { name: "Continue" });

describe("the cards", () => {
  it("tell model, size, serial, port and what is on the disk", async () => {
    await show([blank, windows]);
    const text = cardOf("WDC WD5000").textContent;
    for (const part of [
      "500 GB, hard disk (SATA)",
      "WD-77",
      "SATA port \u20682\u2069",
      "/dev/sda",
      "Windows",
      "BitLocker",
    ]) {
      expect(text).toContain(part);
    }
    expect(text).toContain("2 partitions, at least 120 GB in use");
    expect(cardOf("Samsung SSD 980").textContent).toContain("Empty");
    expect(await violations()).toEqual([]);
  });

  it("draw the disk to scale and say the same in words", async () => {
    await show([windows]);
    const drawing = screen.getByRole("img", { name: /^Now: Encrypted, 200 GB.*Photos.*300 GB, 120 GB in use$/ });
    const widths = [...drawing.querySelectorAll<HTMLElement>("[style*=flex-grow]")].map(({ style }) =>
      Number(style.flexGrow),
    );
    expect(widths).toEqual([200 * GB, 300 * GB]);
    expect(drawing.querySelector<HTMLElement>("[style*=inline-size]")?.style.inlineSize).toBe("40%");
  });

  it("choose nothing by themselves, not even the only disk, and say why", async () => {
    const { user, bridge } = await show([blank]);
    expect(card("Samsung SSD 980")).toHaveProperty("checked", false);
    expect(screen.getByText(/Choosing it is your consent/)).toBeDefined();
    await user.click(goOn());
    expect(bridge.calls).toEqual([]);
    expect(screen.getAllByText("Choose a disk to go on.").length).toBeGreaterThan(1);
  });

  it("tell what will be lost as soon as one is chosen", async () => {
    const { user, bridge } = await show([blank, windows]);
    await user.click(card("WDC WD5000"));
    expect(bridge.paramsOf("session/update")).toEqual([{ choices: { disk: chooseDisk(windows) } }]);
    const chosen = cardOf("WDC WD5000");
    expect(within(chosen).getByText("This will be lost")).toBeDefined();
    expect(chosen.textContent).toContain("Found system: Windows");
    expect(chosen.textContent).toContain("What is encrypted (BitLocker)");
    expect(within(chosen).getByRole("img", { name: /^After the installation: .*491 GB$/ })).toBeDefined();
    expect(document.querySelector("[aria-live=polite]")?.textContent).toContain(
      "This will be lost Found system: Windows",
    );
    expect(cardOf("Samsung SSD 980").textContent).not.toContain("lost");
    expect(await violations()).toEqual([]);
    await user.click(goOn());
    expect(bridge.paramsOf("session/update").at(-1)).toEqual({ step: "encryption" });
  });

  it("tell that an empty disk loses nothing", async () => {
    await show([blank], { snapshot: { choices: { disk: chooseDisk(blank) } } });
    expect(screen.getByText("Nothing: the disk is empty.")).toBeDefined();
  });

  it.each([
    ["live-medium", /The installer runs from it/],
    ["answer-medium", /carries the answers/],
    ["too-small", /16 GB are needed/],
    ["read-only", /Write-protected\. Look for a switch/],
    ["mounted", /In use\. Something on it is mounted/],
    ["no-medium", /Nothing inserted/],
  ] as const)("of a disk with problem %s can not be chosen and say why", async (problem, text) => {
    const stick = testDisk({ path: "/dev/sdb", model: "Stick", transport: "usb", problems: [problem], size: 8 * GB });
    const { user, bridge } = await show([stick, blank]);
    expect(card("Stick")).toHaveProperty("disabled", true);
    expect(cardOf("Stick").textContent).toMatch(text);
    expect(screen.getAllByRole("radio").map((radio) => radio.closest("label")?.textContent.slice(0, 5))).toEqual([
      "Samsu",
      "Stick",
    ]);
    await user.click(cardOf("Stick"));
    expect(bridge.calls).toEqual([]);
  });

  it("leave a way on where there is no disk at all", async () => {
    const { user, bridge } = await show([], { answers: { "machine/probe": () => null } });
    expect(screen.getByText("There is no disk to install to")).toBeDefined();
    await user.click(screen.getByRole("button", { name: "Look again" }));
    expect(bridge.calls).toEqual([{ method: "machine/probe", params: {} }]);
    expect(await violations()).toEqual([]);
  });

  it("wait for the first look", async () => {
    await renderStep(Step, { snapshot: { step: "disk" } });
    expect(screen.getByText("Looking for disks …")).toBeDefined();
  });

  it("tell when the daemon refuses", async () => {
    const refuse = (): never => {
      throw Object.assign(new Error(), { code: -32001, message: "not now" });
    };
    const { user } = await show([blank], { answers: { "session/update": refuse } });
    await user.click(card("Samsung SSD 980"));
    expect(screen.getByText("not now").closest("[role=alert]")).not.toBeNull();
  });
});

describe("twins", () => {
  const twin = (at: number, serial: string | null): Disk =>
    testDisk({
      path: `/dev/nvme${at}n1`,
      model: "NVMe 1TB",
      serial,
      byId: serial === null ? [] : [`nvme-${serial}`],
      byPath: [`pci-0000:0${at}:00.0-nvme-1`],
    });

  it("are told apart by serial and port", async () => {
    await show([twin(1, "AAA1"), twin(2, "AAA2"), windows]);
    const cards = screen.getAllByRole("radio").map((radio) => radio.closest("label")!.textContent);
    expect(cards[0]).toContain("Looks like another disk");
    expect(cards[0]).toContain("AAA1");
    expect(cards[0]).toContain("slot \u206801:00.0\u2069");
    expect(cards[1]).toContain("slot \u206802:00.0\u2069");
    expect(cards[1]).toContain("by the serial number");
    expect(cards[2]).not.toContain("Looks like another disk");
  });

  it("without serials are told apart by the port, and chosen by it", async () => {
    const { user, bridge } = await show([twin(1, null), twin(2, null)]);
    const [, second] = screen.getAllByRole("radio");
    expect(second!.closest("label")!.textContent).toContain("They have no serial numbers");
    await user.click(second!);
    expect(bridge.paramsOf("session/update")).toMatchObject([
      { choices: { disk: { path: "/dev/nvme2n1", byPath: "pci-0000:02:00.0-nvme-1" } } },
    ]);
  });

  it.each([
    [true, "Look for the light that flickers now"],
    [false, "This disk cannot show itself."],
  ])("show themselves: %s", async (able, text) => {
    const { user, bridge } = await show([twin(1, "AAA1"), twin(2, "AAA2")], {
      answers: { "disk/identify": () => able },
    });
    await user.click(screen.getByRole("button", { name: /^Show .*AAA2/ }));
    expect(bridge.paramsOf("disk/identify")).toEqual([{ path: "/dev/nvme2n1" }]);
    expect(screen.getAllByText(text)).toHaveLength(2);
    expect(await violations()).toEqual([]);
  });
});

describe("a chosen disk that", () => {
  const chosen = { choices: { disk: chooseDisk(windows) } };
  const swapped = testDisk({ ...windows, serial: "OTHER", byId: ["ata-OTHER"] });

  it.each([
    ["is unplugged", [blank], "The chosen disk is gone"],
    ["is replaced by one of the same size", [blank, swapped], "The chosen disk was replaced"],
    [
      "can no longer be used",
      [blank, testDisk({ ...windows, problems: ["mounted"] })],
      "The chosen disk can no longer be used",
    ],
  ] as const)("%s is not chosen any more, with a message", async (_name, disks, title) => {
    const { bridge, user } = await show([blank, windows], { snapshot: chosen });
    expect(card("WDC WD5000")).toHaveProperty("checked", true);
    act(() => bridge.change({ facts: withDisks([...disks]) }));
    expect(screen.getByText(title).closest("[role=alert]")?.textContent).toContain("WDC WD5000 (WD-77)");
    expect(screen.getAllByRole("radio").some((radio) => radio.matches(":checked"))).toBe(false);
    await user.click(goOn());
    expect(bridge.calls).toEqual([]);
    expect(await violations()).toEqual([]);
  });

  it("was given up by the daemon while another step was shown is told of as well", async () => {
    const lostDisk = { disk: chooseDisk(windows), loss: "gone" as const };
    const { bridge } = await show([blank], { snapshot: { lostDisk } });
    expect(screen.getByText("The chosen disk is gone")).toBeDefined();
    act(() => bridge.change({ lostDisk, choices: { ...bridge.snapshot.choices, disk: chooseDisk(blank) } }));
    expect(screen.queryByText("The chosen disk is gone")).toBeNull();
  });

  it("gets another name stays chosen", async () => {
    const { bridge } = await show([blank, windows], { snapshot: chosen });
    act(() => bridge.change({ facts: withDisks([blank, { ...windows, path: "/dev/sdz" }]) }));
    expect(card("WDC WD5000")).toHaveProperty("checked", true);
    expect(screen.queryByRole("alert", { name: /gone|replaced/ })).toBeNull();
  });
});

describe("hostile names", () => {
  const invisible = /[\u202a-\u202e\u2066\u2067]|\p{Cc}/u;
  const html = "<img src=x onerror=alert(1)>";
  const override = "\u202egnp.\u2066x\u0007{size} $t(next)";
  const long = "W\u0301".repeat(127) + "W";
  const hostile = testDisk({
    model: html,
    serial: override,
    partitions: [html, override, long].map((fsLabel, at) =>
      testPartition({ path: `/dev/nvme0n1p${at}`, start: at * 100 * GB, size: 100 * GB, fsLabel }),
    ),
    systems: [{ kind: "linux", name: `Linux (${html})` }],
  });

  it("are shown as text, isolated and visible", async () => {
    const { container } = await show([hostile], { snapshot: { choices: { disk: chooseDisk(hostile) } } });
    expect(container.querySelector("img, script")).toBeNull();
    expect(document.body.textContent).not.toMatch(invisible);
    const shown = [...container.querySelectorAll("bdi")].map((node) => node.textContent);
    expect(shown).toContain(html);
    expect(shown).toContain("\ufffdgnp.\ufffdx␇{size} $t(next)");
    expect(shown.find((text) => text.startsWith("W\u0301"))).toMatch(/…$/u);
    for (const named of container.querySelectorAll("[aria-label]")) {
      expect(named.getAttribute("aria-label")).not.toMatch(invisible);
    }
    expect(await violations()).toEqual([]);
  });

  it("do not get into the legend by the hundred", async () => {
    const partitions = Array.from({ length: 128 }, (_, at) =>
      testPartition({ path: `/dev/nvme0n1p${at}`, start: at * GB, size: GB - at, fsLabel: `part ${at}` }),
    );
    await show([testDisk({ partitions })]);
    expect(screen.getByText("122 smaller parts", { exact: false })).toBeDefined();
    expect(screen.queryByText("part 100")).toBeNull();
  });
});
