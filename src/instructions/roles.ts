// What an order after the entry is for: by its comment, by its side, and by where its price lies
// beside the level of the entry. Must not know files or findings.

import { compare, type Price } from '../domain/decimal';
import type { Side } from '../domain/order';
import type { Direction } from '../domain/plan';

/** What a comment calls its order; a comment may name nothing, or several things. */
export interface CommentReading {
  readonly stop: boolean;
  readonly profit: boolean;
  /** Exit in general: a stop or a take-profit. */
  readonly exit: boolean;
  /** DCA or average: buys more when the price has gone against the position. */
  readonly dca: boolean;
  /** Another position, add: more, on either side. */
  readonly add: boolean;
}

/** Whole words, with a number after them (SL1, TP2); SLOW is no SL and address no add. */
function word(pattern: string): RegExp {
  return new RegExp(`(?<![\\p{L}\\p{N}])(?:${pattern})\\d*(?![\\p{L}\\p{N}])`, 'iu');
}
const STOP = word('stops?|stop ?loss|s/?l');
const PROFIT = word('take ?profit|t/?p|target');
const EXIT = word('exits?|close position');
const DCA = word('dca|average|averaging');
const ADD = word('another position|add');

export function readComment(written: string): CommentReading {
  const comment = written.normalize('NFKC').replace(/[\s\p{Pd}_]+/gu, ' ');
  return {
    stop: STOP.test(comment),
    profit: PROFIT.test(comment),
    exit: EXIT.test(comment),
    dca: DCA.test(comment),
    add: ADD.test(comment),
  };
}

/** Whether the comment wants to reduce or to add; null where it says neither, or both. */
export function wanted(reading: CommentReading): 'REDUCE' | 'ADD' | null {
  const reduces = reading.stop || reading.profit || reading.exit;
  const adds = reading.dca || reading.add;
  if (reduces === adds) return null;
  return reduces ? 'REDUCE' : 'ADD';
}

/** The comment calls it a stop and nothing else. */
export function isNamedStop(reading: CommentReading): boolean {
  return reading.stop && !reading.profit && wanted(reading) === 'REDUCE';
}

/** The word a message uses for what the comment calls the order. */
export function nameOf(reading: CommentReading): string {
  if (reading.stop) return 'a stop';
  if (reading.profit) return 'a take-profit';
  if (reading.exit) return 'an exit';
  return reading.dca ? 'a DCA order' : 'another position';
}

export function reducingSide(direction: Direction): Side {
  return direction === 'LONG' ? 'SELL' : 'BUY';
}

export function addingSide(direction: Direction): Side {
  return direction === 'LONG' ? 'BUY' : 'SELL';
}

/** Where a price lies for a position entered at the level. */
export function sideOfLevel(price: Price, level: Price, direction: Direction): Where {
  const above = compare(price, level);
  if (above === 0) return 'LEVEL';
  return above > 0 === (direction === 'LONG') ? 'PROFIT' : 'LOSS';
}
export type Where = 'PROFIT' | 'LOSS' | 'LEVEL';

export type AfterEntry = 'STOP' | 'TAKE_PROFIT' | 'DCA' | 'PYRAMID';

/** The role an order would have if the entry filled at its level; there, a named stop is one. */
export function roleAt(where: Where, reduces: boolean, namedStop: boolean): AfterEntry {
  if (reduces) return where === 'LOSS' || (where === 'LEVEL' && namedStop) ? 'STOP' : 'TAKE_PROFIT';
  return where === 'PROFIT' ? 'PYRAMID' : 'DCA';
}
