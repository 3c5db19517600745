// @vitest-environment jsdom
import { screen, within } from "@testing-library/react";
import { useState } from "react";
import { describe, expect, test, vi } from "vitest";
import { violations } from "../testing/axe.ts";
import { renderStep } from "../testing/render-step.tsx";
import {
  Badge,
  Button,
  Callout,
  Checkbox,
  Dialog,
  Disclosure,
  FactList,
  Meter,
  PasswordField,
  ProgressBar,
  RadioCards,
  SearchList,
  Select,
  Switch,
  TextField,
  useAnnounce,
} from "./index.ts";
import { folded, searchEntries } from "./search.ts";

test("one of each is free of accessibility violations", async () => {
  await renderStep(() => (
    <main>
      <h1>Kit</h1>
      <Callout tone="warning" title="Careful" actions={<Button>Do</Button>}>
        Text
      </Callout>
      <TextField label="Name" description="As on your door" value="x" onChange={vi.fn()} error="Too short" />
      <PasswordField label="Secret" value="" onChange={vi.fn()} />
      <Select label="Size" value="a" onChange={vi.fn()} options={[{ value: "a", title: "A" }]} />
      <Checkbox isSelected={false} onChange={vi.fn()} description="More">
        Agree
      </Checkbox>
      <Switch isSelected onChange={vi.fn()}>
        Quiet
      </Switch>
      <ProgressBar label="Copying" value={0.25} valueText="25 %" />
      <ProgressBar label="Waiting" value={null} hideLabel />
      <Meter label="Strength" value={0.5} valueText="Fair" tone="warning" />
      <h2>Details</h2>
      <Disclosure title="Log" defaultExpanded>
        Lines
      </Disclosure>
      <FactList facts={[{ term: "Size", value: "1 TB" }]} />
      <Badge tone="success">New</Badge>
    </main>
  ));
  expect(await violations()).toEqual([]);
  expect(screen.getByRole("progressbar", { name: "Copying" }).getAttribute("aria-valuetext")).toBe("25 %");
  expect(screen.getByRole("note").textContent).toContain("Warning");
});

describe("fields", () => {
  test("an error is read with its field", async () => {
    await renderStep(() => <TextField label="Name" value="" onChange={vi.fn()} error="Too short" description="Hint" />);
    const field = screen.getByRole("textbox", { name: "Name", description: "Hint Too short" });
    expect(field.getAttribute("aria-invalid")).toBe("true");
  });

  test("a password is hidden until asked for", async () => {
    const { user } = await renderStep(() => <PasswordField label="Secret" value="abc" onChange={vi.fn()} />);
    const field = screen.getByLabelText<HTMLInputElement>("Secret");
    expect(field).toMatchObject({ type: "password", autocomplete: "off" });
    await user.click(screen.getByRole("button", { name: "Show what is typed" }));
    expect(field.type).toBe("text");
  });
});

describe("RadioCards", () => {
  const options = [
    { value: "pin", title: "PIN", description: "Short" },
    { value: "tpm", title: "TPM", disabledReason: "There is no TPM." },
    { value: "off", title: "Passphrase" },
  ] as const;

  test("the keyboard passes over what can not be chosen, whose reason is read with it", async () => {
    const onChange = vi.fn();
    function Cards() {
      const [value, setValue] = useState<(typeof options)[number]["value"]>("pin");
      const change = (next: typeof value) => {
        setValue(next);
        onChange(next);
      };
      return <RadioCards label="Unlocking" value={value} onChange={change} options={options} />;
    }
    const { user } = await renderStep(Cards);
    const group = screen.getByRole("radiogroup", { name: "Unlocking" });
    const tpm = within(group).getByRole<HTMLInputElement>("radio", { name: "TPM", description: "There is no TPM." });
    expect(tpm.disabled).toBe(true);
    await user.tab();
    await user.keyboard("{ArrowDown}");
    expect(onChange.mock.calls).toEqual([["off"]]);
    expect(await violations()).toEqual([]);
  });

  test("the whole card is a target", async () => {
    const onChange = vi.fn();
    const { user } = await renderStep(() => (
      <RadioCards label="Unlocking" value="off" onChange={onChange} options={options} />
    ));
    await user.click(screen.getByText("Short"));
    expect(onChange).toHaveBeenCalledExactlyOnceWith("pin");
  });
});

describe("SearchList", () => {
  const items = [
    { id: "de", title: "Deutsch", keywords: ["German"] },
    { id: "es", title: "Español", keywords: ["Spanish"] },
    { id: "gsw", title: "Schwiizertüütsch", description: "Swiss German" },
  ];

  test("words find titles without accents, descriptions and keywords; beginnings come first", () => {
    const ids = (query: string) => searchEntries(items, query).map(({ id }) => id);
    expect(ids("")).toEqual(["de", "es", "gsw"]);
    expect(ids("espanol")).toEqual(["es"]);
    expect(ids("  GERMAN ")).toEqual(["de", "gsw"]);
    expect(ids("german swiss")).toEqual(["gsw"]);
    expect(ids("s")).toEqual(["gsw", "de", "es"]);
    expect(ids("klingon")).toEqual([]);
    expect(folded("ＡÉ")).toBe("ae");
  });

  test("typing and Enter choose without a mouse", async () => {
    const onSelect = vi.fn();
    const { user } = await renderStep(() => (
      <SearchList label="Language" searchLabel="Search" items={items} selected="de" onSelect={onSelect} />
    ));
    const field = screen.getByRole("combobox", { name: "Language" });
    await user.type(field, "span{Enter}");
    expect(onSelect).toHaveBeenCalledExactlyOnceWith("es");
    expect(await violations()).toEqual([]);
  });

  test("says when there is nothing", async () => {
    const { user } = await renderStep(() => (
      <SearchList label="Language" searchLabel="Search" items={items} selected={null} onSelect={vi.fn()} />
    ));
    await user.type(screen.getByRole("combobox"), "xyz");
    expect(screen.getByText("Nothing found for “xyz”.")).toBeTruthy();
    await user.click(screen.getByRole("button", { name: "Clear the search" }));
    expect(screen.getAllByRole("option")).toHaveLength(3);
  });
});

test("Select gives the chosen value", async () => {
  const onChange = vi.fn();
  const options = [
    { value: "100", title: "Normal" },
    { value: "200", title: "Large" },
  ] as const;
  const { user } = await renderStep(() => <Select label="Size" value="100" onChange={onChange} options={options} />);
  await user.click(screen.getByRole("button", { name: /Size/ }));
  await user.click(screen.getByRole("option", { name: "Large" }));
  expect(onChange).toHaveBeenCalledExactlyOnceWith("200");
});

test("Dialog closes by Escape and gives the focus back", async () => {
  function Screen() {
    const [open, setOpen] = useState(false);
    return (
      <>
        <Button onPress={() => setOpen(true)}>Open</Button>
        <Dialog title="Sure?" isOpen={open} onClose={() => setOpen(false)} />
      </>
    );
  }
  const { user } = await renderStep(Screen);
  await user.click(screen.getByRole("button", { name: "Open" }));
  expect(screen.getByRole("dialog", { name: "Sure?" }).contains(document.activeElement)).toBe(true);
  expect(await violations()).toEqual([]);
  await user.keyboard("{Escape}");
  expect(screen.queryByRole("dialog")).toBeNull();
  await vi.waitFor(() => expect(document.activeElement).toBe(screen.getByRole("button", { name: "Open" })));
});

test("announcements are live regions that a dialog does not hide", async () => {
  function Screen() {
    const announce = useAnnounce();
    return (
      <Dialog title="Open" isOpen onClose={vi.fn()} actions={<Button onPress={() => announce("Saved")}>Save</Button>} />
    );
  }
  const { user } = await renderStep(Screen);
  await user.click(screen.getByRole("button", { name: "Save" }));
  const region = screen.getByRole("status");
  expect(region.textContent).toBe("Saved");
  expect(region.closest("[aria-hidden=true],[inert]")).toBeNull();
});
