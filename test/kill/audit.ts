// The judgement of the kill test: what the journal says against what the gateway's own file says
// and against what the person was told. Starts nothing and changes nothing but the query tables.

import { join } from 'node:path';
import type { GatewayExecution, GatewayOrder } from '../../src/broker/simulator/gateway-records';
import type { StoredGateway } from '../../src/broker/simulator/gateway-records';
import { equals, isZero, money, price, quantity, toText } from '../../src/domain/decimal';
import type { JournalRecord } from '../../src/domain/event';
import { isFinal, type Order } from '../../src/domain/order';
import type { History, Page } from '../../src/domain/ports';
import { evolve } from '../../src/engine/core/evolve';
import { emptyState, type State } from '../../src/engine/core/state';
import { parseDatabaseUrl } from '../../src/persistence/database-url';
import { SqliteGatewayStore } from '../../src/persistence/gateway-store';
import { openStorage, type Storage } from '../../src/persistence/storage';
import { ViewDatabase } from '../../src/persistence/view-database';
import type { Kept } from './person';

export interface Evidence {
  readonly dataDir: string;
  readonly databaseUrl: string | null;
  readonly gatewayFile: string;
  readonly kept: readonly Kept[];
}

export interface Verdict {
  readonly faults: readonly string[];
  readonly figures: Readonly<Record<string, number>>;
}

const ACCOUNT = 'DU0000001';

interface Books {
  readonly records: readonly JournalRecord[];
  readonly state: State;
  readonly gateway: StoredGateway;
  /** What an order's reference at the gateway begins with. */
  readonly tag: string;
  readonly fault: (text: string) => void;
}

/** Compares everything. The server and the gateway have ended. */
export async function audit(evidence: Evidence): Promise<Verdict> {
  const faults: string[] = [];
  const fault = (text: string): void => void faults.push(text);
  const { records, state } = await readJournal(evidence, fault);
  const gateway = readGateway(evidence.gatewayFile);
  const tag = records[0]?.hash.slice(0, 6) ?? '';
  const books: Books = { records, state, gateway, tag, fault };
  const lost = lostRequests(books, evidence.kept);
  const doubled = doubledOrders(books);
  const missing = compareOrders(books);
  compareExecutions(books);
  compareAccount(books);
  const ends = howRunsEnded(books);
  if (faults.length === 0) await compareViews(evidence, fault);
  return {
    faults,
    figures: {
      requests: evidence.kept.length,
      answered: evidence.kept.filter(({ answer }) => answer !== null).length,
      records: records.length,
      orders: state.orders.size,
      ordersAtTheGateway: gateway.orders.length,
      fills: state.fills.size,
      ...ends,
      lost: lost + missing,
      duplicated: doubled,
    },
  };
}

async function readJournal(evidence: Evidence, fault: (text: string) => void) {
  const storage = await opened(evidence);
  const records: JournalRecord[] = [];
  const state = emptyState();
  try {
    for await (const record of storage.journal.read(0)) {
      records.push(record);
      evolve(state, record);
    }
  } catch (cause) {
    fault(`the journal does not fold: ${String(cause)}`);
  } finally {
    await storage.close();
  }
  return { records, state };
}

function opened({ dataDir, databaseUrl }: Evidence): Promise<Storage> {
  return openStorage({ dataDir, databaseUrl, log: () => undefined });
}

function readGateway(file: string): StoredGateway {
  const store = new SqliteGatewayStore(file);
  const stored = store.load();
  store.close();
  if (stored === null) throw new Error(`${file} is empty`);
  return stored;
}

/** What the person was told must be in the journal, once. Yields how many requests are not. */
function lostRequests({ records, state, fault }: Books, kept: readonly Kept[]): number {
  let lost = 0;
  const modified = new Set(
    records.flatMap(({ event }) =>
      event.type === 'OrderModifyRequested' ? [event.requestId ?? ''] : [],
    ),
  );
  const lose = (text: string): void => {
    lost += 1;
    fault(`lost: ${text}`);
  };
  for (const { intent, answer } of kept) {
    if (answer === null) {
      fault(`${intent.id} was never answered`);
      continue;
    }
    if (answer.refusal !== null) continue;
    if (intent.kind === 'PLACE') {
      const order = state.requests.get(intent.id);
      if (order === undefined || order !== answer.order) lose(`${intent.id} ${answer.order ?? ''}`);
    }
    if (intent.kind === 'MODIFY' && !modified.has(intent.id)) lose(`the change ${intent.id}`);
    if (intent.kind === 'STRATEGY' && !state.strategies.has(intent.strategy)) {
      lose(`the strategy ${intent.strategy}`);
    }
    if (intent.kind !== 'LOAD') continue;
    const loaded = [...state.files.values()].some((file) => file.strategy === intent.strategy);
    if (!loaded) lose(`the file ${intent.fileName}`);
  }
  return lost;
}

/** One intent is one order in the journal, and at most one at the broker, ever. */
function doubledOrders({ records, gateway, fault }: Books): number {
  const armed = new Map<string, number>();
  for (const { event } of records) {
    if (event.type !== 'OrderArmed') continue;
    armed.set(event.order.requestId, (armed.get(event.order.requestId) ?? 0) + 1);
  }
  const there = new Map<string, number>();
  for (const { order } of gateway.orders) {
    there.set(order.orderRef, (there.get(order.orderRef) ?? 0) + 1);
  }
  let doubled = 0;
  for (const [what, counts] of [
    ['orders in the journal for the request', armed],
    ['orders at the gateway for the reference', there],
  ] as const) {
    for (const [id, count] of counts) {
      if (count < 2) continue;
      doubled += 1;
      fault(`duplicated: ${count} ${what} ${id}`);
    }
  }
  return doubled;
}

/** Yields how many orders the journal saw at the broker and the broker does not have. */
function compareOrders({ state, gateway, tag, fault }: Books): number {
  let missing = 0;
  const there = new Map(gateway.orders.map((each) => [each.order.orderRef, each]));
  for (const order of state.orders.values()) {
    const found = there.get(`${tag}:${order.id}`);
    if (!isFinal(order)) fault(`${order.id} is left ${order.status} (${order.statusMessage})`);
    if (found !== undefined) {
      for (const text of differences(order, found)) fault(`${order.id}: ${text}`);
    } else if (order.permId !== null) {
      missing += 1;
      fault(`lost: ${order.id} was acknowledged as ${order.permId}, and is not at the gateway`);
    }
    there.delete(`${tag}:${order.id}`);
  }
  for (const reference of there.keys()) fault(`${reference} is at the gateway and nowhere else`);
  return missing;
}

const ENDS: Readonly<Record<string, readonly string[]>> = {
  Filled: ['FILLED'],
  Cancelled: ['CANCELLED', 'EXPIRED'],
  Inactive: ['REJECTED'],
};

function differences(order: Order, there: GatewayOrder): string[] {
  const faults: string[] = [];
  const statuses = ENDS[there.status] ?? ['WORKING', 'PARTIALLY_FILLED', 'CANCEL_PENDING'];
  if (!statuses.includes(order.status)) {
    faults.push(`${order.status} in the journal, ${there.status} at the gateway`);
  }
  if (!equals(order.filledQuantity, quantity(there.filled))) {
    faults.push(`filled ${toText(order.filledQuantity)}, at the gateway ${there.filled}`);
  }
  if (order.side !== there.order.action || order.instrument !== there.instrument) {
    faults.push(`another side or instrument at the gateway`);
  }
  // An execution that ends the order may come before any word about the order itself.
  if (order.permId !== null && order.permId !== String(there.permId)) {
    faults.push(`permId ${order.permId}, at the gateway ${there.permId}`);
  }
  if (!isFinal(order) && !equals(order.quantity, quantity(there.order.totalQuantity))) {
    faults.push(`for ${toText(order.quantity)}, at the gateway ${there.order.totalQuantity}`);
  }
  return faults;
}

/** Every execution of the gateway is booked exactly once, with its figures and its commission. */
function compareExecutions({ records, state, gateway, tag, fault }: Books): void {
  const booked = new Map<string, number>();
  for (const { event } of records) {
    if (event.type !== 'OrderFilled') continue;
    booked.set(event.fill.execId, (booked.get(event.fill.execId) ?? 0) + 1);
  }
  for (const execution of gateway.executions) {
    const { execId } = execution;
    const times = booked.get(execId) ?? 0;
    booked.delete(execId);
    if (times !== 1) fault(`execution ${execId} was booked ${times} times`);
    const fill = state.fills.get(execId);
    if (fill === undefined) continue;
    const same =
      equals(fill.quantity, quantity(execution.quantity)) &&
      equals(fill.price, price(execution.price)) &&
      fill.side === execution.side &&
      fill.instrument === execution.instrument &&
      `${tag}:${fill.order ?? ''}` === execution.orderRef;
    if (!same) fault(`execution ${execId} was booked with other figures`);
    if (!charged(state, execution)) fault(`the commission of ${execId} is not the gateway's`);
  }
  for (const execId of booked.keys()) fault(`fill ${execId} is not at the gateway`);
}

function charged(state: State, { execId, commission }: GatewayExecution): boolean {
  const amount = state.charged.get(execId);
  return amount === undefined ? isZero(money(commission)) : equals(amount, money(commission));
}

function compareAccount({ state, gateway, fault }: Books): void {
  const cash = state.accounts.get(ACCOUNT)?.cash;
  if (cash === undefined || !equals(cash, money(gateway.meta.cash))) {
    fault(`cash ${cash && toText(cash)}, at the gateway ${gateway.meta.cash}`);
  }
  const there = new Map(gateway.positions.map((each) => [each.instrument, each.quantity]));
  for (const [key, position] of state.positions) {
    const [, instrument = ''] = key.split('|');
    const held = there.get(instrument) ?? '0';
    there.delete(instrument);
    if (!equals(position.quantity, quantity(held))) {
      fault(`${instrument}: ${toText(position.quantity)} in the book, ${held} at the gateway`);
    }
  }
  for (const [instrument, held] of there) {
    if (!isZero(quantity(held))) fault(`${instrument}: none in the book, ${held} at the gateway`);
  }
  for (const { instrument } of state.breaks.values()) fault(`${instrument}: a break is left open`);
}

/** What was under way at each kill, by what the next run found in the journal. */
function howRunsEnded({ records, gateway, tag }: Books) {
  const there = new Set(gateway.orders.map(({ order }) => order.orderRef));
  const approved = new Set<string>();
  const claimed = new Set<string>();
  const ends = { killsWithApprovedOrders: 0, killsWithSentOrders: 0 };
  const found = { arrivedUnseen: 0, neverArrived: 0 };
  let runs = 0;
  for (const { event } of records) {
    if (event.type === 'RunStarted') {
      runs += 1;
      if (approved.size > 0) ends.killsWithApprovedOrders += 1;
      if (claimed.size > 0) ends.killsWithSentOrders += 1;
      for (const id of claimed) {
        if (there.has(`${tag}:${id}`)) found.arrivedUnseen += 1;
        else found.neverArrived += 1;
      }
      approved.clear();
      claimed.clear();
    } else if (event.type === 'OrderSubmitted') {
      approved.add(event.order);
    } else if (event.type === 'OrderSent') {
      approved.delete(event.order);
      claimed.add(event.order);
    } else if ('order' in event && typeof event.order === 'string') {
      approved.delete(event.order);
      claimed.delete(event.order);
    }
  }
  return { runs, ...ends, ...found };
}

/** The query tables as they were kept, and made again from the journal. */
async function compareViews(evidence: Evidence, fault: (text: string) => void): Promise<void> {
  const { dataDir, databaseUrl } = evidence;
  const kept = await toldBy(evidence);
  const address = databaseUrl === null ? null : parseDatabaseUrl(databaseUrl);
  const place = address === null ? { file: join(dataDir, 'views.db') } : { address };
  await (await ViewDatabase.recreate(place)).close();
  const again = await toldBy(evidence);
  for (const [list, text] of Object.entries(again)) {
    if (kept[list as keyof typeof kept] !== text) fault(`the query tables differ in their ${list}`);
  }
}

async function toldBy(evidence: Evidence) {
  const storage = await opened(evidence);
  try {
    const state = emptyState();
    for await (const record of storage.journal.read(0)) {
      evolve(state, record);
      storage.projector.recovered(record, state);
    }
    const { history } = storage;
    const any = { status: null, strategy: null, instrument: null };
    return {
      orders: await everything((query) => history.orders({ ...query, ...any })),
      fills: await everything((query) => history.fills({ ...query, strategy: null })),
      decisions: await everything((query) => history.decisions({ ...query, approved: null })),
      files: JSON.stringify(await history.instructionFiles(null)),
    };
  } finally {
    await storage.close();
  }
}

type Ask = Pick<Parameters<History['orders']>[0], 'first' | 'after'>;

async function everything<T>(ask: (query: Ask) => Promise<Page<T>>): Promise<string> {
  const lines: string[] = [];
  for (let after: string | null = null; ;) {
    const page: Page<T> = await ask({ first: 200, after });
    lines.push(...page.nodes.map((node) => JSON.stringify(node)));
    after = page.cursors.at(-1) ?? null;
    if (!page.hasNextPage || after === null) return lines.join('\n');
  }
}
