/** The requests about instruments and prices: contracts, quotes, ticks, bars. */
import { toText } from '../../domain/decimal';
import { BarBuilder } from './bars';
import type { GatewayCore } from './gateway-core';
import type { Bar, Listing } from './market';
import type { Asked } from './tws-account-requests';
import type { TwsClient } from './tws-client';
import { FieldReader, shown } from './tws-fields';
import { barSizeOf, durationOf, longerBars, MAX_BARS, mostBars, startOf } from './tws-history';
import {
  barTime,
  contractDataFields,
  historicalDataFields,
  tickPriceFields,
  tickSizeFields,
  tickStringFields,
} from './tws-messages';
import { readContract, type WireContract } from './tws-order-fields';
import { MAX_LINES, TICK_TYPES, type TickType } from './tws-subscriptions';
import { dateText, epochSeconds, minuteText, readTime, zonedTime } from './tws-time';
import { TO_CLIENT } from './tws-versions';

const UNKNOWN = 'No security definition has been found for the request';
const CENT_RULE = 26;
const FIRST_OWN_RULE = 9_001;
const TRADE_BARS: ReadonlySet<string> = new Set(['TRADES', 'ADJUSTED_LAST']);
const REAL_TIME_BAR = 5_000;

export class DataRequests {
  /** Market rules by number, one for each tick there is. */
  readonly #rules = new Map<number, string>();
  readonly #ruleOfTick = new Map<string, number>();

  constructor(private readonly core: GatewayCore) {
    for (const { instrument } of core.market.listings) {
      const tick = toText(instrument.tickSize);
      if (this.#ruleOfTick.has(tick)) continue;
      const number = tick === '0.01' ? CENT_RULE : FIRST_OWN_RULE + this.#rules.size;
      this.#rules.set(number, tick);
      this.#ruleOfTick.set(tick, number);
    }
  }

  contracts({ client, fields }: Asked): void {
    const reader = new FieldReader(fields, 2);
    const reqId = reader.id('reqId');
    const listing = this.#listing(client, reqId, readContract(reader));
    if (listing === undefined) return;
    const hours = this.core.market.sessions().map(({ open, close }) => {
      const at = (time: number): string => `${dateText(time)}:${minuteText(time).replace(':', '')}`;
      return `${at(open)}-${at(close)}`;
    });
    const ruleId = this.#ruleOfTick.get(toText(listing.instrument.tickSize)) ?? CENT_RULE;
    const about = { reqId, listing, hours: hours.join(';'), ruleId };
    client.send(contractDataFields(about, client.version));
    client.send([TO_CLIENT.CONTRACT_DATA_END, '1', String(reqId)]);
  }

  marketRule({ client, fields }: Asked): void {
    const number = new FieldReader(fields).id('marketRuleId');
    const tick = this.#rules.get(number);
    if (tick === undefined) {
      client.error(-1, 321, `Error validating request.-'cA' : cause - no market rule ${number}`);
    } else client.send([TO_CLIENT.MARKET_RULE, String(number), '1', '0', tick]);
  }

  matchingSymbols({ client, fields }: Asked): void {
    const reader = new FieldReader(fields);
    const reqId = reader.id('reqId');
    const pattern = reader.text('pattern').toUpperCase();
    const found = this.core.market.listings.filter(
      ({ instrument, longName }) =>
        pattern !== '' && (instrument.symbol.startsWith(pattern) || longName.includes(pattern)),
    );
    const issuer = client.version >= 176;
    const each = found.flatMap(({ conId, instrument, primaryExchange, longName }) => [
      ...[String(conId), instrument.symbol, 'STK', primaryExchange, instrument.currency, '0'],
      ...(issuer ? [longName, ''] : []),
    ]);
    client.send([TO_CLIENT.SYMBOL_SAMPLES, String(reqId), String(found.length), ...each]);
  }

  quotes({ client, subscriptions, fields }: Asked): void {
    const reader = new FieldReader(fields, 2);
    const reqId = reader.id('reqId');
    const contract = readContract(reader);
    if (reader.flag('deltaNeutral')) reader.skip(3);
    reader.skip(1); // generic ticks: none but the usual ones are there
    const snapshot = reader.flag('snapshot');
    if (subscriptions.quotes.has(reqId)) {
      client.error(reqId, 102, 'Duplicate ticker ID.');
      return;
    }
    const listing = this.#listing(client, reqId, contract);
    if (listing === undefined) return;
    if (!snapshot && subscriptions.quotes.size >= MAX_LINES) {
      client.error(reqId, 101, 'Max number of tickers has been reached.');
      return;
    }
    client.send([TO_CLIENT.MARKET_DATA_TYPE, '1', String(reqId), '1']);
    const tick = toText(listing.instrument.tickSize);
    client.send([TO_CLIENT.TICK_PARAMETERS, String(reqId), tick, '9c0001', '3']);
    this.#tellSoFar(client, reqId, listing);
    if (snapshot) client.send([TO_CLIENT.SNAPSHOT_END, '1', String(reqId)]);
    else subscriptions.quotes.set(reqId, listing.instrument.key);
  }

  /** What is known of an instrument at this moment: quote, last, the day, the close before. */
  #tellSoFar(client: TwsClient, reqId: number, { instrument }: Listing): void {
    const { key } = instrument;
    const quote = this.core.quotes.get(key);
    if (quote !== undefined) {
      client.send(tickPriceFields(reqId, 1, { price: quote.bid, size: quote.bidSize }));
      client.send(tickPriceFields(reqId, 2, { price: quote.ask, size: quote.askSize }));
      client.send(tickSizeFields(reqId, 0, quote.bidSize));
      client.send(tickSizeFields(reqId, 3, quote.askSize));
    }
    const now = this.core.now();
    const days = this.core.market.bars({ instrument: key, from: 0, to: Infinity, size: 'DAY' });
    const today = days.at(-1);
    const last = this.core.lastPrices.get(key);
    const isToday = today !== undefined && dateText(today.at) === dateText(now);
    const before = isToday ? days.at(-2) : today;
    const price = (type: number, text: string): void => {
      client.send(tickPriceFields(reqId, type, { price: text, size: '0' }));
    };
    if (last !== undefined) price(4, last);
    if (isToday) {
      price(6, today.high);
      price(7, today.low);
      client.send(tickSizeFields(reqId, 8, String(today.volume)));
      price(14, today.open);
      client.send(tickStringFields(reqId, 45, epochSeconds(now)));
    }
    if (before !== undefined) price(9, before.close);
  }

  ticks({ client, subscriptions, fields }: Asked): void {
    const reader = new FieldReader(fields);
    const reqId = reader.id('reqId');
    const contract = readContract(reader);
    const asked = reader.text('tickType');
    const type = (Object.keys(TICK_TYPES) as TickType[]).find((each) => each === asked);
    if (subscriptions.ticks.has(reqId)) {
      client.error(reqId, 102, 'Duplicate ticker ID.');
      return;
    }
    if (type === undefined) {
      const text = `tickType ${shown(asked)} is not Last, AllLast, BidAsk or MidPoint`;
      client.error(reqId, 321, `Error validating request.-'cF' : cause - ${text}`);
      return;
    }
    const listing = this.#listing(client, reqId, contract);
    if (listing === undefined) return;
    subscriptions.ticks.set(reqId, { instrument: listing.instrument.key, type });
  }

  realTimeBars({ client, subscriptions, fields }: Asked): void {
    const reader = new FieldReader(fields, 2);
    const reqId = reader.id('reqId');
    const contract = readContract(reader);
    reader.skip(1); // bar size: five seconds is the only one
    const what = reader.text('whatToShow');
    const listing = this.#listing(client, reqId, contract);
    if (listing === undefined) return;
    if (what !== 'TRADES') {
      const text = `real-time bars of ${shown(what)}: only TRADES are here`;
      client.error(reqId, 321, `Error validating request.-'bM' : cause - ${text}`);
      return;
    }
    const instrument = listing.instrument.key;
    subscriptions.bars.set(reqId, { instrument, size: REAL_TIME_BAR, builder: null });
  }

  history({ client, subscriptions, fields }: Asked): void {
    const reader = new FieldReader(fields);
    const reqId = reader.id('reqId');
    const contract = readContract(reader);
    reader.skip(1); // includeExpired
    const [end, sizeText, length] = [reader.text('endDateTime'), reader.text(''), reader.text('')];
    reader.skip(1); // useRTH: there are no other hours here
    const what = reader.text('whatToShow');
    const epoch = reader.integer('formatDate', 1) === 2;
    const keepUp = reader.flag('keepUpToDate');
    const listing = this.#listing(client, reqId, contract);
    if (listing === undefined) return;
    const refuse = (text: string): void => {
      client.error(reqId, 162, `Historical Market Data Service error message:${text}`);
    };
    const [size, duration] = [barSizeOf(sizeText), durationOf(length)];
    const to = end === '' ? this.core.now() + 1 : readTime(end);
    if (!TRADE_BARS.has(what)) {
      refuse(`no data of type ${shown(what)}: TRADES and ADJUSTED_LAST are here`);
    } else if (size === undefined) refuse(`invalid bar size ${shown(sizeText)}`);
    else if (duration === undefined) refuse(`invalid duration ${shown(length)}`);
    else if (to === undefined) refuse(`invalid end time ${shown(end)}`);
    else {
      const instrument = listing.instrument.key;
      const from = startOf(this.core.market, { instrument, to, duration });
      const most = mostBars(this.core.market, { instrument, from, to, size });
      if (most > 2 * MAX_BARS) return refuse(`up to ${most} bars; at most ${MAX_BARS} a request`);
      const bars = this.#bars({ instrument, from, to, size });
      if (bars.length === 0) refuse('HMDS query returned no data');
      else if (bars.length > MAX_BARS) refuse(`${bars.length} bars; at most ${MAX_BARS} a request`);
      else {
        const daily = typeof size === 'string';
        this.#tellBars(client, { reqId, from, to, bars, daily, epoch });
        const kept = size === 'WEEK' || size === 'MONTH' ? 'DAY' : size;
        const last = bars.at(-1) ?? null;
        if (keepUp) {
          subscriptions.histories.set(reqId, { instrument, size: kept, daily, epoch, last });
        }
      }
    }
  }

  #bars(question: {
    readonly instrument: string;
    readonly from: number;
    readonly to: number;
    readonly size: NonNullable<ReturnType<typeof barSizeOf>>;
  }): Bar[] {
    const { size } = question;
    if (size !== 'WEEK' && size !== 'MONTH') return this.core.market.bars({ ...question, size });
    return longerBars(this.core.market.bars({ ...question, size: 'DAY' }), size);
  }

  #tellBars(
    client: TwsClient,
    answer: {
      readonly reqId: number;
      readonly from: number;
      readonly to: number;
      readonly bars: readonly Bar[];
      readonly daily: boolean;
      readonly epoch: boolean;
    },
  ): void {
    const { reqId, bars, daily, epoch } = answer;
    const { version } = client;
    const [from, to] = [zonedTime(answer.from, version), zonedTime(answer.to, version)];
    const time = (bar: Bar): string => barTime(bar, { daily, epoch }, version);
    client.send(historicalDataFields({ reqId, from, to, bars }, time));
  }

  headTimestamp({ client, fields }: Asked): void {
    const reader = new FieldReader(fields);
    const reqId = reader.id('reqId');
    const contract = readContract(reader);
    reader.skip(3); // includeExpired, useRTH, whatToShow
    const epoch = reader.integer('formatDate', 1) === 2;
    const listing = this.#listing(client, reqId, contract);
    if (listing === undefined) return;
    const at = this.core.market.head(listing.instrument.key);
    const text = epoch ? epochSeconds(at) : new Date(at).toISOString().slice(0, 19);
    const written = epoch ? text : text.replaceAll('-', '').replace('T', '-');
    client.send([TO_CLIENT.HEAD_TIMESTAMP, String(reqId), written]);
  }

  #listing(client: TwsClient, reqId: number, contract: WireContract): Listing | undefined {
    const listing = this.core.listingOf(contract);
    if (listing === undefined) client.error(reqId, 200, UNKNOWN);
    return listing;
  }
}

/** The bar that is being filled at a time; a finished one is handed to `done`. */
export function barAt(
  stream: { readonly size: number; builder: BarBuilder | null },
  at: number,
  done: (builder: BarBuilder) => void,
): BarBuilder {
  const start = Math.floor(at / stream.size) * stream.size;
  if (stream.builder !== null && stream.builder.at !== start) {
    if (!stream.builder.empty) done(stream.builder);
    stream.builder = null;
  }
  stream.builder ??= new BarBuilder(start, '');
  return stream.builder;
}
