// The history as a fold of journal records in memory, so that the API is tested without tables.

import { NO_MONEY, type Money } from '../../src/domain/decimal';
import type { JournalRecord } from '../../src/domain/event';
import type { BookedFill, History, Page, PageQuery } from '../../src/domain/ports';
import type { Decision } from '../../src/domain/verdict';
import type { State } from '../../src/engine/core/state';

class NoCursor extends Error {
  readonly code = 'INVALID';
}

/** `reads` counts the questions, so that a test can see how often it was asked. */
export class MemoryHistory implements History {
  reads = 0;

  constructor(
    private readonly state: () => State,
    private readonly records: () => readonly JournalRecord[],
  ) {}

  orders(query: Parameters<History['orders']>[0]) {
    const { status, strategy, instrument } = query;
    const all = [...this.state().orders.values()].filter(
      (order) =>
        (status === null || status.includes(order.status)) &&
        (strategy === null || order.strategy === strategy) &&
        (instrument === null || order.instrument === instrument),
    );
    return this.#page(query, all);
  }
  fills(query: Parameters<History['fills']>[0]) {
    const { strategy } = query;
    const all = this.#booked().filter(
      ({ fill }) => strategy === null || fill.strategy === strategy,
    );
    return this.#page(query, all);
  }
  fillsOf(order: string) {
    this.reads += 1;
    return Promise.resolve(this.#booked().filter(({ fill }) => fill.order === order));
  }
  fill(execId: string) {
    this.reads += 1;
    const found = this.#booked().find(({ fill }) => fill.execId === execId);
    return Promise.resolve(found ?? null);
  }
  decisions(query: Parameters<History['decisions']>[0]) {
    const { approved } = query;
    const all = this.#decisions().filter(
      (decision) => approved === null || decision.approved === approved,
    );
    return this.#page(query, all);
  }
  decision(id: string) {
    this.reads += 1;
    return Promise.resolve(this.#decisions().find((decision) => decision.id === id) ?? null);
  }
  instructionFiles(tradingDate: string | null) {
    const all = [...this.state().files.values()].reverse();
    const wanted = all.filter((file) => tradingDate === null || file.tradingDate === tradingDate);
    return Promise.resolve(wanted);
  }
  instructionFile(id: string) {
    return Promise.resolve(this.state().files.get(id) ?? null);
  }

  #decisions(): Decision[] {
    return this.records().flatMap(({ event }) =>
      event.type === 'DecisionMade' ? [event.decision] : [],
    );
  }
  #booked(): BookedFill[] {
    const charged = this.state().charged;
    return this.records().flatMap(({ sequence, event }) => {
      if (event.type !== 'OrderFilled' && event.type !== 'FillCorrected') return [];
      const { fill } = event;
      const realized: Money = event.type === 'OrderFilled' ? event.realized : NO_MONEY;
      return [{ fill, sequence, realized, commission: charged.get(fill.execId) ?? null }];
    });
  }
  #page<T>({ first, after }: PageQuery, oldestFirst: readonly T[]): Promise<Page<T>> {
    this.reads += 1;
    const found = after === null ? null : /^c(\d+)$/.exec(after);
    if (after !== null && found === null) return Promise.reject(new NoCursor(`no ${after} here`));
    const end = found === null ? oldestFirst.length : Number(found[1]);
    const places = oldestFirst.map((thing, place) => ({ thing, place })).slice(0, end);
    const shown = places.reverse().slice(0, first);
    return Promise.resolve({
      nodes: shown.map(({ thing }) => thing),
      cursors: shown.map(({ place }) => `c${place}`),
      hasNextPage: places.length > shown.length,
    });
  }
}
