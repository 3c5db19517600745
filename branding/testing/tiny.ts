import { Brand, type Theme } from "../brand.ts";

const paper: Theme = {
  scheme: "light",
  background: "#fffdf5",
  surface: "#fffdf5",
  raised: "#f5f0dd",
  text: "#1c1400",
  textQuiet: "#4d4630",
  border: "#d9d0b0",
  control: "#7a7055",
  track: "#eee6c8",
  accent: "#7a1f5c",
  onAccent: "#ffffff",
  accentText: "#7a1f5c",
  selected: "#f7e8f1",
  focus: "#0b5cad",
  warning: "#8a5a00",
  warningText: "#6b4500",
  warningSoft: "#fdf0d2",
  danger: "#a31515",
  onDanger: "#ffffff",
  dangerText: "#8f1111",
  dangerSoft: "#fbe6e4",
  success: "#236b3b",
  successText: "#1c5a31",
  successSoft: "#e3f2e7",
};

/** Another brand, to prove that nothing outside branding/ knows the first one. */
export const tiny = Brand.parse({
  name: "Tiny Linux",
  id: "tiny",
  vendor: "Tiny Works",
  homepage: "https://tiny.example/",
  themes: { light: paper, dark: paper, contrast: paper },
  logo: { mark: "branding/tiny/mark.svg" },
  wallpaper: { light: "branding/tiny/wallpaper.svg", dark: "branding/tiny/wallpaper.svg" },
  slides: [{ id: "small", picture: "branding/tiny/small.svg" }],
});
