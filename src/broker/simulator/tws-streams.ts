/** Tells clients what the market does: quotes, trades, growing bars, values that follow prices. */
import { BarBuilder } from './bars';
import type { GatewayCore, Quote } from './gateway-core';
import type { MarketEvent } from './market';
import type { AccountRequests } from './tws-account-requests';
import type { TwsClient } from './tws-client';
import { barAt } from './tws-data-requests';
import {
  barTime,
  historicalUpdateFields,
  realTimeBarFields,
  tickPriceFields,
  tickSizeFields,
  tickStringFields,
} from './tws-messages';
import { TICK_TYPES, type Subscriptions } from './tws-subscriptions';
import { epochSeconds } from './tws-time';
import { TO_CLIENT } from './tws-versions';

type TradeEvent = Extract<MarketEvent, { kind: 'TRADE' }>;
/** How often values are told that nobody traded for. */
const ACCOUNT_EVERY = 180_000;
const PROFIT_EVERY = 1_000;
const SECOND = 1_000;

interface Listener {
  readonly client: TwsClient;
  readonly subscriptions: Subscriptions;
}

export class MarketStreams {
  #accountAt = 0;
  #profitAt = 0;
  /** Shares traded today, counted on from where the day stood when it was first asked. */
  readonly #volumes = new Map<string, number>();

  constructor(
    private readonly core: GatewayCore,
    private readonly accounts: AccountRequests,
  ) {}

  moved(event: MarketEvent, listeners: readonly Listener[]): void {
    if (event.kind === 'OPEN') this.#volumes.clear();
    if (listeners.length === 0) return;
    const volume = event.kind === 'TRADE' ? this.#volume(event, listeners) : '';
    for (const listener of listeners) {
      if (event.kind === 'QUOTE') this.#quote(listener, event);
      if (event.kind === 'TRADE') this.#trade(listener, event, volume);
    }
    this.#follow(event.at, listeners);
  }

  #quote({ client, subscriptions }: Listener, quote: Quote): void {
    for (const [reqId, instrument] of subscriptions.quotes) {
      if (instrument !== quote.instrument) continue;
      client.send(tickPriceFields(reqId, 1, { price: quote.bid, size: quote.bidSize }));
      client.send(tickPriceFields(reqId, 2, { price: quote.ask, size: quote.askSize }));
      // Once more, as real gateways do: some clients drop the bid's size out of its price.
      client.send(tickSizeFields(reqId, 0, quote.bidSize));
      client.send(tickSizeFields(reqId, 3, quote.askSize));
    }
    for (const [reqId, { instrument, type }] of subscriptions.ticks) {
      if (instrument !== quote.instrument) continue;
      const head = [TO_CLIENT.TICK_BY_TICK, String(reqId), TICK_TYPES[type]];
      const time = epochSeconds(quote.at);
      const { bid, ask, bidSize, askSize } = quote;
      if (type === 'BidAsk') client.send([...head, time, bid, ask, bidSize, askSize, '0']);
      if (type === 'MidPoint') {
        client.send([...head, time, ((Number(bid) + Number(ask)) / 2).toFixed(4)]);
      }
    }
  }

  #trade({ client, subscriptions }: Listener, event: TradeEvent, volume: string): void {
    const { trade, at } = event;
    const { priceText, sizeText } = trade;
    for (const [reqId, instrument] of subscriptions.quotes) {
      if (instrument !== trade.instrument) continue;
      client.send(tickStringFields(reqId, 45, epochSeconds(at)));
      client.send(tickPriceFields(reqId, 4, { price: priceText, size: sizeText }));
      client.send(tickSizeFields(reqId, 8, volume));
    }
    for (const [reqId, { instrument, type }] of subscriptions.ticks) {
      if (instrument !== trade.instrument || (type !== 'Last' && type !== 'AllLast')) continue;
      const head = [TO_CLIENT.TICK_BY_TICK, String(reqId), TICK_TYPES[type], epochSeconds(at)];
      const venue = this.core.listing(instrument)?.primaryExchange ?? '';
      client.send([...head, priceText, sizeText, '0', venue, '']);
    }
    this.#bars({ client, subscriptions }, event);
  }

  #bars({ client, subscriptions }: Listener, { trade, at }: TradeEvent): void {
    const text = (value: number): string => String(Number(value.toFixed(6)));
    for (const [reqId, stream] of subscriptions.bars) {
      if (stream.instrument !== trade.instrument) continue;
      const done = (bar: BarBuilder): void => client.send(realTimeBarFields(reqId, bar.bar(text)));
      barAt(stream, at, done).add(trade.price, Number(trade.sizeText));
    }
    for (const [reqId, stream] of subscriptions.histories) {
      if (stream.instrument !== trade.instrument) continue;
      const { size, daily, epoch, last } = stream;
      const start = size === 'DAY' ? (last?.at ?? at) : Math.floor(at / size) * size;
      const same = last !== null && (size === 'DAY' || last.at === start);
      const builder = new BarBuilder(start, '');
      builder.add(trade.price, Number(trade.sizeText));
      const one = builder.bar(text);
      stream.last = same
        ? {
            ...{ ...last, close: one.close, trades: last.trades + 1 },
            high: Number(one.high) > Number(last.high) ? one.high : last.high,
            low: Number(one.low) < Number(last.low) ? one.low : last.low,
            volume: last.volume + one.volume,
          }
        : one;
      const time = barTime(stream.last, { daily, epoch }, client.version);
      client.send(historicalUpdateFields(reqId, stream.last, time));
    }
  }

  /** Shares traded today, where anybody wants to know. */
  #volume({ trade }: TradeEvent, listeners: readonly Listener[]): string {
    const { instrument } = trade;
    const counted = this.#volumes.get(instrument);
    if (counted !== undefined) {
      this.#volumes.set(instrument, counted + Number(trade.sizeText));
      return String(counted + Number(trade.sizeText));
    }
    const asked = listeners.some(({ subscriptions }) =>
      [...subscriptions.quotes.values()].includes(instrument),
    );
    if (!asked) return '';
    const from = this.core.market.sessions()[0]?.open ?? 0;
    const days = this.core.market.bars({ instrument, from, to: Infinity, size: 'DAY' });
    const volume = days.at(-1)?.volume ?? 0;
    this.#volumes.set(instrument, volume);
    return String(volume);
  }

  /** Values that follow prices, at their own pace of market time. */
  #follow(at: number, listeners: readonly Listener[]): void {
    if (at - this.#profitAt >= PROFIT_EVERY) {
      this.#profitAt = Math.floor(at / SECOND) * SECOND;
      for (const { client, subscriptions } of listeners) {
        for (const reqId of subscriptions.profits) this.accounts.tellProfit(client, reqId);
        for (const [reqId, instrument] of subscriptions.singleProfits) {
          this.accounts.tellSingleProfit(client, reqId, instrument);
        }
      }
    }
    if (at - this.#accountAt < ACCOUNT_EVERY) return;
    this.#accountAt = at;
    for (const { client, subscriptions } of listeners) this.tellAccount(client, subscriptions);
  }

  /** Everything a client has asked to know of the account. */
  tellAccount(client: TwsClient, subscriptions: Subscriptions): void {
    if (subscriptions.account) this.accounts.tellAccount(client, false);
    for (const [reqId, tags] of subscriptions.summaries) {
      this.accounts.tellSummary(client, reqId, tags);
    }
    for (const reqId of subscriptions.updatesMulti) {
      this.accounts.tellUpdatesMulti(client, reqId);
    }
  }
}
