import axe from "axe-core";

/**
 * Violations of WCAG 2.2 AA and axe's best practices in the page, one line each. Colour contrast needs a real
 * browser and is proven by the tokens (branding/contrast.ts) and the browser tests.
 */
export async function violations(): Promise<string[]> {
  // react-aria's announcer names a button that was busy by its id, for seconds after the button has gone.
  const page = { include: document.body, exclude: ["[data-live-announcer] [role=log]"] };
  const { violations: found } = await axe.run(page, {
    rules: { "color-contrast": { enabled: false }, region: { enabled: false } },
  });
  return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join("\n")}`);
}
