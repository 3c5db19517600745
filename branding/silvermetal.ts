import { Brand } from "./brand.ts";

export const brand = Brand.parse({
  name: "SilverMetal OS",
  id: "silvermetal",
  vendor: "SilverMetal",
  homepage: "https://silvermetal.example/",
  colours: {
    background: "#14171a",
    surface: "#1f2429",
    text: "#eceff1",
    accent: "#9fb8c8",
    onAccent: "#14171a",
    danger: "#ff8a80",
    success: "#8fd6a8",
  },
  logo: { mark: "assets/logo.svg" },
});
