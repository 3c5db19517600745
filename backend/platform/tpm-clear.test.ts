import { describe, expect, it } from "vitest";
import { fakeSys } from "../testing/fake-sys.ts";
import { requestTpmClear } from "./tpm-clear.ts";

const PPI = "/sys/class/tpm/tpm0/ppi";

function firmware(operations: string, accepts = true) {
  const tree: Record<string, string> = { [`${PPI}/tcg_operations`]: operations };
  const written: string[] = [];
  const write = (path: string, text: string): Promise<void> => {
    written.push(`${path} ${text}`);
    if (accepts) tree[path] = `${text}\n`;
    return Promise.resolve();
  };
  return { sys: fakeSys(tree), write, written };
}

describe("requestTpmClear", () => {
  it.each(["4: User not required", "3: User required"])("asks where the firmware says %s", async (answer) => {
    const { sys, write, written } = firmware(`0 0: Not implemented\n5 ${answer}\n14 3: User required\n`);
    expect(await requestTpmClear(sys, write)).toBe("restart-needed");
    expect(written).toEqual([`${PPI}/request 5`]);
  });

  it.each(["5 2: Blocked for OS by system firmware\n", "5 1: System firmware only\n", "14 4: User not required\n", ""])(
    "does not ask where it says %j",
    async (operations) => {
      const { sys, write, written } = firmware(operations);
      expect(await requestTpmClear(sys, write)).toBe("not-offered");
      expect(written).toEqual([]);
    },
  );

  it("a firmware that swallows the request does not offer it", async () => {
    const { sys, write } = firmware("5 4: User not required\n", false);
    expect(await requestTpmClear(sys, write)).toBe("not-offered");
  });
});
