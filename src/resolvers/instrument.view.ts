/** Maps an instrument and its quote to the API. */
import { price } from '../domain/decimal';
import type { LatestQuote } from '../domain/desk';
import type { Instrument } from '../domain/instrument';
import type { ApiInstrument, ApiQuote } from '../schema/instrument';
import type { Amount } from '../schema/scalars';
import { instrumentId } from './ids';
import type { Views } from './views';

export class InstrumentView implements ApiInstrument {
  readonly typeName = 'Instrument';
  readonly id: string;
  readonly key: string;
  readonly symbol: string;
  readonly exchange: string;
  readonly currency: string;
  readonly tickSize: Amount;
  readonly conId: number | null;

  constructor(
    private readonly views: Views,
    instrument: Instrument,
  ) {
    this.id = instrumentId(instrument.key);
    this.key = instrument.key;
    this.symbol = instrument.symbol;
    this.exchange = instrument.exchange;
    this.currency = instrument.currency;
    this.tickSize = instrument.tickSize;
    this.conId = instrument.conId;
  }

  get lastPrice(): Amount | null {
    const last = this.views.engine.market.last(this.key);
    return last === undefined ? null : price(last.priceText);
  }
}

export class QuoteView implements ApiQuote {
  readonly key: string;
  readonly bid: Amount | null;
  readonly ask: Amount | null;
  readonly last: Amount | null;
  readonly at: number;

  constructor(
    private readonly views: Views,
    { instrument, bid, ask, last, at }: LatestQuote,
  ) {
    this.key = instrument;
    this.bid = bid;
    this.ask = ask;
    this.last = last;
    this.at = at;
    // Frozen: whoever hands it on may do the work for it once, whoever asked.
    Object.freeze(this);
  }

  get instrument(): ApiInstrument {
    return this.views.instrument(this.key);
  }
}
