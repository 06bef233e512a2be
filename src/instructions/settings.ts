// What a symbol says of its plan as a whole: how large exits are, whether another round trip may
// follow, when its entries give way to one of them, what becomes of the position when the session
// ends, and which price its triggers look at. Must not know its orders.

import { ONE_ROUND_TRIP, type PlanSettings } from '../domain/plan';
import type { PriceSource } from '../domain/price-source';
import type { JsonMember, JsonObject } from '../json/node';
import { didYouMean } from '../json/suggest';
import { instead, spotOfKey, spotOfMissing, type Findings } from './findings';
import { fold, listed, SETTINGS, shown } from './words';
import type { Choice, SettingKey, SymbolKey } from './words';

/** More round trips a day than a person follows. */
const MOST_CYCLES = 20;

interface Read {
  readonly node: JsonObject;
  readonly members: ReadonlyMap<SymbolKey, JsonMember>;
  readonly findings: Findings;
}

/** The settings; a faulty one is named in the findings, and read as if it were missing. */
export function readSettings(read: Read): PlanSettings {
  const exitQuantity = readWord(read, 'exitQty') === 'position' ? 'POSITION' : 'LITERAL';
  const again = readWord(read, 'rearm') === 'onFlat';
  const flattens = readWord(read, 'onClose') === 'flatten';
  const atFill = readWord(read, 'ocaRelease') === 'fill';
  return {
    ...{ exitQuantity, cycles: readCycles(read, again) },
    ...(flattens ? { onClose: 'FLATTEN' } : {}),
    ...(atFill ? { ocaRelease: 'FILL' } : {}),
  };
}

const SOURCES: Readonly<Record<Choice<'priceSource'>, PriceSource>> = {
  ...{ last: 'LAST', bid: 'BID', ask: 'ASK', mid: 'MID', 'bid-ask': 'BID_ASK' },
};

/** Which price its triggers look at, where an order does not say otherwise. */
export function readPriceSource(read: Read): PriceSource {
  return sourceNamed(readWord(read, 'priceSource') ?? 'last');
}

export function sourceNamed(word: Choice<'priceSource'>): PriceSource {
  return SOURCES[word];
}

function readWord<Key extends SettingKey>({ members, findings }: Read, key: Key) {
  const member = members.get(key);
  if (member === undefined) return null;
  const permitted: readonly (typeof SETTINGS)[Key][number][] = SETTINGS[key];
  const text = member.value.type === 'string' ? member.value.value : null;
  const word = permitted.find((each) => text !== null && fold(each) === fold(text));
  if (word === undefined) {
    const meant = text === null ? null : didYouMean(text, permitted);
    const hint = meant === null ? '' : ` Did you mean "${meant}"?`;
    const found = text === null ? 'something else' : shown(text);
    const message = `"${key}" must be ${listed(permitted)}, not ${found}.${hint}`;
    findings.add('UNKNOWN_VALUE', member.value, message);
    return null;
  }
  if (word !== text) {
    const message = `${shown(text ?? '')} is read as "${word}".`;
    const edit = instead(member.value, JSON.stringify(word));
    findings.add('SPELLING', member.value, { message, edit });
  }
  return word;
}

function readCycles({ node, members, findings }: Read, again: boolean): number {
  const member = members.get('maxCycles');
  const form = `how many round trips in all, a whole number from 2 to ${MOST_CYCLES}`;
  if (member === undefined) {
    if (again)
      findings.add('MISSING_KEY', spotOfMissing(node, 'maxCycles'), `"maxCycles": ${form}.`);
    return ONE_ROUND_TRIP;
  }
  if (!again) {
    const message = '"maxCycles" belongs to "rearm": "onFlat", which is not there.';
    findings.add('MISPLACED_KEY', spotOfKey(member), message);
    return ONE_ROUND_TRIP;
  }
  const { value } = member;
  const count = value.type === 'number' && /^\d{1,3}$/.test(value.text) ? Number(value.text) : 0;
  if (count >= 2 && count <= MOST_CYCLES) return count;
  findings.add('UNKNOWN_VALUE', value, `"maxCycles" must be ${form}.`);
  return ONE_ROUND_TRIP;
}
