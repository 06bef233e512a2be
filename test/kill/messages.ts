// What the driver of the kill test and its two kinds of processes say to each other, and the
// intents it sends. Knows no process.

import type { OrderStatus, OrderType, Side } from '../../src/domain/order';

/** The gateway's time: `market` was its clock when this machine's clock was `wall`. */
export interface MarketTime {
  readonly market: number;
  readonly wall: number;
  readonly speed: number;
}

export interface GatewayOrders {
  readonly port: number;
  readonly seed: number;
  readonly speed: number;
  readonly data: string;
}

export type FromGateway =
  | { readonly kind: 'listening'; readonly port: number }
  | ({ readonly kind: 'time' } & MarketTime)
  | { readonly kind: 'failed'; readonly message: string };

export interface ServerOrders {
  readonly dataDir: string;
  readonly rulesDir: string;
  readonly databaseUrl: string | null;
  readonly gatewayPort: number;
  readonly time: MarketTime;
}

/** Made and kept by the driver before it is sent; sent again under the same id after a kill. */
export type Intent =
  | { readonly id: string; readonly kind: 'STRATEGY'; readonly strategy: string }
  | {
      readonly id: string;
      readonly kind: 'PLACE';
      readonly strategy: string;
      readonly instrument: string;
      readonly side: Side;
      readonly type: OrderType;
      readonly quantity: string;
      readonly limitPrice: string | null;
      readonly stopPrice: string | null;
    }
  | {
      readonly id: string;
      readonly kind: 'MODIFY';
      readonly order: string;
      readonly quantity: string | null;
      readonly limitPrice: string | null;
    }
  | { readonly id: string; readonly kind: 'CANCEL'; readonly order: string }
  | {
      readonly id: string;
      readonly kind: 'LOAD';
      readonly strategy: string;
      readonly fileName: string;
      readonly content: string;
    };

/** What is traded: all that the made-up market lists. */
export const SYMBOLS: readonly string[] = [
  ...['AAPL', 'AMZN', 'DIS', 'IBM', 'JPM', 'KO', 'MSFT', 'NVDA', 'SPY', 'TSLA'],
];

export type ToServer =
  | ({ readonly kind: 'time' } & MarketTime)
  | { readonly kind: 'ask'; readonly number: number; readonly intent: Intent }
  | { readonly kind: 'look'; readonly number: number }
  | { readonly kind: 'stop' };

export interface Answer {
  /** Null: done. Otherwise the refusal's code and words. */
  readonly refusal: string | null;
  /** Order of a placed intent. */
  readonly order: string | null;
}

export interface Look {
  readonly linkReady: boolean;
  /** Orders that are not final. */
  readonly live: readonly { readonly id: string; readonly status: OrderStatus }[];
  /** Instruments on which book and broker differ. */
  readonly breaks: readonly string[];
  readonly sequence: number;
}

export type FromServer =
  | { readonly kind: 'opened' }
  | { readonly kind: 'ready' }
  | { readonly kind: 'prices'; readonly last: Readonly<Record<string, string>> }
  | { readonly kind: 'answer'; readonly number: number; readonly answer: Answer }
  | { readonly kind: 'look'; readonly number: number; readonly look: Look }
  | { readonly kind: 'failed'; readonly message: string }
  | { readonly kind: 'closed' };
