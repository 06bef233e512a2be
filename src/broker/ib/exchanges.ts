/**
 * The broker's names of the US stock exchanges and their ISO 10383 codes, both ways.
 */
import type { CalendarKey } from '../../domain/instrument';

const CODES: ReadonlyMap<string, string> = new Map([
  ['NASDAQ', 'XNAS'],
  ['ISLAND', 'XNAS'],
  ['NYSE', 'XNYS'],
  ['ARCA', 'ARCX'],
  ['AMEX', 'XASE'],
  ['BATS', 'BATS'],
  ['IEX', 'IEXG'],
  ['PINK', 'OTCM'],
]);
const NAMES: ReadonlyMap<string, string> = new Map([
  ['XNAS', 'NASDAQ'],
  ['XNYS', 'NYSE'],
  ['ARCX', 'ARCA'],
  ['XASE', 'AMEX'],
  ['BATS', 'BATS'],
  ['IEXG', 'IEX'],
  ['OTCM', 'PINK'],
]);

/** NASDAQ.NMS and the like name a tier behind the point. */
export function micOf(name: string): string {
  return CODES.get(name.split('.')[0] ?? '') ?? '';
}
/** Undefined where the broker's name is not known. */
export function exchangeOf(mic: string): string | undefined {
  return NAMES.get(mic);
}
/** All of them keep New York's sessions; anything else follows the UTC day. */
export function calendarOf(mic: string): CalendarKey {
  return NAMES.has(mic) ? 'XNYS' : 'UTC';
}
