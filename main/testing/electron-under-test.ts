import type { ShellUnderTest } from "./shell-driver.ts";
export const electronUnderTest: ShellUnderTest = {
  name: "electron",
  unavailable: "not written",
  open: () => Promise.reject(new Error()),
};
