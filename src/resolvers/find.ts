/** Finds strategies, instruments and accounts by what a person types, and helps with slips. */
import type { AccountKey, InstrumentKey, StrategyKey } from '../domain/ids';
import type { Instrument } from '../domain/instrument';
import type { State } from '../engine/core/state';
import { didYouMean } from '../json/suggest';
import type { ApiContext } from './context';
import { fault, type Found } from './user-errors';

interface Search {
  readonly what: string;
  readonly key: string;
  readonly known: readonly string[];
  /** What to do when nothing is near. */
  readonly next: string;
}

function shown(text: string): string {
  return JSON.stringify(text.length > 64 ? `${text.slice(0, 61)}...` : text);
}

function notFound({ what, key, known, next }: Search): Found<never> {
  const near = didYouMean(key, known);
  const advice = near === null ? next : `Did you mean ${shown(near)}?`;
  return { fault: fault('NOT_FOUND', `There is no ${what} ${shown(key)}. ${advice}`) };
}

export function findStrategy(state: State, key: string): Found<StrategyKey> {
  if (state.strategies.has(key)) return { found: key };
  const known = [...state.strategies.keys()];
  return notFound({ what: 'strategy', key, known, next: 'createStrategy makes one.' });
}

/** By its key, or by its symbol where only one instrument has it, whatever its capitals. */
export function findInstrument(state: State, key: string): Found<Instrument> {
  const exact = state.instruments.get(key) ?? state.instruments.get(key.toUpperCase());
  if (exact !== undefined) return { found: exact };
  const all = [...state.instruments.values()];
  const [first, ...others] = all.filter((instrument) => instrument.symbol === key);
  if (first !== undefined && others.length === 0) return { found: first };
  if (first !== undefined) {
    const keys = [first, ...others].map((instrument) => instrument.key).join(', ');
    return { fault: fault('AMBIGUOUS', `${shown(key)} could be any of ${keys}. Name one.`) };
  }
  const known = all.map((instrument) => instrument.key);
  const next = 'The query instruments lists what has been met here so far.';
  return notFound({ what: 'instrument', key, known, next });
}

/** What may stand for an instrument at the broker. */
const SYMBOL = /^[A-Za-z0-9][A-Za-z0-9. -]{0,20}$/;

/** Has an instrument that nobody traded here yet looked up at the broker, and its prices sent. */
export async function meetInstrument(
  { engine, desk }: Pick<ApiContext, 'engine' | 'desk'>,
  key: string,
): Promise<void> {
  const search = findInstrument(engine.state, key);
  if ('found' in search) {
    desk.watch(search.found.key);
    await firstPrice(desk, search.found.key);
  } else if (search.fault.code === 'NOT_FOUND' && SYMBOL.test(key)) {
    const found = await desk.findInstrument(key);
    if (found !== null) await firstPrice(desk, found);
  }
}

/** The broker sends prices within this; whoever trades by hand waits so long for the first one. */
const PATIENCE_MS = 2_000;

/** Waits for a price to judge an order by, where one can come. */
function firstPrice(desk: ApiContext['desk'], key: InstrumentKey): Promise<void> {
  const isThere = (): boolean => (desk.quote(key)?.last ?? null) !== null;
  if (isThere() || desk.link().state !== 'READY') return Promise.resolve();
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      leave();
      resolve();
    };
    const timer = setTimeout(done, PATIENCE_MS);
    const leave = desk.onQuote(({ instrument, last }) => {
      if (instrument === key && last !== null) done();
    });
  });
}

/** Beside what is known here: whether the broker could be asked for more. */
export function knownOrUnasked(
  state: State,
  key: string,
  link: ApiContext['desk']['link'],
): Found<Instrument> {
  const search = findInstrument(state, key);
  const { state: now } = link();
  if ('found' in search || search.fault.code !== 'NOT_FOUND' || now === 'READY') return search;
  const why = `the broker cannot be asked while its link is ${now}`;
  const message = `${shown(key)} is not known here, and ${why}. Try again when it is READY.`;
  return { fault: fault('NOT_CONNECTED', message) };
}

export function findInstrumentKey(state: State, key: string): Found<InstrumentKey> {
  const search = findInstrument(state, key);
  return 'found' in search ? { found: search.found.key } : search;
}

/** By its key; null stands for the only account there is. */
export function findAccount(state: State, key: string | null): Found<AccountKey> {
  const known = [...state.accounts.keys()];
  if (key !== null && state.accounts.has(key)) return { found: key };
  if (key !== null) {
    const next = 'The query accounts lists what the broker reported.';
    return notFound({ what: 'account', key, known, next });
  }
  const [only, ...others] = known;
  if (only === undefined) {
    const message =
      'There is no account yet: the broker has not reported one. Look at system.link.';
    return { fault: fault('NOT_CONNECTED', message) };
  }
  if (others.length === 0) return { found: only };
  return { fault: fault('AMBIGUOUS', `Which account? Name one of ${known.join(', ')}.`) };
}

/** Asks the broker too, where nobody traded the instrument here yet. */
export async function lookUpInstrument(
  { engine, desk }: Pick<ApiContext, 'engine' | 'desk'>,
  key: string,
): Promise<Found<InstrumentKey>> {
  const search = findInstrumentKey(engine.state, key);
  if ('found' in search || search.fault.code !== 'NOT_FOUND' || !SYMBOL.test(key)) return search;
  const found = await desk.findInstrument(key);
  return found === null ? search : { found };
}
