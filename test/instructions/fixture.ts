// Owns a sound instruction file as data, for tests to break. Must not check anything.

import { checkInstructionFile } from '../../src/instructions/check';
import type { CheckedFile } from '../../src/domain/instruction';

/** Keys in any order and number, as a file may have them; values as JSON text. */
export type Fields = Readonly<Record<string, string>>;

const text = (value: string): string => JSON.stringify(value);

export function orderText(fields: Fields): string {
  const members = Object.entries(fields).map(([key, value]) => `${text(key)}: ${value}`);
  return `{ ${members.join(', ')} }`;
}

function order(fields: Fields, changes: Fields): string {
  const merged = Object.entries({ ...fields, ...changes }).filter(([, value]) => value !== '');
  return orderText(Object.fromEntries(merged));
}

/** A BUY entry at 100 with a stop at 95 and an exit at 105; a change of '' leaves a key out. */
export const entry = (changes: Fields = {}): string =>
  order(
    { On: '"cross-over"', Action: '"BUY"', Order: '"limit"', Qty: '1', price: '"100"' },
    changes,
  );
export const shortEntry = (changes: Fields = {}): string =>
  entry({ On: '"cross-under"', Action: '"SELL"', ...changes });
/** An order after the entry: by default the long side's stop. */
export const after = (changes: Fields = {}): string =>
  order({ Action: '"SELL"', Order: '"Market"', Qty: '1', price: '"95"' }, changes);

export interface Lists {
  readonly entries?: readonly string[];
  readonly ifLong?: readonly string[];
  readonly ifShort?: readonly string[];
}

export function symbolText(lists: Lists = {}): string {
  const { entries = [entry()], ifLong = [after()], ifShort = [] } = lists;
  return (
    `{ "Entry OCA": [${entries.join(', ')}], ` +
    `"Orders if Long": [${ifLong.join(', ')}], "Orders if Short": [${ifShort.join(', ')}] }`
  );
}

/** A file of one symbol, IBM. */
export const fileText = (lists: Lists = {}): string => `{ "IBM": ${symbolText(lists)} }`;

export function check(content: string, strict = false): CheckedFile {
  const bytes = new TextEncoder().encode(content);
  return checkInstructionFile({ fileName: 'plan.json', bytes, strict });
}
