import { Brand } from "../brand.ts";
import { themes } from "./themes.ts";

export const brand = Brand.parse({
  name: "SilverMetal OS",
  id: "silvermetal",
  vendor: "SilverMetal",
  homepage: "https://silvermetal.example/",
  themes,
  logo: { mark: "branding/silvermetal/mark.svg" },
  wallpaper: {
    light: "branding/silvermetal/wallpaper-light.svg",
    dark: "branding/silvermetal/wallpaper-dark.svg",
  },
  slides: ["encrypted", "verified", "rollback", "private", "yours"].map((id) => ({
    id,
    picture: `branding/silvermetal/slides/${id}.svg`,
  })),
});
