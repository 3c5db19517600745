import { describe, expect, it } from "vitest";
import { decodeFrame, plainText } from "./serial.ts";

describe("plainText", () => {
  it("removes colours, cursor movement, titles and carriage returns", () => {
    expect(plainText("\x1b[0;1;39m[\x1b[32m OK \x1b[0m]\r\n\x1b]0;title\x07\x1b[?2004h$ ")).toBe("[ OK ]\n$ ");
  });
});

describe("decodeFrame", () => {
  const body = Buffer.from("hello\n").toString("base64");

  it("gives the text between its markers", () => {
    expect(decodeFrame(`noise out1 6 ${body}\n out1`, "out1")).toBe("hello\n");
  });

  it("gives an empty text", () => {
    expect(decodeFrame("out1 0  out1", "out1")).toBe("");
  });

  it("refuses a frame that a kernel message was written into", () => {
    expect(decodeFrame(`out1 6 ${body.slice(0, 4)}[ 12.3] usb: new device\n${body.slice(4)} out1`, "out1")).toBeNull();
    expect(decodeFrame(`out1 6 ${body.slice(0, 4)} out1`, "out1")).toBeNull();
  });
});
