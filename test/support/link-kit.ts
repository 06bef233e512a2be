// A trading desk behind a broker link, for tests: the broker keeps its own truth, may be deaf, mute
// or at its pace, and answers with snapshots of what it knows. Restarts are new engines over the
// journal, or over a part of it. Must not know what any test expects.

import type { BrokerOrder, BrokerPosition, BrokerSnapshot } from '../../src/domain/broker-link';
import { compare, minus, NO_QUANTITY, plus, price, quantity } from '../../src/domain/decimal';
import { toText, type Quantity } from '../../src/domain/decimal';
import type { BrokerReport, Command, Input } from '../../src/domain/input';
import type { Broker, CancelTarget, LocalJournal, OrderTicket } from '../../src/domain/ports';
import { signed } from '../../src/engine/core/ledger';
import { SqliteJournal } from '../../src/persistence/journal';
import { ACCOUNT, Desk, instrumentNamed, openDesk, ruleBook, STRATEGY } from './trading-kit';
import type { DeskOptions } from './trading-kit';

type Fill = Extract<BrokerReport, { kind: 'FILL' }>;
type TheirOrder = BrokerOrder & { readonly type: OrderTicket['type'] };

/** The broker's side: it outlives every engine. */
export class FarBroker implements Broker {
  /** Whether the session is READY. */
  up = false;
  /** How many more orders may leave before the pace allows another. */
  room = Infinity;
  /** Bytes of orders are lost on the way. */
  deaf = false;
  /** What was lost on the way, and may yet arrive. */
  readonly late: OrderTicket[] = [];
  /** Changes of orders it did not have: each would have been an order. */
  readonly ghosts: string[] = [];
  /** Why it takes no order like this; null: it takes it. */
  refuses: (ticket: OrderTicket) => string | null = () => null;
  /** Why it makes no change like this; null: it makes it. */
  refusesChange: (ticket: OrderTicket) => string | null = () => null;
  /** What it says is lost on the way. */
  mute = false;
  /** Everything that was written, in words: `place ord-00000001 SELL 10 STOP`. */
  readonly left: string[] = [];
  /** The orders that were placed, in full. */
  readonly tickets: OrderTicket[] = [];
  readonly orders = new Map<string, TheirOrder>();
  readonly executions = new Map<string, Fill>();
  readonly positions = new Map<string, BrokerPosition>();
  deliver: (report: BrokerReport) => void = () => undefined;
  refusedToSend = false;
  #permIds = 1_000;
  #executions = 0;
  readonly clientId = 7;

  canSend(): boolean {
    const can = this.up && this.room > 0;
    if (!can) this.refusedToSend = true;
    return can;
  }

  place(ticket: OrderTicket): void {
    const { order, brokerOrderId } = ticket;
    if (!this.up) return this.deliver({ kind: 'UNSENT', order, reason: 'the link is down' });
    this.room -= 1;
    this.left.push(`place ${words(ticket)}`);
    this.tickets.push(ticket);
    if (this.deaf) {
      this.late.push(ticket);
      return;
    }
    this.#take(ticket);
    const reason = this.refuses(ticket);
    if (reason !== null) {
      this.alter(order, { status: 'REJECTED', reason });
      this.say({ kind: 'REJECTED', order, reason });
      return;
    }
    const permId = this.#ofOrder(order).permId;
    this.say({ kind: 'ACCEPTED', order, brokerOrderId, permId });
  }

  modify(ticket: OrderTicket): void {
    const { order, quantity: size, limitPrice, stopPrice } = ticket;
    if (!this.up) return this.deliver({ kind: 'MODIFY_REFUSED', order, reason: 'link is down' });
    this.left.push(`modify ${words(ticket)}`);
    if (this.deaf) return;
    const [known] = this.#all(order);
    // As the real one: the message of a change under an id it does not have is a new order.
    if (known === undefined) {
      this.ghosts.push(order);
      return this.#take(ticket);
    }
    if (known.status !== 'WORKING') return;
    const reason = this.refusesChange(ticket);
    if (reason !== null) return this.say({ kind: 'MODIFY_REFUSED', order, reason });
    if (compare(size, known.filled) <= 0) this.#set({ ...known, quantity: size, status: 'FILLED' });
    else this.#set({ ...known, quantity: size, limitPrice, stopPrice });
    this.say({ kind: 'MODIFIED', order, quantity: size, limitPrice, stopPrice });
  }

  cancel({ order, brokerOrderId }: CancelTarget): void {
    if (!this.up && !this.listens) {
      return this.deliver({ kind: 'CANCEL_REFUSED', order, reason: 'the link is down' });
    }
    this.left.push(`cancel ${order}`);
    if (this.deaf) return;
    const there = this.#all(order).filter((each) => each.brokerOrderId === brokerOrderId);
    const known = there.find(({ status }) => status === 'WORKING');
    if (known === undefined) {
      const reason = 'no such order';
      const unknownThere = there.length === 0;
      this.say({ kind: 'CANCEL_REFUSED', order, reason, unknownThere });
      return;
    }
    this.#set({ ...known, status: 'CANCELLED' });
    this.say({ kind: 'CANCELLED', order, reason: 'cancelled as asked' });
  }

  /** While it synchronizes, cancels are heard already. */
  listens = false;

  /** Tells the engine, unless it is mute. */
  say(report: BrokerReport): void {
    if (!this.mute) this.deliver(report);
  }

  /** An execution of one of our orders. */
  fill(order: string, size: string, at: string): Fill {
    const known = this.#ofOrder(order);
    const filled = plus(known.filled, quantity(size));
    const whole = compare(filled, known.quantity) >= 0;
    this.#set({ ...known, filled, status: whole ? 'FILLED' : known.status });
    return this.execute({ order, side: known.side, instrument: known.instrument }, size, at);
  }

  /** Any execution. */
  execute(of: Pick<Fill, 'order' | 'side' | 'instrument'>, size: string, at: string): Fill {
    this.#executions += 1;
    const report: Fill = {
      ...{ kind: 'FILL', execId: `e${this.#executions}.01`, account: ACCOUNT },
      ...of,
      quantity: quantity(size),
      price: price(at),
    };
    this.book(report);
    return report;
  }

  /** A corrected version of an execution. */
  correct(fill: Fill, size: string, at = toText(fill.price)): Fill {
    this.executions.delete(fill.execId);
    const base = fill.execId.slice(0, -3);
    const next = Number(fill.execId.slice(-2)) + 1;
    const execId = `${base}.0${next}`;
    this.move(fill.instrument, signed(fill.side, minus(NO_QUANTITY, fill.quantity)));
    const report: Fill = { ...fill, execId, quantity: quantity(size), price: price(at) };
    this.book(report);
    return report;
  }

  book(fill: Fill): void {
    this.executions.set(fill.execId, fill);
    this.move(fill.instrument, signed(fill.side, fill.quantity));
    this.say(fill);
  }

  move(instrument: string, change: Quantity): void {
    const held = this.positions.get(instrument)?.quantity ?? NO_QUANTITY;
    const averageCost = price('10');
    const now = { account: ACCOUNT, instrument, quantity: plus(held, change), averageCost };
    this.positions.set(instrument, now);
  }

  /** Changes an order in the broker's own books, as a person in its own window would. */
  alter(order: string, changes: Partial<TheirOrder>): void {
    this.#set({ ...this.#ofOrder(order), ...changes });
  }

  /** An order of somebody else, or a second incarnation of ours. */
  add(changes: Partial<TheirOrder>): TheirOrder {
    this.#permIds += 1;
    const made: TheirOrder = {
      ...{ order: null, brokerOrderId: 0, clientId: 0, permId: String(this.#permIds) },
      ...{ account: ACCOUNT, instrument: 'AAPL', side: 'BUY', type: 'LIMIT' },
      ...{ quantity: quantity('5'), filled: NO_QUANTITY, limitPrice: price('9'), stopPrice: null },
      ...{ status: 'WORKING', reason: null },
      ...changes,
    };
    this.#set(made);
    return made;
  }

  forget(order: string): void {
    for (const each of this.#all(order)) this.orders.delete(each.permId);
  }

  snapshot(changes: Partial<BrokerSnapshot> = {}): BrokerSnapshot {
    const all = [...this.orders.values()];
    const used = all.map(({ brokerOrderId }) => brokerOrderId);
    return {
      ...{ epoch: 1, clientId: this.clientId, accounts: [ACCOUNT] },
      nextBrokerOrderId: Math.max(0, ...used) + 1,
      openOrders: all.filter(({ status }) => status === 'WORKING'),
      completedOrders: all.filter(({ status }) => status !== 'WORKING'),
      positions: [...this.positions.values()],
      ...changes,
    };
  }

  /** Distinct orders that ever carried a reference of ours. */
  incarnations(order: string): number {
    return this.#all(order).length;
  }

  /** What was lost on the way arrives after all. */
  arrive(): void {
    for (const ticket of this.late.splice(0)) this.#take(ticket);
  }

  #take(ticket: OrderTicket): void {
    const { order, brokerOrderId, account, instrument, side, type } = ticket;
    const { quantity: size, limitPrice, stopPrice } = ticket;
    this.add({
      ...{ order, brokerOrderId, clientId: this.clientId, account, instrument, side, type },
      ...{ quantity: size, limitPrice, stopPrice },
    });
  }
  #all(order: string): TheirOrder[] {
    return [...this.orders.values()].filter((each) => each.order === order);
  }
  #ofOrder(order: string): TheirOrder {
    const [found] = this.#all(order);
    if (found === undefined) throw new Error(`the broker has no ${order}`);
    return found;
  }
  #set(order: TheirOrder): void {
    this.orders.set(order.permId, order);
  }
}

function words({ order, side, quantity: size, type, limitPrice, stopPrice }: OrderTicket): string {
  const at = limitPrice ?? stopPrice;
  return [order, side, toText(size), type, ...(at === null ? [] : [toText(at)])].join(' ');
}

/** The engine of the moment and the broker behind it. */
export class LinkDesk {
  readonly far = new FarBroker();
  #desk: Desk;
  #inputs = 0;

  constructor(
    desk: Desk,
    private readonly options: DeskOptions,
  ) {
    this.#desk = desk;
    this.#attach();
  }

  get desk(): Desk {
    return this.#desk;
  }

  #attach(): void {
    const desk = this.#desk;
    this.far.deliver = (report) => {
      desk.deliver({ at: desk.clock.now(), report });
    };
  }

  /** An input from outside, worked off. */
  async input(input: Input): Promise<void> {
    this.#inputs += 1;
    const at = this.desk.clock.now();
    this.desk.engine.submit({ id: `link-${this.#inputs}`, at, input });
    await this.desk.engine.drain();
  }

  startRun(mode: 'DEMO' | 'REPLAY' = 'DEMO'): Promise<string | null> {
    return this.command({ kind: 'START_RUN', mode, inputsHash: 'i', ruleSetHash: 'r' });
  }
  command(command: Command): Promise<string | null> {
    return this.desk.command(command);
  }
  cancel(order: string): Promise<string | null> {
    return this.command({ kind: 'CANCEL_ORDER', order, reason: 'by hand' });
  }

  /** A connection: executions are told again, the snapshot is matched, then it is READY. */
  async connect(changes: Partial<BrokerSnapshot> = {}): Promise<void> {
    this.far.listens = true;
    for (const fill of this.far.executions.values()) this.far.say(fill);
    await this.input({ kind: 'LINK_SYNCHRONIZED', snapshot: this.far.snapshot(changes) });
    this.far.up = true;
    await this.input({ kind: 'LINK_OPENED' });
    await this.pace(this.far.room);
  }
  /** Another round of questions on the same connection, by default ten seconds later. */
  async again(changes: Partial<BrokerSnapshot> = {}, later = 10_000): Promise<void> {
    this.desk.clock.set(this.desk.clock.now() + later);
    await this.input({ kind: 'LINK_SYNCHRONIZED', snapshot: this.far.snapshot(changes) });
  }
  async drop(reason = 'the connection ended'): Promise<void> {
    this.far.up = false;
    this.far.listens = false;
    await this.input({ kind: 'LINK_LOST', reason });
  }
  /** So many orders may leave from now on. */
  async pace(room: number): Promise<void> {
    this.far.room = room;
    if (room <= 0 || !this.far.up || !this.far.refusedToSend) return;
    this.far.refusedToSend = false;
    await this.input({ kind: 'PACE_ALLOWS' });
  }

  /** Works off what the broker said by itself. */
  async heard(): Promise<void> {
    await this.desk.engine.drain();
  }
  async fill(leg: string, size: string, at: string): Promise<Fill> {
    const fill = this.far.fill(this.id(leg), size, at);
    await this.heard();
    return fill;
  }
  /** Shares that nobody of us ordered. */
  async foreign(side: 'BUY' | 'SELL', size: string, at: string): Promise<Fill> {
    const fill = this.far.execute({ order: null, side, instrument: 'AAPL' }, size, at);
    await this.heard();
    return fill;
  }
  id(leg: string): string {
    const { id } = this.desk.order(leg) ?? { id: leg };
    return id;
  }
  status(leg: string): string {
    return this.desk.order(leg).status;
  }

  /** The process ends and another begins, over the journal up to a record. */
  async restart(until = Infinity): Promise<void> {
    const before = this.desk;
    this.far.up = false;
    this.far.listens = false;
    const journal = copyOf(before.journal, until);
    this.#desk = new Desk(await ruleBook('none'), { ...this.options, journal });
    this.desk.clock.set(before.clock.now());
    before.journal.close();
    this.#attach();
    await this.startRun();
  }
}

/** A journal with the same records up to one. */
export function copyOf(journal: LocalJournal, until = Infinity): LocalJournal {
  const copy = new SqliteJournal(':memory:');
  for (const { sequence, inputId, at, event } of journal.read(0)) {
    if (sequence <= until) copy.append({ inputId, at, events: [event] });
  }
  return copy;
}

/** A desk in DEMO mode, its link not connected yet; the last price of AAPL is 10. */
export async function openLinkDesk(options: DeskOptions = {}): Promise<LinkDesk> {
  let link: LinkDesk | null = null;
  const far = (): Broker => {
    if (link === null) throw new Error('the desk has not been joined yet');
    return link.far;
  };
  const broker: Broker = {
    canSend: () => far().canSend(),
    place: (ticket) => {
      far().place(ticket);
    },
    modify: (ticket) => {
      far().modify(ticket);
    },
    cancel: (target) => {
      far().cancel(target);
    },
  };
  const all: DeskOptions = { ...options, broker: () => broker };
  const desk = await openDesk({ ...options, broker: () => NOBODY });
  link = new LinkDesk(desk, all);
  await link.restart();
  await link.desk.tick('AAPL', '10');
  return link;
}

const NOBODY: Broker = {
  canSend: () => false,
  place: () => undefined,
  modify: () => undefined,
  cancel: () => undefined,
};

/** The same, connected. */
export async function connectedDesk(options: DeskOptions = {}): Promise<LinkDesk> {
  const link = await openLinkDesk(options);
  await link.connect();
  return link;
}

export { ACCOUNT, instrumentNamed, STRATEGY };
