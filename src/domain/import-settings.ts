/**
 * What holds where an instruction file is silent: said by the folder it came from, or by whoever
 * handed it in.
 */

/**
 * Settings for symbols and orders that do not state them, in the words of a file and the usual
 * spelling: `{ exitQty: 'position', maxCycles: 3 }`.
 */
export type ImportSettings = Readonly<Record<string, string | number>>;

/** Whether they say the same; absent and empty do. */
export function sameSettings(a: ImportSettings = {}, b: ImportSettings = {}): boolean {
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...keys].every((key) => a[key] === b[key]);
}
