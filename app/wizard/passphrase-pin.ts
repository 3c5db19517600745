/** Whether every character follows the one before at the same distance of code points: 1111, 1234, 9753, dcba. */
function isRow(characters: readonly number[]): boolean {
  const steps = characters.slice(1).map((each, index) => each - (characters[index] ?? each));
  return steps.every((step) => step === steps[0]) && Math.abs(steps[0] ?? 0) <= 2;
}

/** The middle column of the number pad, up and down. */
const columns = ["2580", "0852"];

/** Whether a TPM PIN is one of those that are tried before the TPM locks itself: rows, repetitions, years. */
export function isSimplePin(pin: string): boolean {
  const characters = Array.from(pin.toLowerCase(), (each) => each.codePointAt(0) ?? 0);
  if (columns.includes(pin) || /^(19|20)\d\d$/.test(pin) || isRow(characters)) return true;
  // 12, 123 or 1234 again and again; 1234567890 ends with the digit that follows on the keys.
  return /^(.{1,4})\1+$/u.test(pin) || pin === "1234567890" || pin === "0987654321";
}
