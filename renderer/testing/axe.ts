import axe from "axe-core";

/**
 * Violations of WCAG 2.2 AA and axe's best practices in the page, one line each. Colour contrast needs a real
 * browser and is proven by the tokens (branding/contrast.ts) and the browser tests.
 */
export async function violations(): Promise<string[]> {
  const { violations: found } = await axe.run(document.body, {
    rules: { "color-contrast": { enabled: false }, region: { enabled: false } },
  });
  return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join("\n")}`);
}
