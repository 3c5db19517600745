/** Debian's Chromium, for Playwright's `launch`. */
export const debianChromium = {
  executablePath: "/usr/bin/chromium",
  // Root can not have the sandbox; the shell's conformance tests run Chromium with it, as somebody else.
  args: process.getuid?.() === 0 ? ["--no-sandbox"] : [],
};
