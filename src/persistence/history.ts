/**
 * The lists of what has happened, read from the query tables: one statement a page, newest first,
 * the next page found by key and not by counting; orders out of memory where they are near. It must
 * not know how the tables are filled.
 */
import { money } from '../domain/decimal';
import { decodeStored } from '../domain/event-codec';
import type { Fill } from '../domain/fill';
import type { DecisionId, ExecId, FileId, OrderId } from '../domain/ids';
import type { InstructionFileRecord } from '../domain/instruction';
import type { Order } from '../domain/order';
import type { BookedFill, History, Page, PageQuery } from '../domain/ports';
import type { Decision } from '../domain/verdict';
import { keyText } from './backlog';
import type { MadeOrders } from './made-orders';
import type { Projector } from './projector';
import { InvalidCursor } from './storage-error';
import type { Value } from './view-database';

const MOST = 200;

interface Listed {
  readonly sequence: number;
  readonly body: string;
}
interface ListedFill extends Listed {
  readonly realized: string;
  readonly amount: string | null;
}

/** Conditions and their values. */
class Where {
  readonly conditions: string[] = [];
  readonly values: Value[] = [];

  /** Nothing where the value is null: everything passes. */
  equals(column: string, value: string | number | null): this {
    if (value === null) return this;
    this.conditions.push(`${column} = ?`);
    this.values.push(value);
    return this;
  }
  oneOf(column: string, values: readonly string[] | null): this {
    if (values === null) return this;
    // No value at all: nothing passes.
    const marks = values.length === 0 ? 'NULL' : values.map(() => '?').join(', ');
    this.conditions.push(`${column} IN (${marks})`);
    this.values.push(...values);
    return this;
  }
  before(column: string, sequence: number | null): this {
    if (sequence === null) return this;
    this.conditions.push(`${column} < ?`);
    this.values.push(sequence);
    return this;
  }
  get text(): string {
    return this.conditions.length === 0 ? '' : `WHERE ${this.conditions.join(' AND ')}`;
  }
}

type List = 'order' | 'fill' | 'decision';

function cursorOf(list: List, sequence: number): string {
  return Buffer.from(`${list}:${sequence}`).toString('base64url');
}

/** @throws InvalidCursor */
function sequenceOf(list: List, cursor: string | null): number | null {
  if (cursor === null) return null;
  const text = Buffer.from(cursor, 'base64url').toString();
  const found = /^(\w+):(\d{1,15})$/.exec(text);
  if (found?.[1] !== list) throw new InvalidCursor(cursor);
  return Number(found[2]);
}

const FILLS = `SELECT f.sequence AS sequence, f.realized AS realized, f.body AS body,
  c.amount AS amount FROM view_fill f LEFT JOIN view_commission c ON c.id = f.charged_as`;

function bookedFill({ sequence, body, realized, amount }: ListedFill): BookedFill {
  return {
    fill: decodeStored<Fill>(body),
    sequence: Number(sequence),
    commission: amount === null ? null : money(amount),
    realized: money(realized),
  };
}

/** @throws RangeError */
function checkSize(first: number): void {
  if (Number.isInteger(first) && first >= 1 && first <= MOST) return;
  throw new RangeError(`a page holds 1 to ${MOST} rows, not ${first}`);
}

/** The page of rows that are one more than asked for where there is another page. */
function pageOf<R extends { readonly sequence: number }, T>(
  list: List,
  rows: readonly R[],
  { first, map }: { readonly first: number; readonly map: (row: R) => T },
): Page<T> {
  const shown = rows.slice(0, first);
  let cursors: readonly string[] | null = null;
  return {
    nodes: shown.map(map),
    hasNextPage: rows.length > first,
    // Made when somebody asks: most pages are read for their nodes.
    get cursors() {
      return (cursors ??= shown.map(({ sequence }) => cursorOf(list, Number(sequence))));
    },
  };
}

const decoded = <T>({ body }: Listed): T => decodeStored<T>(body);
const orNull = <T>([first]: readonly T[]): T | null => first ?? null;

type OrderQuery = Parameters<History['orders']>[0];

export class SqlHistory implements History {
  /** @param made - orders in memory, which are listed out of it; null: all lists are of tables */
  constructor(
    private readonly tables: Pick<Projector, 'rows' | 'upTo' | 'seen'>,
    private readonly made: MadeOrders | null = null,
  ) {}

  async orders(query: OrderQuery): Promise<Page<Order>> {
    const { first, status, strategy, instrument, after } = query;
    checkSize(first);
    const before = sequenceOf('order', after);
    if (this.made === null) return this.#storedOrders(query);
    const { found, rest } = this.made.newest({
      before,
      // One more than asked for: whether there is another page.
      most: first + 1,
      isWanted: (order) =>
        (status === null || status.includes(order.status)) &&
        (strategy === null || strategy === order.strategy) &&
        (instrument === null || instrument === order.instrument),
    });
    // A page is of one source: what is found may have changed until the tables have answered.
    if (rest !== null) return this.#storedOrders(query);
    return pageOf('order', found, { first, map: ({ order }) => order });
  }

  #storedOrders(query: OrderQuery): Promise<Page<Order>> {
    const { status, strategy, instrument, after } = query;
    const where = new Where()
      .oneOf('status', status)
      .equals('strategy', strategy === null ? null : keyText(strategy))
      .equals('instrument', instrument === null ? null : keyText(instrument))
      .before('sequence', sequenceOf('order', after));
    const sql = `SELECT sequence, body FROM view_order ${where.text} ORDER BY sequence DESC`;
    return this.#page('order', query, { sql, where, map: decoded<Order> });
  }

  fills(query: Parameters<History['fills']>[0]): Promise<Page<BookedFill>> {
    const { strategy, after } = query;
    const where = new Where()
      .equals('f.strategy', strategy === null ? null : keyText(strategy))
      .before('f.sequence', sequenceOf('fill', after));
    const sql = `${FILLS} ${where.text} ORDER BY f.sequence DESC`;
    return this.#page<ListedFill, BookedFill>('fill', query, { sql, where, map: bookedFill });
  }

  async fillsOf(order: OrderId): Promise<readonly BookedFill[]> {
    const sql = `${FILLS} WHERE f.order_id = ? ORDER BY f.sequence`;
    return (await this.#rows<ListedFill>(sql, [keyText(order)])).map(bookedFill);
  }

  async fill(execId: ExecId): Promise<BookedFill | null> {
    const rows = await this.#rows<ListedFill>(`${FILLS} WHERE f.id = ?`, [keyText(execId)]);
    return orNull(rows.map(bookedFill));
  }

  decisions(query: Parameters<History['decisions']>[0]): Promise<Page<Decision>> {
    const { approved, after } = query;
    const where = new Where()
      .equals('approved', approved === null ? null : Number(approved))
      .before('sequence', sequenceOf('decision', after));
    const sql = `SELECT sequence, body FROM view_decision ${where.text} ORDER BY sequence DESC`;
    return this.#page('decision', query, { sql, where, map: decoded<Decision> });
  }

  async decision(id: DecisionId): Promise<Decision | null> {
    const sql = 'SELECT sequence, body FROM view_decision WHERE id = ?';
    return orNull((await this.#rows<Listed>(sql, [keyText(id)])).map(decoded<Decision>));
  }

  async instructionFiles(tradingDate: string | null): Promise<readonly InstructionFileRecord[]> {
    const where = new Where().equals('trading_date', tradingDate);
    const sql = `SELECT sequence, body FROM view_file ${where.text} ORDER BY sequence DESC`;
    return (await this.#rows<Listed>(sql, where.values)).map(decoded<InstructionFileRecord>);
  }

  async instructionFile(id: FileId): Promise<InstructionFileRecord | null> {
    const sql = 'SELECT sequence, body FROM view_file WHERE id = ?';
    return orNull(
      (await this.#rows<Listed>(sql, [keyText(id)])).map(decoded<InstructionFileRecord>),
    );
  }

  async #page<R extends Listed, T>(
    list: List,
    { first }: PageQuery,
    ask: { readonly sql: string; readonly where: Where; readonly map: (row: R) => T },
  ): Promise<Page<T>> {
    checkSize(first);
    // One more than asked for: whether there is another page.
    const rows = await this.#rows<R>(`${ask.sql} LIMIT ${first + 1}`, ask.where.values);
    return pageOf(list, rows, { first, map: ask.map });
  }

  async #rows<R>(sql: string, values: readonly Value[]): Promise<readonly R[]> {
    await this.tables.upTo(this.tables.seen);
    return this.tables.rows<R>(sql, values);
  }
}
