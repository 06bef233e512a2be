/**
 * Which instrument a contract of the broker is, and which contract an instrument is. Instruments
 * that come by themselves, from a position or a fill, are announced before they are used. Knows no
 * order and no connection.
 */
import { SecType, type Contract } from '@stoqey/ib';
import type { OrderDirectory } from '../../domain/broker-link';
import { price, quantity } from '../../domain/decimal';
import type { InstrumentKey } from '../../domain/ids';
import type { Instrument } from '../../domain/instrument';
import { exchangeOf } from './exchanges';

interface Announcer {
  instrument(instrument: Instrument): void;
  /** Said once for each contract that cannot be kept in the books. */
  leftOut(what: string): void;
}

/** Where nobody has said: US shares above one dollar. */
const USUAL_TICK = '0.01';
const ONE = '1';

export class Instruments {
  readonly #directory: OrderDirectory;
  readonly #announcer: Announcer;
  readonly #byKey = new Map<InstrumentKey, Instrument>();
  readonly #byConId = new Map<number, InstrumentKey>();
  readonly #conIds = new Map<InstrumentKey, number>();
  readonly #leftOut = new Set<number>();

  constructor(directory: OrderDirectory, announcer: Announcer) {
    this.#directory = directory;
    this.#announcer = announcer;
  }

  know(instrument: Instrument): void {
    this.#byKey.set(instrument.key, instrument);
    if (instrument.conId !== null) this.#link(instrument.key, instrument.conId);
  }

  byKey(key: InstrumentKey): Instrument | null {
    if (!this.#byKey.has(key)) this.#refresh();
    return this.#byKey.get(key) ?? null;
  }

  /** The key of a contract of the broker; null for anything but a stock. */
  keyOf(contract: Contract): InstrumentKey | null {
    const conId = contract.conId ?? 0;
    const known = this.#byConId.get(conId);
    if (known !== undefined) return known;
    if (contract.secType !== SecType.STK || conId <= 0 || !contract.symbol) {
      this.#leaveOut(contract);
      return null;
    }
    this.#refresh();
    const found = this.#byConId.get(conId) ?? this.#bySymbol(contract);
    if (found !== undefined) {
      this.#link(found, conId);
      const instrument = this.#byKey.get(found);
      // It was added before the broker had named its own id of it.
      if (instrument?.conId === null) this.#announcer.instrument({ ...instrument, conId });
      return found;
    }
    return this.#announce(contract, conId);
  }

  /** Whether it is certainly no stock: nothing of it is kept then, which is said once. */
  leavesOut(contract: Contract): boolean {
    const { secType } = contract;
    if (!secType || secType === SecType.STK) return false;
    this.#leaveOut(contract);
    return true;
  }

  /** The contract to order or to ask about. */
  contractOf({ key, symbol, exchange, currency, conId }: Instrument): Contract {
    const id = conId ?? this.#conIds.get(key);
    const primary = exchangeOf(exchange);
    return {
      symbol,
      secType: SecType.STK,
      exchange: 'SMART',
      currency,
      ...(id === undefined ? {} : { conId: id }),
      ...(primary === undefined ? {} : { primaryExch: primary }),
    };
  }

  #link(key: InstrumentKey, conId: number): void {
    this.#byConId.set(conId, key);
    this.#conIds.set(key, conId);
  }

  #refresh(): void {
    for (const instrument of this.#directory.instruments()) {
      if (this.#byKey.get(instrument.key) !== instrument) this.know(instrument);
    }
  }

  /**
   * One that was added before the broker was asked for its id. Where an execution took place says
   * nothing about where the share is listed.
   */
  #bySymbol({ symbol, currency }: Contract): InstrumentKey | undefined {
    const fits = [...this.#byKey.values()].filter(
      (each) => each.symbol === symbol && each.currency === currency && !this.#conIds.has(each.key),
    );
    return fits.length === 1 ? fits[0]?.key : undefined;
  }

  #announce({ symbol = '', currency = '' }: Contract, conId: number): InstrumentKey {
    const names = [symbol, `${symbol}.${currency}`];
    const key = names.find((name) => !this.#byKey.has(name)) ?? `${symbol}.${conId}`;
    const instrument: Instrument = {
      ...{ key, symbol, currency, conId, exchange: '', averageVolume: null },
      ...{ tickSize: price(USUAL_TICK), lotSize: quantity(ONE) },
      // No exchange is told; in dollars it is a US share more often than not.
      calendar: currency === 'USD' ? 'XNYS' : 'UTC',
    };
    this.know(instrument);
    this.#announcer.instrument(instrument);
    return key;
  }

  #leaveOut({ conId = 0, secType, localSymbol, symbol, currency }: Contract): void {
    if (this.#leftOut.has(conId)) return;
    this.#leftOut.add(conId);
    const name = localSymbol === undefined || localSymbol === '' ? symbol : localSymbol;
    this.#announcer.leftOut(`${name ?? '?'} (${secType ?? '?'}, ${currency ?? '?'})`);
  }
}
