import { describe, expect, it } from "vitest";
import { image } from "../image.ts";
import { liveLink, renderCmdline, slotLink } from "./cmdline.ts";

const rootHash = "00112233445566778899aabbccddeeff".repeat(2);
const root = { rootHash, hashOffset: 4096, link: liveLink(rootHash) };

describe("renderCmdline", () => {
  it("finds the live image by the partition named after the root hash", () => {
    expect(renderCmdline(["silver.live", "quiet"], root)).toBe(
      `root=/dev/mapper/root roothash=${rootHash} ` +
        "systemd.verity_root_data=/dev/disk/by-partuuid/00112233-4455-6677-8899-aabbccddeeff " +
        "systemd.verity_root_hash=/dev/disk/by-partuuid/00112233-4455-6677-8899-aabbccddeeff " +
        "systemd.verity_root_options=hash-offset=4096 silver.live quiet",
    );
  });

  it("finds an installed slot by the erofs UUID", () => {
    const line = renderCmdline([], { ...root, link: slotLink("some-uuid") });
    expect(line).toContain("systemd.verity_root_data=/dev/disk/by-silver-slot/some-uuid ");
  });

  it.each(["two words", 'quo"te', "", "back\\slash"])("refuses %j", (word) => {
    expect(() => renderCmdline([word], root)).toThrow("one plain word");
  });
});

describe("the definition's command lines", () => {
  it("never let credentials in from outside, except for QA", () => {
    expect(image.cmdline.live).toContain("systemd.import_credentials=no");
    expect(image.cmdline.installed).toContain("systemd.import_credentials=no");
    expect(image.cmdline.qa).not.toContain("systemd.import_credentials=no");
  });

  it("mark the live session and only that", () => {
    expect(image.cmdline.live).toContain("silver.live");
    expect(image.cmdline.installed).not.toContain("silver.live");
  });
});
