/**
 * The enums of the API: the words of the domain, each with what it means. A word that the domain
 * adds does not compile until it is described here.
 */
import { registerEnumType } from 'type-graphql';
import type { StrategyStage } from '../domain/book';
import type { LinkState } from '../domain/broker-link';
import type { LogLevel } from '../domain/desk';
import type { FindingSeverity } from '../domain/instruction';
import type { Mode } from '../domain/mode';
import type { OrderRole, OrderStatus, OrderType } from '../domain/order';
import type { Side, TimeInForce, TriggerKind } from '../domain/order';
import type { PlanState } from '../domain/plan-state';
import type { PriceSource } from '../domain/price-source';
import type { RefusalCode } from '../domain/refusal';
import type { TradingState } from '../domain/trading-state';
import type { RuleEffect, RuleOutcome } from '../domain/verdict';

type EnumObject<Word extends string> = { readonly [W in Word]: W };

interface Named {
  readonly name: string;
  readonly description: string;
}

/** Registers the words of a domain type under a name, with a description for each. */
function describedEnum<Word extends string>(
  named: Named,
  words: Readonly<Record<Word, string>>,
): EnumObject<Word> {
  const entries = Object.entries<string>(words);
  const enumObject = Object.fromEntries(entries.map(([word]) => [word, word]));
  const valuesConfig = Object.fromEntries(
    entries.map(([word, description]) => [word, { description }]),
  );
  registerEnumType(enumObject, { ...named, valuesConfig });
  return enumObject as EnumObject<Word>;
}

export const ModeEnum = describedEnum<Mode>(
  { name: 'Mode', description: 'Which world the books are of.' },
  {
    DEMO: 'The embedded gateway with simulated prices and money.',
    PAPER: 'A paper account at the broker: real prices, simulated money.',
    REPLAY: 'Recorded trades on a clock of their own; no broker link.',
  },
);

export const TradingStateEnum = describedEnum<TradingState>(
  {
    name: 'TradingState',
    description: 'What may be traded. The strictest of all that apply to an order wins.',
  },
  {
    ACTIVE: 'Orders pass as the rules say.',
    REDUCING: 'Only orders that reduce exposure pass.',
    HALTED: 'Nothing opens. Working entries are cancelled on entry to this state.',
  },
);

export const LinkStateEnum = describedEnum<LinkState>(
  { name: 'LinkState', description: 'The connection to the broker.' },
  {
    DISCONNECTED: 'No connection.',
    CONNECTING: 'A connection is being made.',
    SYNCHRONIZING: 'The broker is being asked what it knows; nothing is sent yet.',
    READY: 'Orders leave.',
    DEGRADED: 'Connected, but the broker or its servers do not answer.',
  },
);

export const SideEnum = describedEnum<Side>(
  { name: 'Side', description: 'Which way an order trades.' },
  { BUY: 'Adds units.', SELL: 'Gives units away; below zero the position is short.' },
);

export const OrderTypeEnum = describedEnum<OrderType>(
  { name: 'OrderType', description: 'What is sent to the broker.' },
  {
    MARKET: 'At the best price there is.',
    LIMIT: 'At the limit price or better.',
    STOP: 'A market order once the stop price is reached.',
    STOP_LIMIT: 'A limit order once the stop price is reached.',
    TRAILING_STOP:
      'A market order once the stop price is reached, which follows the best price at a distance ' +
      'and never goes back. Only for orders held by the broker, and only to give back.',
    MARKET_IF_TOUCHED:
      'A market order once the stop price is touched on the favourable side. Only for orders ' +
      'held by the broker.',
  },
);

export const TimeInForceEnum = describedEnum<TimeInForce>(
  { name: 'TimeInForce', description: 'How long an order lives.' },
  {
    DAY: 'Until the end of the session.',
    GTC: 'Until it is cancelled.',
    IOC: 'What does not fill at once is cancelled.',
    OPG:
      'At the opening auction only, MARKET or LIMIT: held ARMED until 15 minutes before the next ' +
      'open, and EXPIRED with what the auction did not fill.',
  },
);

export const TriggerKindEnum = describedEnum<TriggerKind>(
  { name: 'TriggerKind', description: 'How a price releases an armed order.' },
  {
    CROSS_OVER: 'A price above the level after one at or below it.',
    CROSS_UNDER: 'A price below the level after one at or above it.',
    TOUCH: "A price at the level or through it on the order's favourable side.",
    STOP: "A price at the level or through it on the order's losing side.",
    TRAIL: 'The same, of a level that follows the best price at a distance and never goes back.',
  },
);

export const PriceSourceEnum = describedEnum<PriceSource>(
  {
    name: 'PriceSource',
    description:
      'Which price a trigger looks at. A price counts when it is real-time, above zero, not ' +
      'flagged as past the limits, and inside the session.',
  },
  {
    LAST: 'The last trade.',
    BID: 'The best bid. While there is none, nothing fires.',
    ASK: 'The best ask. While there is none, nothing fires.',
    MID: 'Halfway between bid and ask. While one is missing or the bid is above, nothing fires.',
    BID_ASK: 'What the order would meet: the ask for a BUY, the bid for a SELL.',
  },
);

export const OrderRoleEnum = describedEnum<OrderRole>(
  { name: 'OrderRole', description: 'Why the order exists.' },
  {
    ENTRY: 'Opens the position of an instruction file.',
    TAKE_PROFIT: 'Gives back on the winning side.',
    STOP_LOSS: 'Gives back on the losing side.',
    DCA: 'Adds on the losing side, at a better average.',
    PYRAMID: 'Adds on the winning side.',
    MANUAL: 'Placed by a person or a program over the API.',
    LIQUIDATION: 'Closes what should not be open.',
  },
);

export const OrderStatusEnum = describedEnum<OrderStatus>(
  { name: 'OrderStatus', description: 'Where an order stands.' },
  {
    ARMED: 'Held by Tidegate until its trigger fires.',
    DENIED: 'Refused by Tidegate. Never sent. Final.',
    NOT_SENT: 'Decided but never sent; must be decided again. Final.',
    SUBMITTED: 'Written to the broker, no evidence yet.',
    UNKNOWN:
      'Written to the broker, and the evidence is missing after a reconciliation. Counts as live.',
    WORKING: 'Acknowledged by the broker.',
    PARTIALLY_FILLED: 'Part of it has filled; the rest works.',
    CANCEL_PENDING: 'Its cancellation was asked for; it may still fill.',
    FILLED: 'All of it has filled. Final.',
    CANCELLED: 'Ended before all of it filled. Final.',
    REJECTED: 'Refused by the broker. Final.',
    EXPIRED: 'Its time ran out. Final.',
  },
);

export const StrategyStageEnum = describedEnum<StrategyStage>(
  { name: 'StrategyStage', description: 'How far a strategy has come.' },
  {
    RESEARCH: 'Tried out on recorded data.',
    PAPER: 'Tried out with simulated money.',
    PRODUCTION: 'Trades for real, and shares in what is split pro rata.',
  },
);

export const RuleOutcomeEnum = describedEnum<RuleOutcome>(
  { name: 'RuleOutcome', description: 'What looking at a rule gave.' },
  {
    PASSED: 'What the rule demands is true.',
    FAILED: 'It is not.',
    NOT_APPLICABLE: 'The rule does not look at orders like this one.',
  },
);

export const RuleEffectEnum = describedEnum<RuleEffect>(
  { name: 'RuleEffect', description: 'What a failed rule does.' },
  {
    DENY: 'The order is denied.',
    WARN: 'It is noted; the order passes.',
    REDUCE: 'The strategy may only reduce until a person lifts it.',
    HALT: 'The strategy is halted until a person lifts it.',
  },
);

export const UserErrorCodeEnum = describedEnum<RefusalCode>(
  { name: 'UserErrorCode', description: 'Why a request was not carried out.' },
  {
    INVALID: 'A value cannot be used, or values do not go together.',
    NOT_FOUND: 'There is nothing of that name or id.',
    AMBIGUOUS: 'More than one thing could be meant; name one.',
    OFF_TICK: "A price is not a multiple of the instrument's tick size.",
    DUPLICATE: 'The request id or the key is already used for something else.',
    RISK_DENIED: 'The rules or the hard limits denied the order; it is recorded with its decision.',
    TRADING_HALTED: 'The trading state lets nothing open; nothing else stood against it.',
    NOT_CANCELLABLE: 'The order is final, or cannot be cancelled any more.',
    NOT_CONNECTED:
      'The broker cannot be reached or has not answered yet; nothing else stood against it.',
    STALE: 'What the request was based on has changed; read again.',
  },
);

export const FindingSeverityEnum = describedEnum<FindingSeverity>(
  { name: 'FindingSeverity', description: 'How bad a finding in an instruction file is.' },
  {
    ERROR: 'Refuses the file or the symbol it stands in.',
    WARNING: 'Likely a slip; nothing is refused.',
    INFO: 'Good to know.',
  },
);

export const PlanStateEnum = describedEnum<PlanState>(
  { name: 'PlanState', description: 'How far one symbol of an instruction file has come.' },
  {
    WAITING: 'Its entries are armed; none has fired.',
    BLOCKED: 'Its entries are armed, and trading is not ACTIVE: one that fires is denied.',
    WORKING: 'An entry has fired and is at the broker; nothing has filled.',
    IN_POSITION: 'An entry has filled, in part or whole, and the position is open.',
    EXITED: 'The round trip is over, and no other waits.',
    EXPIRED: 'The session ended without a fill: no entry fired, or the one that did was not met.',
    CANCELLED: 'Its entries were cancelled before a fill.',
    FAILED: 'The entry that fired was denied, rejected or never sent; none waits any more.',
    REPLACED: 'A changed file took its place before it began.',
    REFUSED: 'It was refused when the file was loaded; nothing was armed.',
  },
);

export type FeedSnapshotReason = 'FIRST_MESSAGE' | 'SEQUENCE_TOO_OLD' | 'SLOW_CONSUMER';
export const FeedSnapshotReasonEnum = describedEnum<FeedSnapshotReason>(
  { name: 'FeedSnapshotReason', description: 'Why a feed sends everything again.' },
  {
    FIRST_MESSAGE: 'The subscription began without `after`.',
    SEQUENCE_TOO_OLD: 'What came after `after` is no longer kept in memory.',
    SLOW_CONSUMER: 'The subscriber fell too far behind; changes are missing.',
  },
);

export const LogLevelEnum = describedEnum<LogLevel>(
  { name: 'LogLevel', description: 'How important a log line is, least first.' },
  {
    DEBUG: 'For finding faults.',
    INFO: 'What happens.',
    WARNING: 'Somebody should look at it.',
    ERROR: 'Something did not work.',
  },
);
