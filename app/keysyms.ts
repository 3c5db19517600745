/** Names of the printable ASCII characters from U+0020 on, as in keymaps(5); letters name themselves. */
const asciiNames = (
  "space exclam quotedbl numbersign dollar percent ampersand apostrophe parenleft parenright asterisk plus comma " +
  "minus period slash zero one two three four five six seven eight nine colon semicolon less equal greater question " +
  "at A B C D E F G H I J K L M N O P Q R S T U V W X Y Z bracketleft backslash bracketright asciicircum underscore " +
  "grave a b c d e f g h i j k l m n o p q r s t u v w x y z braceleft bar braceright asciitilde"
).split(" ");

/** Names of the Latin-1 characters from U+00A0 on, as in keymaps(5). */
const latin1Names = (
  "nobreakspace exclamdown cent sterling currency yen brokenbar section diaeresis copyright ordfeminine guillemotleft " +
  "notsign hyphen registered macron degree plusminus twosuperior threesuperior acute mu paragraph periodcentered " +
  "cedilla onesuperior masculine guillemotright onequarter onehalf threequarters questiondown Agrave Aacute " +
  "Acircumflex Atilde Adiaeresis Aring AE Ccedilla Egrave Eacute Ecircumflex Ediaeresis Igrave Iacute Icircumflex " +
  "Idiaeresis ETH Ntilde Ograve Oacute Ocircumflex Otilde Odiaeresis multiply Ooblique Ugrave Uacute Ucircumflex " +
  "Udiaeresis Yacute THORN ssharp agrave aacute acircumflex atilde adiaeresis aring ae ccedilla egrave eacute " +
  "ecircumflex ediaeresis igrave iacute icircumflex idiaeresis eth ntilde ograve oacute ocircumflex otilde odiaeresis " +
  "division oslash ugrave uacute ucircumflex udiaeresis yacute thorn ydiaeresis"
).split(" ");

const synonyms: readonly (readonly [string, string])[] = [
  ["quoteright", "'"],
  ["quoteleft", "`"],
  ["pound", "#"],
  ["tilde", "~"],
  ["Oslash", "Ø"],
  ["ooblique", "ø"],
  ["euro", "€"],
  ["EuroSign", "€"],
];

const byName: ReadonlyMap<string, string> = new Map([
  ...asciiNames.map((name, index) => [name, String.fromCodePoint(0x20 + index)] as const),
  ...latin1Names.map((name, index) => [name, String.fromCodePoint(0xa0 + index)] as const),
  ...synonyms,
]);

/** Key types of the kernel (linux/keyboard.h) whose keys give a character: KT_LATIN and KT_LETTER. */
const KT_LATIN = 0;
const KT_LETTER = 11;

function fromCode(code: number): string | null {
  const printable = code >= 0x20 && code !== 0x7f && !(code >= 0x80 && code < 0xa0) && code <= 0x10ffff;
  return printable ? String.fromCodePoint(code) : null;
}

/**
 * The character that a console key symbol types, or null when it types none by itself (dead and function
 * keys, control characters, names outside Latin-1). A leading `+` only says that Caps Lock applies.
 */
export function keysymCharacter(keysym: string): string | null {
  const name = keysym.startsWith("+") ? keysym.slice(1) : keysym;
  const unicode = /^U\+([0-9a-fA-F]{4,6})$/.exec(name);
  if (unicode?.[1] !== undefined) return fromCode(Number.parseInt(unicode[1], 16));
  if (/^0x[0-9a-fA-F]{1,4}$/.test(name)) return fromKernelCode(Number.parseInt(name.slice(2), 16));
  if (/^0[0-7]*$/.test(name)) return fromKernelCode(Number.parseInt(name, 8));
  if (/^[1-9]\d{0,4}$/.test(name)) return fromKernelCode(Number.parseInt(name, 10));
  return byName.get(name) ?? null;
}

function fromKernelCode(code: number): string | null {
  const type = code >> 8;
  return type === KT_LATIN || type === KT_LETTER ? fromCode(code & 0xff) : null;
}
