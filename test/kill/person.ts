// Who sends the intents of the kill test: makes them from a seed, keeps each in a file before it is
// sent, and sends again what was not answered. Knows no process.

import { appendFileSync } from 'node:fs';
import { between, seededRandom } from '../../src/broker/simulator/random';
import type { Answer, Intent } from './messages';

const STRATEGIES = ['north', 'east', 'south', 'west', 'up', 'down', 'left', 'right'];
/** Share of answered intents that are sent once more, as a caller does that lost the answer. */
const REPEATED = 0.05;

export interface Kept {
  readonly intent: Intent;
  answer: Answer | null;
  /** How often it was sent. */
  sent: number;
}

export class Person {
  readonly kept = new Map<string, Kept>();
  readonly #random: () => number;
  readonly #ledger: string;
  #orders: string[] = [];
  #prices: Readonly<Record<string, string>> = {};
  #strategies = new Set<string>();
  #made = 0;
  #retries: string[] = [];
  #pending: Intent[] = [];

  constructor(seed: number, ledger: string) {
    this.#random = seededRandom(seed);
    this.#ledger = ledger;
  }

  prices(last: Readonly<Record<string, string>>): void {
    this.#prices = { ...this.#prices, ...last };
  }

  /** What has no answer yet is sent again first; prices are those of the new server only. */
  reconnected(): void {
    this.#prices = {};
    this.#retries = [...this.kept.values()]
      .filter(({ answer }) => answer === null)
      .map(({ intent }) => intent.id);
  }

  answered(id: string, answer: Answer): void {
    const kept = this.kept.get(id);
    if (kept === undefined) throw new Error(`an answer to ${id}, which was never asked`);
    if (kept.answer?.order != null && kept.answer.order !== answer.order) {
      throw new Error(`${id} was ${kept.answer.order} first and ${answer.order ?? 'nothing'} now`);
    }
    kept.answer = answer;
    if (answer.order !== null) this.#orders.push(answer.order);
  }

  /** The next thing to send; null before the server has prices. */
  next(): Intent | null {
    const again = this.#retries.shift();
    if (again !== undefined) return this.#send(this.kept.get(again)?.intent);
    if (this.#random() < REPEATED && this.kept.size > 0) {
      const all = [...this.kept.values()];
      return this.#send(all[between(this.#random, 0, all.length - 1)]?.intent);
    }
    const intent = this.#pending.shift() ?? this.#make();
    return intent === null ? null : this.#keep(intent);
  }

  /** Market orders at once, so that something is on its way when the kill comes. */
  urgent(): Intent | null {
    const intent = this.#place('MARKET');
    return intent === null ? null : this.#keep(intent);
  }

  cancel(order: string): Intent {
    return this.#keep({ id: this.#id(), kind: 'CANCEL', order });
  }

  #keep(intent: Intent): Intent {
    appendFileSync(this.#ledger, `${JSON.stringify(intent)}\n`);
    this.kept.set(intent.id, { intent, answer: null, sent: 0 });
    return this.#send(intent);
  }

  #send(intent: Intent | undefined): Intent {
    const kept = intent && this.kept.get(intent.id);
    if (intent === undefined || kept === undefined) throw new Error('nothing to send');
    kept.sent += 1;
    return intent;
  }

  #id(): string {
    this.#made += 1;
    return `req-${this.#made}`;
  }

  #make(): Intent | null {
    const chance = this.#random();
    const order = this.#orders.at(-between(this.#random, 1, 40));
    if (this.#made < STRATEGIES.length) {
      return { id: this.#id(), kind: 'STRATEGY', strategy: STRATEGIES[this.#made - 1] ?? '' };
    }
    if (chance < 0.15 && order !== undefined) return { id: this.#id(), kind: 'CANCEL', order };
    if (chance < 0.3 && order !== undefined) return this.#change(order);
    if (chance < 0.34) return this.#file();
    if (chance < 0.6) return this.#place('MARKET');
    return this.#place(chance < 0.93 ? 'LIMIT' : 'STOP');
  }

  #change(order: string): Intent {
    const placed = [...this.kept.values()].find((kept) => kept.answer?.order === order)?.intent;
    const isLimit = placed?.kind === 'PLACE' && placed.type === 'LIMIT';
    const near = isLimit ? this.#near(placed.instrument, 0.003) : null;
    const size = String(between(this.#random, 1, 5));
    const quantity = near === null || this.#random() < 0.5 ? size : null;
    return { id: this.#id(), kind: 'MODIFY', order, quantity, limitPrice: near };
  }

  #place(kind: 'MARKET' | 'LIMIT' | 'STOP'): Intent | null {
    const priced = Object.keys(this.#prices);
    if (priced.length === 0) return null;
    const instrument = this.#one(priced);
    const side = this.#random() < 0.5 ? 'BUY' : 'SELL';
    const near = this.#near(instrument, 0.003);
    return {
      ...{ id: this.#id(), kind: 'PLACE', strategy: this.#one(STRATEGIES), instrument, side },
      ...{ type: kind, quantity: String(between(this.#random, 1, 5)) },
      limitPrice: kind === 'LIMIT' ? near : null,
      stopPrice: kind === 'STOP' ? near : null,
    };
  }

  /** A new strategy and its file, which trades around the price of now. */
  #file(): Intent | null {
    const [symbol, text] = Object.entries(this.#prices).at(-1) ?? [];
    if (symbol === undefined) return null;
    const last = Number(text);
    const id = this.#id();
    const strategy = `file-${id}`;
    const at = (share: number): string => (last * (1 + share)).toFixed(2);
    const leg = (Action: string, order: string, price: string) => ({
      ...{ Action, Order: order, Qty: 4, price },
    });
    const content = JSON.stringify({
      [symbol]: {
        'Entry OCA': [
          { On: 'cross-over', ...leg('BUY', 'Market', at(0.0003)) },
          { On: 'cross-under', ...leg('SELL', 'Market', at(-0.0003)) },
        ],
        'Orders if Long': [leg('SELL', 'limit', at(0.0015)), leg('SELL', 'Market', at(-0.0012))],
        'Orders if Short': [leg('BUY', 'limit', at(-0.0015)), leg('BUY', 'Market', at(0.0012))],
      },
    });
    this.#pending.push({ id, kind: 'LOAD', strategy, fileName: `${id}.json`, content });
    return { id: this.#id(), kind: 'STRATEGY', strategy };
  }

  /** A price within a share of the last one; null where none is known. */
  #near(instrument: string, share: number): string | null {
    const last = this.#prices[instrument];
    return last === undefined
      ? null
      : (Number(last) * (1 + (this.#random() * 2 - 1) * share)).toFixed(2);
  }

  #one(all: readonly string[]): string {
    return all[between(this.#random, 0, all.length - 1)] ?? '';
  }
}
