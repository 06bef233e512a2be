/** What clients hand in. Strategy, instrument and account are given by their keys. */
import 'reflect-metadata';
import { Field, ID, InputType } from 'type-graphql';
import type { StrategyStage } from '../domain/book';
import type { OrderStatus, OrderType, Side } from '../domain/order';
import type { TimeInForce, TriggerKind } from '../domain/order';
import type { PriceSource } from '../domain/price-source';
import type { TradingState } from '../domain/trading-state';
import { OrderStatusEnum, OrderTypeEnum, PriceSourceEnum, SideEnum } from './enums';
import { StrategyStageEnum, TimeInForceEnum, TradingStateEnum, TriggerKindEnum } from './enums';
import { DecimalScalar, JSONObjectScalar, LocalDateScalar } from './scalars';

const REQUEST_ID =
  '1 to 64 printable ASCII characters that name this request. Sent again, the first answer comes ' +
  'back and nothing happens.';

@InputType('OrderFilter', { description: 'Which orders of a list; each that is given must hold.' })
export class OrderFilter {
  @Field(() => [OrderStatusEnum], {
    nullable: true,
    description: 'In one of these statuses. Null: in any.',
  })
  readonly status?: readonly OrderStatus[] | null;

  @Field(() => String, { nullable: true, description: 'Of this strategy. Null: of any.' })
  readonly strategy?: string | null;

  @Field(() => String, { nullable: true, description: 'Of this instrument. Null: of any.' })
  readonly instrument?: string | null;
}

@InputType('TriggerInput', {
  description: 'The price condition that Tidegate watches before it sends an order.',
})
export class TriggerInput {
  @Field(() => TriggerKindEnum, { description: 'How a price is compared with the level.' })
  readonly kind!: TriggerKind;

  @Field(() => DecimalScalar, {
    description:
      'Above 0, at most 15 digits; kept exactly and never rounded to a tick. Of a TRAIL: the ' +
      'first stop level, in force at once; it follows the best price from there.',
  })
  readonly level!: string;

  @Field(() => DecimalScalar, {
    nullable: true,
    description:
      'For TRAIL: the distance from the best price, in the currency of the instrument, above 0. ' +
      'Null for the other kinds, and where trailPercent is given.',
  })
  readonly trailBy?: string | null;

  @Field(() => DecimalScalar, {
    nullable: true,
    description:
      'For TRAIL: the distance in percent of the best price, above 0 and below 100. Null for the ' +
      'other kinds, and where trailBy is given.',
  })
  readonly trailPercent?: string | null;

  @Field(() => DecimalScalar, {
    nullable: true,
    description:
      'For TRAIL: the level stands still until a price at or beyond this on the favourable side. ' +
      'Null: it follows from the next price on.',
  })
  readonly activateAt?: string | null;

  @Field(() => PriceSourceEnum, {
    nullable: true,
    description: 'Which price it looks at. Null: the last trade.',
  })
  readonly priceSource?: PriceSource | null;
}

@InputType('BracketInput', {
  description:
    'Exits that arm with the first fill of an entry: a target, a stop or both. Prices are kept ' +
    'exactly and rounded to the tick when the exits arm, never worse than stated.',
})
export class BracketInput {
  @Field(() => DecimalScalar, {
    nullable: true,
    description:
      'Limit price of the target: above the price of a BUY entry, below that of a SELL. Null: no ' +
      'target.',
  })
  readonly takeProfit?: string | null;

  @Field(() => DecimalScalar, {
    nullable: true,
    description:
      'Price of the stop: below the price of a BUY entry, above that of a SELL. Null: no stop, ' +
      'or one that trails.',
  })
  readonly stopLoss?: string | null;

  @Field(() => DecimalScalar, {
    nullable: true,
    description:
      'With stopLoss: the limit of the order that the stop becomes, at stopLoss or beyond it on ' +
      'the losing side. Null: a market order.',
  })
  readonly stopLimit?: string | null;

  @Field(() => DecimalScalar, {
    nullable: true,
    description:
      'In place of stopLoss: the stop follows the best price since the first fill at this ' +
      'distance, in the currency of the instrument, above 0. Null: none, or in percent.',
  })
  readonly trailBy?: string | null;

  @Field(() => DecimalScalar, {
    nullable: true,
    description:
      'In place of stopLoss: the same in percent of the best price, above 0 and below 100. Null: ' +
      'none, or by an amount.',
  })
  readonly trailPercent?: string | null;
}

@InputType('OrderInput', {
  description: 'Strategy, instrument and account are given by their keys.',
})
export class OrderInput {
  @Field(() => String, { description: 'Key of the strategy that will own what is traded.' })
  readonly strategy!: string;

  @Field(() => String, { description: 'Key of the instrument; its symbol where that is unique.' })
  readonly instrument!: string;

  @Field(() => String, {
    nullable: true,
    description: 'Key of the account. Null: the only one there is.',
  })
  readonly account?: string | null;

  @Field(() => SideEnum, { description: 'Which way.' })
  readonly side!: Side;

  @Field(() => OrderTypeEnum, { description: 'What is sent to the broker.' })
  readonly type!: OrderType;

  @Field(() => DecimalScalar, {
    description: "Units, a positive multiple of the instrument's lot.",
  })
  readonly quantity!: string;

  @Field(() => DecimalScalar, {
    nullable: true,
    description: 'For LIMIT and STOP_LIMIT: a multiple of the tick. Null for the other types.',
  })
  readonly limitPrice?: string | null;

  @Field(() => DecimalScalar, {
    nullable: true,
    description:
      'For STOP, STOP_LIMIT, TRAILING_STOP (its first stop) and MARKET_IF_TOUCHED: a multiple of ' +
      'the tick. Null for the others.',
  })
  readonly stopPrice?: string | null;

  @Field(() => DecimalScalar, {
    nullable: true,
    description:
      'For TRAILING_STOP: its distance from the best price, in the currency of the instrument, ' +
      'above 0. Null for the other types, and where trailPercent is given.',
  })
  readonly trailBy?: string | null;

  @Field(() => DecimalScalar, {
    nullable: true,
    description:
      'For TRAILING_STOP: its distance in percent of the best price, above 0 and below 100. Null ' +
      'for the other types, and where trailBy is given.',
  })
  readonly trailPercent?: string | null;

  @Field(() => TimeInForceEnum, { defaultValue: 'DAY', description: 'How long it lives.' })
  readonly timeInForce!: TimeInForce;

  @Field(() => Boolean, {
    defaultValue: false,
    description: 'Whether it may also fill before the open and after the close.',
  })
  readonly outsideRegularHours!: boolean;

  @Field(() => Boolean, {
    defaultValue: false,
    description:
      'Whether it may turn the position round, as two orders: this one closes what the ' +
      'strategy holds, and once that is confirmed flat a second one opens the rest, with a ' +
      'decision of its own. For MARKET and LIMIT without a trigger, not OPG. Without it an ' +
      'order for more than is held is denied (H13).',
  })
  readonly allowFlip!: boolean;

  @Field(() => TriggerInput, {
    nullable: true,
    description:
      'Arms the order: it is held, then decided and sent as MARKET or LIMIT when this fires (a ' +
      'TRAIL as MARKET, and only to give back what the strategy holds). A day order expires at ' +
      'the end of its session; GTC stays armed. Null: sent at once.',
  })
  readonly trigger?: TriggerInput | null;

  @Field(() => BracketInput, {
    nullable: true,
    description:
      'Makes it an entry with exits of its own, for all that the strategy holds: MARKET or ' +
      'LIMIT, at once or by a trigger, and only while the strategy holds nothing of the ' +
      'instrument and nothing else waits to open there with exits. One part at fault refuses ' +
      'all of it. ' +
      'RISK_DENIED where its worst case is beyond a limit. Null: no exits.',
  })
  readonly bracket?: BracketInput | null;
}

@InputType('PlaceOrderInput', { description: 'An order to be decided and sent.' })
export class PlaceOrderInput {
  @Field(() => String, { description: REQUEST_ID })
  readonly requestId!: string;

  @Field(() => OrderInput, { description: 'What is wanted.' })
  readonly order!: OrderInput;
}

@InputType('ModifyOrderInput', {
  description: 'A change to an order at the broker, or to one that waits for its trigger.',
})
export class ModifyOrderInput {
  @Field(() => String, { description: REQUEST_ID })
  readonly requestId!: string;

  @Field(() => ID, { description: 'The order.' })
  readonly orderId!: string;

  @Field(() => DecimalScalar, {
    nullable: true,
    description: 'Units, filled ones included. Null: as it is.',
  })
  readonly quantity?: string | null;

  @Field(() => DecimalScalar, { nullable: true, description: 'Null: as it is.' })
  readonly limitPrice?: string | null;

  @Field(() => DecimalScalar, { nullable: true, description: 'Null: as it is.' })
  readonly stopPrice?: string | null;

  @Field(() => DecimalScalar, {
    nullable: true,
    description: 'Of an ARMED order: what it waits for from the next price on. Null: as it is.',
  })
  readonly triggerLevel?: string | null;
}

@InputType('CancelOrderInput', { description: 'An order to be cancelled. Safe to repeat.' })
export class CancelOrderInput {
  @Field(() => ID, { description: 'The order.' })
  readonly orderId!: string;
}

@InputType('CreateStrategyInput', { description: 'A new owner of orders and allocations.' })
export class CreateStrategyInput {
  @Field(() => String, {
    description: 'Its name for good: 1 to 64 letters, digits, dots, dashes and underscores.',
  })
  readonly key!: string;

  @Field(() => StrategyStageEnum, { defaultValue: 'PAPER', description: 'How far it has come.' })
  readonly stage!: StrategyStage;

  @Field(() => DecimalScalar, {
    defaultValue: '1',
    description: 'Share of a pro-rata split, at or above 0.',
  })
  readonly weight!: string;

  @Field(() => DecimalScalar, {
    nullable: true,
    description: "Above 0, in the first account's currency. Null: none of its own.",
  })
  readonly capital?: string | null;

  @Field(() => Boolean, {
    defaultValue: false,
    description: 'Whether it may hold less than nothing.',
  })
  readonly allowsShort!: boolean;
}

@InputType('LoadInstructionsInput', { description: 'A trading-instruction file.' })
export class LoadInstructionsInput {
  @Field(() => String, {
    description:
      'Names it in answers and logs. Another content under the same name, for the same strategy, ' +
      'account and date, replaces what only waits of the symbols it names.',
  })
  readonly fileName!: string;

  @Field(() => String, { description: "The file's text, exactly." })
  readonly content!: string;

  @Field(() => String, {
    description: 'Key of the strategy it belongs to. Where the file itself names another, INVALID.',
  })
  readonly strategy!: string;

  @Field(() => String, {
    nullable: true,
    description:
      'Key of the account. Null: what the file says, else the only one there is. Where the file ' +
      'names another, INVALID.',
  })
  readonly account?: string | null;

  @Field(() => LocalDateScalar, {
    nullable: true,
    description:
      'The session it is for. Null: what the file says, else the current one, else the next ' +
      "one's. Where the file names another, INVALID.",
  })
  readonly tradingDate?: string | null;

  @Field(() => JSONObjectScalar, {
    nullable: true,
    description:
      'What holds for symbols and entries that do not state it, in the words of a file: exitQty, ' +
      'rearm, maxCycles, gap and so on, as in the settings of a profile.json. A wrong one is ' +
      'INVALID. The same content under other settings is another load. Null: the defaults.',
  })
  readonly settings?: object | null;

  @Field(() => Boolean, {
    defaultValue: false,
    description: 'Check and show what would be armed; arm nothing.',
  })
  readonly dryRun!: boolean;
}

@InputType('SetTradingStateInput', {
  description: 'The kill switch, and its release. Without a scope: the whole system.',
})
export class SetTradingStateInput {
  @Field(() => TradingStateEnum, { description: 'The state to be in.' })
  readonly state!: TradingState;

  @Field(() => String, { description: 'Why, for whoever reads it later: 1 to 500 characters.' })
  readonly reason!: string;

  @Field(() => String, {
    nullable: true,
    description: 'Only this strategy. Null: not by strategy.',
  })
  readonly strategy?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Only this instrument. Null: not by instrument.',
  })
  readonly instrument?: string | null;

  @Field(() => String, { nullable: true, description: 'Only this account. Null: not by account.' })
  readonly account?: string | null;
}
