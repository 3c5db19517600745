import type { WifiNetwork } from "../../../app/wizard/network.ts";

/** Bars of a signal, 0 to 3. */
export type Bars = 0 | 1 | 2 | 3;

/** What a Wi-Fi symbol shows of a strength in per cent; the limits are those of GNOME Shell. */
export function barsOf(strength: number): Bars {
  if (strength < 20) return 0;
  if (strength < 40) return 1;
  return strength < 60 ? 2 : 3;
}

/** The connected one first, then the strongest. */
const byUse = (a: WifiNetwork, b: WifiNetwork): number =>
  Number(b.active) - Number(a.active) || b.strength - a.strength || a.ssid.localeCompare(b.ssid);

/** One line for each name and protection, the best of its access points. */
export function listed(networks: readonly WifiNetwork[]): WifiNetwork[] {
  const best = new Map<string, WifiNetwork>();
  for (const network of [...networks].sort(byUse)) {
    const key = JSON.stringify([network.ssid, network.security]);
    if (!best.has(key)) best.set(key, network);
  }
  return [...best.values()];
}

export type NameProblem = "name-missing" | "name-too-long";
export type PasswordProblem = "password-missing" | "password-short" | "password-long" | "password-characters";

/** IEEE 802.11 allows 32 bytes. */
export function nameProblem(ssid: string): NameProblem | null {
  if (ssid === "") return "name-missing";
  return new TextEncoder().encode(ssid).length > 32 ? "name-too-long" : null;
}

/** A WPA passphrase is 8 to 63 printable ASCII characters, or the key itself as 64 hexadecimal digits (IEEE 802.11 annex J.4). */
export function passwordProblem(password: string): PasswordProblem | null {
  if (password === "") return "password-missing";
  if (/^[\da-f]{64}$/i.test(password)) return null;
  if (!/^[ -~]*$/.test(password)) return "password-characters";
  if (password.length < 8) return "password-short";
  return password.length > 63 ? "password-long" : null;
}
