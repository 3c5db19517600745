import { describe, expect, it } from "vitest";
import { EventParser } from "./events.ts";

const hello = JSON.stringify({ t: 0, event: "hello", version: "0.1.0", pid: 7 });

describe("EventParser", () => {
  it("joins lines that come in pieces", () => {
    const parser = new EventParser();
    expect(parser.push(hello.slice(0, 10))).toEqual([]);
    expect(parser.push(`${hello.slice(10)}\n`)).toMatchObject([{ event: "hello", pid: 7 }]);
    expect(parser.events).toHaveLength(1);
  });

  it("takes several events and empty lines at once", () => {
    const parser = new EventParser();
    const countdown = JSON.stringify({ t: 1, event: "countdown", seconds: 9 });
    expect(parser.push(`${hello}\n\r\n${countdown}\n`).map((event) => event.event)).toEqual(["hello", "countdown"]);
  });

  it("keeps what is not an event as a fault", () => {
    const parser = new EventParser();
    parser.push('nonsense\n{"t":1,"event":"hello","extra":true}\n');
    expect(parser.events).toEqual([]);
    expect(parser.faults).toHaveLength(2);
  });
});
