/** The verb `orders list`. */
import { listOrders } from '../client/orders';
import type { OrderStatus } from '../domain/order';
import { oneOf, readOptions, usage } from './options';
import { orderTable } from './order-text';
import { clientOf, remotely, SERVER_FLAGS } from './remote';

const VERB = 'orders list';
const FLAGS = {
  ...SERVER_FLAGS,
  status: { type: 'string', multiple: true },
  instrument: { type: 'string' },
  strategy: { type: 'string' },
  first: { type: 'string' },
} as const;

const STATUS = { verb: VERB, name: 'status' };
/** Typed so that a new status of the books is missed here. */
const STATUSES: Readonly<Record<OrderStatus, true>> = {
  ...{ ARMED: true, SUBMITTED: true, UNKNOWN: true, WORKING: true, PARTIALLY_FILLED: true },
  ...{ CANCEL_PENDING: true, FILLED: true, CANCELLED: true, DENIED: true, NOT_SENT: true },
  ...{ REJECTED: true, EXPIRED: true },
};

const USUAL = 50;
const MOST = 100_000;

/** @throws VerbError */
export async function runOrdersList(args: readonly string[]): Promise<number> {
  const { values, positionals } = readOptions(VERB, args, FLAGS);
  if (positionals.length > 0) throw usage(VERB, `${positionals.join(' ')} belongs to no flag.`);
  const query = {
    status: statuses(values.status),
    instrument: values.instrument ?? null,
    strategy: values.strategy ?? null,
    first: countOf(values.first ?? String(USUAL)),
  };
  const client = clientOf(VERB, values);
  const { orders, hasMore } = await remotely(() => listOrders(client, query));
  if (values.json === true) {
    console.log(JSON.stringify(orders));
    return 0;
  }
  if (orders.length === 0) console.log('There are no such orders.');
  else console.log(orderTable(orders));
  if (hasMore) console.error(`There are more: --first ${query.first * 4} shows more of them.`);
  return 0;
}

/** `--status working,filled` and `--status working --status filled` are one. @throws VerbError */
function statuses(given: readonly string[] | undefined): readonly string[] | null {
  const names = (given ?? []).flatMap((text) => text.split(',')).map((text) => text.trim());
  const wanted = names
    .filter((name) => name !== '')
    .map((name) => oneOf(STATUS, name.toUpperCase(), Object.keys(STATUSES)));
  return wanted.length === 0 ? null : wanted;
}

/** @throws VerbError */
function countOf(text: string): number {
  const count = Number(text);
  if (/^\d+$/.test(text) && count >= 1 && count <= MOST) return count;
  throw usage(VERB, `--first ${text} must be a whole number from 1 to ${MOST}.`);
}
