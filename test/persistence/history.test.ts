// Questions to the history: pages, filters, exact numbers, and what happens when its tables are of
// another journal, damaged, or their database is away.

import { closeSync, openSync, rmSync, statSync, writeSync } from 'node:fs';
import Database from 'libsql';
import { money, price, quantity, toText } from '../../src/domain/decimal';
import type { Event } from '../../src/domain/event';
import type { Fill } from '../../src/domain/fill';
import type { Order, OrderStatus } from '../../src/domain/order';
import type { LocalJournal } from '../../src/domain/ports';
import { emptyState, type State } from '../../src/engine/core/state';
import { keyText } from '../../src/persistence/backlog';
import { SqlHistory } from '../../src/persistence/history';
import { SqliteJournal } from '../../src/persistence/journal';
import { Projector } from '../../src/persistence/projector';
import { HistoryUnavailable, InvalidCursor } from '../../src/persistence/storage-error';
import { ViewDatabase } from '../../src/persistence/view-database';
import type { DatabaseAddress } from '../../src/persistence/database-url';
import { CuttingProxy } from '../support/cutting-proxy';
import { describeWithMySql, sql } from '../support/mysql';
import { serverPlace, VIEW_PLACES, type TestPlace } from '../support/tables';
import { openDesk, type Desk } from '../support/trading-kit';

const ANY = { status: null, strategy: null, instrument: null, after: null } as const;

let template: Order;
beforeAll(async () => {
  const desk = await openDesk();
  await desk.place('AAPL', 'BUY 10 limit 9');
  template = [...desk.state.orders.values()][0]!;
});

function orderNamed(id: string, changes: Partial<Order> = {}): Order {
  return { ...template, id, requestId: id, ...changes };
}
function fillNamed(execId: string, changes: Partial<Fill> = {}): Fill {
  return {
    ...{ execId, order: null, strategy: null, account: 'DU1', instrument: 'AAPL', side: 'BUY' },
    ...{ quantity: quantity('1'), price: price('10'), at: 5 },
    ...changes,
  };
}

/** A journal and the little of the engine's state that the tables are filled from. */
class Book {
  readonly journal: LocalJournal = new SqliteJournal(':memory:');
  readonly state: State = emptyState();
  readonly logged: string[] = [];
  projector!: Projector;
  history!: SqlHistory;

  constructor(readonly place: TestPlace) {}
  async open(keep = 10_000): Promise<this> {
    this.projector = await Projector.open({
      ...{ place: this.place.view, journal: this.journal, keep },
      log: (level, message) => this.logged.push(`${level} ${message}`),
    });
    for (const record of this.journal.read(0)) this.projector.recovered(record, this.state);
    this.history = new SqlHistory(this.projector);
    return this;
  }
  tell(...events: Event[]): void {
    for (const event of events) {
      if (event.type === 'OrderArmed') this.state.orders.set(event.order.id, event.order);
      if (event.type === 'OrderFilled') this.state.fills.set(event.fill.execId, event.fill);
    }
    const records = this.journal.append({ inputId: 'test', at: 1, events });
    this.projector.project(records, this.state);
  }
  arm(id: string, changes: Partial<Order> = {}): void {
    this.tell({ type: 'OrderArmed', order: orderNamed(id, changes) });
  }
  fill(execId: string, changes: Partial<Fill> = {}): void {
    const amounts = { holdingAfter: quantity('1'), realized: money('0') };
    this.tell({ type: 'OrderFilled', fill: fillNamed(execId, changes), ...amounts });
  }
  async ids(query: Partial<Parameters<SqlHistory['orders']>[0]> = {}): Promise<string[]> {
    const { nodes } = await this.history.orders({ first: 200, ...ANY, ...query });
    return nodes.map(({ id }) => id);
  }
}

describe.each(VIEW_PLACES)('the history on %s', (_, makePlace) => {
  let place: TestPlace;
  let book: Book;
  beforeEach(async () => {
    place = await makePlace();
    book = await new Book(place).open();
  });
  afterEach(async () => {
    await book.projector.close();
    await place.remove();
  });

  it('has entities and tables that agree: no migration is missing', async () => {
    const database = await ViewDatabase.open(place.view);
    expect(await database.differs()).toBe(false);
    await database.close();
  });

  it('gives pages newest first, each order once, while new ones come', async () => {
    for (let n = 1; n <= 9; n += 1) book.arm(`ord-${n}`);
    const first = await book.history.orders({ ...ANY, first: 4 });
    expect(first.nodes.map(({ id }) => id)).toEqual(['ord-9', 'ord-8', 'ord-7', 'ord-6']);
    expect([first.hasNextPage, first.cursors.length]).toEqual([true, 4]);
    book.arm('ord-10');
    const after = first.cursors[3]!;
    const second = await book.history.orders({ ...ANY, first: 4, after });
    expect(second.nodes.map(({ id }) => id)).toEqual(['ord-5', 'ord-4', 'ord-3', 'ord-2']);
    const last = await book.history.orders({ ...ANY, first: 4, after: second.cursors[3]! });
    expect([last.nodes.length, last.hasNextPage]).toEqual([1, false]);
  });

  it('filters by status, strategy and instrument', async () => {
    const told: [string, OrderStatus, string, string][] = [
      ['a', 'ARMED', 's1', 'AAPL'],
      ['b', 'FILLED', 's1', 'MSFT'],
      ['c', 'FILLED', 's2', 'AAPL'],
      ['d', 'CANCELLED', 'S1', 'AAPL'],
    ];
    for (const [id, status, strategy, instrument] of told) {
      book.arm(id, { status, strategy, instrument });
    }
    expect(await book.ids({ status: ['FILLED', 'ARMED'] })).toEqual(['c', 'b', 'a']);
    expect(await book.ids({ status: [] })).toEqual([]);
    expect(await book.ids({ strategy: 's1' })).toEqual(['b', 'a']);
    expect(await book.ids({ instrument: 'AAPL', status: ['FILLED'] })).toEqual(['c']);
    expect(await book.ids({ strategy: "'; DROP TABLE view_order; --" })).toEqual([]);
  });

  it('tells a fill with its commission, known before or after it', async () => {
    book.tell({ type: 'CommissionCharged', execId: 'x1.01', amount: money('1.25') });
    book.fill('x1.01', { order: 'ord-1', strategy: 's1' });
    book.fill('x2.01', { order: 'ord-1', strategy: 's2' });
    expect((await book.history.fill('x1.01'))?.commission).toEqual(money('1.25'));
    expect((await book.history.fill('x2.01'))?.commission).toBeNull();
    book.tell({ type: 'CommissionCharged', execId: 'x2.01', amount: money('0') });
    expect((await book.history.fill('x2.01'))?.commission).toEqual(money('0'));
    const of = await book.history.fillsOf('ord-1');
    expect(of.map(({ fill }) => fill.execId)).toEqual(['x1.01', 'x2.01']);
    const mine = await book.history.fills({ first: 5, after: null, strategy: 's2' });
    expect(mine.nodes.map(({ sequence }) => sequence)).toEqual([3]);
    expect(await book.history.fill('x3')).toBeNull();
  });

  it('replaces a corrected fill, with its commission and the profit of later ones', async () => {
    const sale = fillNamed('x2.01', { side: 'SELL', price: price('12') });
    book.fill('x1.01');
    book.tell({ type: 'CommissionCharged', execId: 'x1.01', amount: money('1') });
    book.tell({
      type: 'OrderFilled',
      fill: sale,
      holdingAfter: quantity('0'),
      realized: money('2'),
    });
    await book.history.fill('x1.01');
    const fill = fillNamed('x1.02', { price: price('9') });
    book.state.fills.clear();
    for (const each of [fill, sale]) book.state.fills.set(each.execId, each);
    book.tell({ type: 'FillCorrected', replaces: 'x1.01', fill });
    expect(await book.history.fill('x1.01')).toBeNull();
    const { nodes } = await book.history.fills({ first: 9, after: null, strategy: null });
    expect(nodes.map((each) => [each.fill.execId, each.sequence, each.realized])).toEqual([
      ['x1.02', 4, money('0')],
      ['x2.01', 3, money('3')],
    ]);
    expect(nodes[0]?.commission).toEqual(money('1'));
  });

  it('keeps numbers of any size to the last digit', async () => {
    const exact = '123456789012345678.123456789012345678';
    const order = orderNamed('big', { filledValue: money(exact), limitPrice: price(exact) });
    book.tell({ type: 'OrderArmed', order });
    const fill = fillNamed('x', {
      price: price(exact),
      quantity: quantity('0.000000000000000001'),
    });
    const realized = money(`-${exact}`);
    book.tell({ type: 'OrderFilled', fill, holdingAfter: quantity('1'), realized });
    book.tell({ type: 'CommissionCharged', execId: 'x', amount: money(exact) });
    const [told] = (await book.history.orders({ first: 1, ...ANY })).nodes;
    expect(told).toEqual(order);
    const booked = await book.history.fill('x');
    expect(booked).toEqual({ fill, sequence: 2, commission: money(exact), realized });
    expect(toText(booked!.realized)).toBe(`-${exact}`);
  });

  it('tells every order, decision and file as the engine had it', async () => {
    const desk = await openDesk({ rules: 'shipped' });
    await desk.tick('AAPL', '10');
    await desk.place('AAPL', 'BUY 10 market');
    await desk.place('AAPL', 'BUY 100000000 market');
    book = await swapped(book, desk);
    const refused = await book.history.decisions({ first: 9, after: null, approved: false });
    const passed = await book.history.decisions({ first: 9, after: null, approved: true });
    expect([refused.nodes.length, passed.nodes.length]).toEqual([1, 1]);
    expect(await book.history.decision(passed.nodes[0]!.id)).toEqual(passed.nodes[0]);
    expect(await book.history.decision('dec-none')).toBeNull();
    const made = desk.events('DecisionMade').map(({ decision }) => decision);
    expect([...passed.nodes, ...refused.nodes]).toEqual(made);
  });

  it('tells instruction files newest first, of one day where it is named', async () => {
    const file = (id: string, tradingDate: string) => ({
      ...{ id, fileName: 'day.json', contentHash: 'h', strategy: 's', account: 'a', tradingDate },
      ...{ accepted: true, symbols: [{ symbol: 'AAPL', accepted: true, plan: 'pln-1' }] },
      ...{ findings: [], at: 7 },
    });
    const files = [file('f1', '2026-01-05'), file('f2', '2026-01-06'), file('f3', '2026-01-05')];
    for (const each of files) book.tell({ type: 'InstructionsRecorded', file: each });
    expect(await book.history.instructionFiles(null)).toEqual([...files].reverse());
    expect(await book.history.instructionFiles('2026-01-05')).toEqual([files[2], files[0]]);
    expect(await book.history.instructionFile('f2')).toEqual(files[1]);
    expect(await book.history.instructionFile('f9')).toBeNull();
  });

  it('refuses cursors of other lists, invented ones and pages of no size', async () => {
    book.arm('ord-1');
    const { cursors } = await book.history.orders({ first: 1, ...ANY });
    const fills = (after: string) => book.history.fills({ first: 1, after, strategy: null });
    for (const cursor of [cursors[0]!, 'x', '', Buffer.from('fill:-1').toString('base64url')]) {
      await expect(async () => fills(cursor)).rejects.toThrow(InvalidCursor);
    }
    for (const first of [0, 201, 1.5]) {
      await expect(book.history.orders({ ...ANY, first })).rejects.toThrow(RangeError);
    }
  });

  it('tells keys apart that are longer than a column', async () => {
    const long = 'x'.repeat(400);
    book.arm('a', { strategy: `${long}1` });
    book.arm('b', { strategy: `${long}2` });
    expect(await book.ids({ strategy: `${long}2` })).toEqual(['b']);
    expect(keyText(long)).toHaveLength(255);
  });

  it('goes on after a restart where it stopped', async () => {
    book.arm('ord-1');
    await book.projector.close();
    await book.open();
    book.arm('ord-2');
    expect(await book.ids()).toEqual(['ord-2', 'ord-1']);
    expect(book.logged).toEqual([]);
  });

  it('fills the tables again when they are of another journal, or ahead of it', async () => {
    for (const id of ['a', 'b', 'c']) book.arm(id);
    await book.projector.close();
    const other = await new Book(place).open();
    expect(other.logged).toEqual([expect.stringContaining('hold record 3')]);
    for (const id of ['d', 'e', 'f', 'g']) other.arm(id);
    expect(await other.ids()).toEqual(['g', 'f', 'e', 'd']);
    await other.projector.close();
    const closed: Event = { type: 'PlanClosed', plan: 'p', reason: '' };
    book.journal.append({ inputId: 'x', at: 1, events: [closed, closed] });
    await book.open();
    expect(book.logged).toEqual([expect.stringContaining('another journal')]);
    expect(await book.ids()).toEqual(['c', 'b', 'a']);
  });

  it('fills the tables again when they have another format', async () => {
    book.arm('a');
    await book.ids();
    await book.projector.close();
    const database = await ViewDatabase.open(place.view);
    await database.write([
      { kind: 'UPDATE', table: 'view_meta', column: 'format', rows: [[9, 1]] },
    ]);
    await database.close();
    await book.open();
    expect(book.logged).toEqual([expect.stringContaining('format 9')]);
    expect(await book.ids()).toEqual(['a']);
  });

  it('mends its tables by itself when one is gone', async () => {
    book.arm('a');
    await book.ids();
    if ('file' in place.view) {
      const db = new Database(place.view.file);
      db.exec('DROP TABLE view_order');
      db.close();
    } else {
      await sql('DROP TABLE view_order', place.view.address.database);
    }
    await expect(book.ids()).rejects.toThrow(HistoryUnavailable);
    expect(await eventually(() => book.ids())).toEqual(['a']);
    expect(book.logged.map((line) => line.split(' ')[0])).toEqual(['ERROR', 'WARNING', 'INFO']);
  });

  it('reads from the journal what did not fit into memory', async () => {
    await book.projector.close();
    await book.open(2);
    for (let n = 0; n < 500; n += 1) book.arm(`ord-${n}`);
    expect(await book.ids()).toHaveLength(200);
    expect((await book.ids())[0]).toBe('ord-499');
  });
});

/** The same tables, told what a desk has done. */
async function swapped(book: Book, desk: Desk): Promise<Book> {
  await book.projector.close();
  const other = new Book(book.place);
  Object.assign(other, { journal: desk.journal, state: desk.state });
  return other.open();
}

async function eventually<T>(ask: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await ask();
    } catch (cause) {
      if (!(cause instanceof HistoryUnavailable)) throw cause;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}

describeWithMySql('query tables on a server', () => {
  it('are filled once the server is back; until then the history says so', async () => {
    const place = await serverPlace();
    const { address } = place.view as { address: DatabaseAddress };
    const proxy = await CuttingProxy.open(address);
    const far = { ...address, host: '127.0.0.1', port: proxy.port };
    const book = await new Book({ ...place, view: { address: far } }).open();
    book.arm('a');
    expect(await book.ids()).toEqual(['a']);
    proxy.closed = true;
    proxy.cutNow();
    book.arm('b');
    await expect(book.ids()).rejects.toThrow(HistoryUnavailable);
    book.arm('c');
    await expect(book.ids()).rejects.toThrow(/Trading and live data go on/);
    proxy.closed = false;
    expect(await eventually(() => book.ids())).toEqual(['c', 'b', 'a']);
    expect(book.logged.map((line) => line.split(' ')[0])).toEqual(['ERROR', 'INFO']);
    await book.projector.close();
    await proxy.close();
    await place.remove();
  });
});

describe('query tables in a file', () => {
  let place: TestPlace;
  let book: Book;
  let file: string;
  beforeEach(async () => {
    place = await VIEW_PLACES[0]![1]();
    file = 'file' in place.view ? place.view.file : '';
    book = await new Book(place).open();
    for (let n = 0; n < 50; n += 1) book.arm(`ord-${n}`);
    await book.ids();
  });
  afterEach(async () => {
    await book.projector.close();
    await place.remove();
  });

  it.each(['its header', 'all of it'])('are filled again when %s is overwritten', async (what) => {
    await book.projector.close();
    const handle = openSync(file, 'r+');
    const bytes = what === 'its header' ? 100 : statSync(file).size;
    writeSync(handle, Buffer.alloc(bytes, 0x5a), 0, bytes, 0);
    closeSync(handle);
    await book.open();
    expect(book.logged).toEqual([expect.stringContaining('damaged')]);
    expect(await book.ids()).toHaveLength(50);
  });

  it('are filled again when the file was deleted', async () => {
    await book.projector.close();
    for (const ending of ['', '-wal', '-shm']) rmSync(file + ending, { force: true });
    await book.open();
    expect(await book.ids()).toHaveLength(50);
    expect(book.logged).toEqual([]);
  });

  it('never hold trading up: while another process has them, the history says so', async () => {
    const other = new Database(file);
    other.exec('BEGIN IMMEDIATE');
    for (let n = 0; n < 100; n += 1) book.arm(`more-${n}`);
    await expect(book.ids()).rejects.toThrow(/history is not available now: .*locked/);
    other.exec('ROLLBACK');
    other.close();
    expect(await eventually(() => book.ids())).toHaveLength(150);
    expect(book.logged.map((line) => line.split(' ')[0])).toEqual(['ERROR', 'INFO']);
  });
});
