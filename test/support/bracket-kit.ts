// Brackets by hand in a few words, at a desk or behind a link. Must not know what any test expects.

import { price } from '../../src/domain/decimal';
import type { BracketAsk, Command } from '../../src/domain/input';
import type { Order } from '../../src/domain/order';
import { connectedDesk, type LinkDesk } from './link-kit';
import type { Desk } from './trading-kit';

export const DATE = '2026-01-05';
export const ENTRY = 'ord-00000001';

type Placing = Partial<Extract<Command, { kind: 'PLACE_ORDER' }>>;
export interface Exits {
  readonly target?: string;
  readonly stop?: string;
  readonly limit?: string;
  readonly by?: string;
  readonly percent?: string;
}
const at = (text: string | undefined) => (text === undefined ? null : price(text));

export function exits({ target, stop, limit, by, percent }: Exits): {
  readonly bracket: BracketAsk;
} {
  const trails = by !== undefined || percent !== undefined;
  const trail = trails ? { trailBy: at(by), trailPercent: percent ?? null } : null;
  const prices = { takeProfit: at(target), stopLoss: at(stop), stopLimit: at(limit) };
  return { bracket: { ...prices, trail, tradingDate: DATE } };
}

export const BOTH: Exits = { target: '12', stop: '8' };
export const BOTH_ABOVE: Exits = { target: '13', stop: '10.5' };
/** `BUY 10 limit 10` with its exits. */
export const bracket = (desk: Desk, words: string, asked: Exits = BOTH, changes: Placing = {}) =>
  desk.place('AAPL', words, { requestId: 'b1', ...exits(asked), ...changes });

export async function entered(words = 'BUY 10 market', asked: Exits = BOTH): Promise<LinkDesk> {
  const link = await connectedDesk();
  const refused = await bracket(link.desk, words, asked);
  if (refused !== null) throw new Error(refused);
  return link;
}
export const orders = ({ desk }: { readonly desk: Desk }): Order[] => [
  ...desk.state.orders.values(),
];
export const standing = (link: { readonly desk: Desk }): string[] =>
  orders(link).map(({ leg, status }) => `${leg} ${status}`);
