/** Latin letters that Unicode does not take apart into a letter and a mark. */
const latinLetters: Readonly<Record<string, string>> = {
  ß: "ss",
  æ: "ae",
  œ: "oe",
  ø: "o",
  ł: "l",
  đ: "d",
  ð: "d",
  þ: "th",
  ı: "i",
  ŋ: "ng",
  ħ: "h",
  ŧ: "t",
  ĸ: "k",
  ƒ: "f",
  ə: "a",
};

/** German writes its umlauts as two letters where it has no umlauts. */
const germanLetters: Readonly<Record<string, string>> = { ä: "ae", ö: "oe", ü: "ue" };

/** Ukraine's passport rules (Cabinet of Ministers, resolution 55 of 2010), then the letters of other Cyrillic alphabets. */
const cyrillicLetters: Readonly<Record<string, string>> = {
  ...{ а: "a", б: "b", в: "v", г: "h", ґ: "g", д: "d", е: "e", є: "ie", ж: "zh", з: "z", и: "y", і: "i", ї: "i" },
  ...{ й: "i", к: "k", л: "l", м: "m", н: "n", о: "o", п: "p", р: "r", с: "s", т: "t", у: "u", ф: "f", х: "kh" },
  ...{ ц: "ts", ч: "ch", ш: "sh", щ: "shch", ь: "", ю: "iu", я: "ia", ы: "y", э: "e", ё: "e", ъ: "", ў: "u" },
  ...{ ј: "j", љ: "lj", њ: "nj", ћ: "c", ђ: "dj", џ: "dz" },
};
/** The same rules at the beginning of a word. */
const cyrillicInitials: Readonly<Record<string, string>> = { є: "ye", ї: "yi", й: "y", ю: "yu", я: "ya" };

const greekLetters: Readonly<Record<string, string>> = {
  ...{ α: "a", β: "v", γ: "g", δ: "d", ε: "e", ζ: "z", η: "i", θ: "th", ι: "i", κ: "k", λ: "l", μ: "m", ν: "n" },
  ...{ ξ: "x", ο: "o", π: "p", ρ: "r", σ: "s", ς: "s", τ: "t", υ: "y", φ: "f", χ: "ch", ψ: "ps", ω: "o" },
};

function letter(character: string, isFirst: boolean, language: string): string {
  const german = language === "de" ? germanLetters[character] : undefined;
  const whole = latinLetters[character] ?? cyrillicLetters[character];
  const known = german ?? (isFirst ? cyrillicInitials[character] : undefined) ?? whole;
  if (known !== undefined) return known;
  const bare = character.normalize("NFKD").replace(/\p{M}/gu, "");
  return Array.from(bare, (each) => latinLetters[each] ?? cyrillicLetters[each] ?? greekLetters[each] ?? each).join("");
}

/**
 * A word in small Latin letters without marks as far as its letters have such a spelling; others (Arabic, Hebrew, East
 * Asian) stay, as nobody can tell how they are read.
 * @param language BCP 47 tag: German writes ä as ae, others as a
 */
export function toLatin(word: string, language: string): string {
  const characters = Array.from(word.normalize("NFC").toLowerCase().normalize("NFC"));
  return characters.map((character, index) => letter(character, index === 0, language)).join("");
}

/** The words of a name, without what can not be seen. */
export function displayedWords(text: string): string[] {
  return text
    .replace(/[\p{Cc}\p{Cf}]/gu, "")
    .split(/[\s.,]+/u)
    .filter((word) => /[\p{L}\p{N}]/u.test(word));
}
