// The words of an instruction file: keys, permitted values, symbols, and how their spelling is
// read. Must not know what the words do.

export const SYMBOL_KEYS = [
  ...(['_comment', 'Entry OCA', 'Orders if Long', 'Orders if Short'] as const),
  ...(['exitQty', 'rearm', 'maxCycles', 'onClose', 'ocaRelease', 'priceSource'] as const),
] as const;
const LISTS: readonly string[] = ['_comment', 'Entry OCA', 'Orders if Long', 'Orders if Short'];
/** Of a symbol as a whole: a profile may give each of them, too. */
export const SETTING_KEYS = SYMBOL_KEYS.filter((key) => !LISTS.includes(key));
export const ORDER_KEYS = [
  ...(['_comment', 'On', 'Action', 'Order', 'Qty', 'price', 'gap'] as const),
  ...(['trailBy', 'trailPercent', 'activateAt', 'priceSource'] as const),
] as const;
export type SymbolKey = (typeof SYMBOL_KEYS)[number];
export type OrderKey = (typeof ORDER_KEYS)[number];

/** The document that describes the format calls this list by another name than its example. */
export const OTHER_SPELLINGS: ReadonlyMap<string, SymbolKey> = new Map([
  ['entry oca on cross', 'Entry OCA'],
]);

/** Which price a trigger looks at. */
const SOURCES = ['last', 'bid', 'ask', 'mid', 'bid-ask'] as const;

export const PERMITTED = {
  On: ['cross-over', 'cross-under'],
  Action: ['BUY', 'SELL'],
  Order: ['limit', 'Market', 'trail'],
  gap: ['fire', 'ignore'],
  priceSource: SOURCES,
} as const;
/** Of an entry: a profile may give each of them, too. */
export const ORDER_DEFAULTS = ['gap'] as const;
/** Of a symbol as a whole. */
export const SETTINGS = {
  exitQty: ['literal', 'position'],
  rearm: ['never', 'onFlat'],
  onClose: ['keep', 'flatten'],
  ocaRelease: ['trigger', 'fill'],
  priceSource: SOURCES,
} as const;
export type SettingKey = keyof typeof SETTINGS;
export type ChoiceKey = keyof typeof PERMITTED;
export type Choice<Key extends ChoiceKey> = (typeof PERMITTED)[Key][number];

/** Small letters of ASCII only: other alphabets have letters that would fold into these. */
export function fold(word: string): string {
  return word.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}

/** Keys for editors and remarks: not read. */
export function isRemark(key: string): boolean {
  return key === '$schema' || key.startsWith('_');
}

const SYMBOL = /^[A-Za-z0-9](?:[A-Za-z0-9.-]| (?=[A-Za-z0-9.-])){0,20}$/;

/** The symbol a key means, in capitals; null where the key is not a symbol. */
export function symbolOf(key: string): string | null {
  return SYMBOL.test(key) ? key.replace(/[a-z]/g, (letter) => letter.toUpperCase()) : null;
}

/** A text of the file as it appears in a message. */
export function shown(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 59)}\u2026` : text);
}

/** `"BUY" or "SELL"` */
export function listed(words: readonly string[]): string {
  return words.map((word) => `"${word}"`).join(' or ');
}
