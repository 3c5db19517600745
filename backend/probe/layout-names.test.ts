import { describe, expect, it } from "vitest";
import { layoutNames } from "./layout-names.ts";

const list = `! model
  pc105           Generic 105-key PC
! layout
  de              German
  us              English (US)
! variant
  nodeadkeys      de: German (no dead keys)
  dvorak          us: English (Dvorak)
! option
  grp             Switching to another layout
`;

describe("layoutNames", () => {
  it("names layouts and their variants, and nothing else", () => {
    expect(Object.fromEntries(layoutNames(list))).toEqual({
      de: "German",
      us: "English (US)",
      "de-nodeadkeys": "German (no dead keys)",
      "us-dvorak": "English (Dvorak)",
    });
  });
});
