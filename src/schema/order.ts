/** Orders, their brackets and their fills, as the API shows them. */
import 'reflect-metadata';
import { Field, ID, Int, ObjectType } from 'type-graphql';
import type { OrderRole, OrderStatus, OrderType } from '../domain/order';
import type { Side, TimeInForce } from '../domain/order';
import { OrderRoleEnum, OrderStatusEnum, OrderTypeEnum } from './enums';
import { SideEnum, TimeInForceEnum } from './enums';
import { ApiInstrument } from './instrument';
import { ApiMoney, ApiNode } from './node';
import { ApiAccount, ApiStrategy } from './position';
import { DateTimeScalar, DecimalScalar, type Amount } from './scalars';
import { ApiTrigger, ApiWaiting } from './trigger';

@ObjectType('RefusedExit', {
  simpleResolvers: true,
  description: 'An exit of a plan that the broker refused to hold.',
})
export class ApiRefusedExit {
  @Field(() => ID, { description: 'The order that the broker rejected.' })
  readonly order!: string;

  @Field(() => String, { description: "The broker's words." })
  readonly reason!: string;
}

@ObjectType('Flip', {
  simpleResolvers: true,
  description: 'What is to open on the other side once a position is flat.',
})
export class ApiFlip {
  @Field(() => DecimalScalar, { description: 'Units to open.' })
  readonly quantity!: Amount;

  @Field(() => ID, {
    nullable: true,
    description:
      'The order that opens them. Null until the first order has filled to its end; if it ends ' +
      'otherwise, nothing opens.',
  })
  readonly order!: string | null;
}

@ObjectType('Bracket', {
  simpleResolvers: true,
  description: 'The exits of an entry placed by hand: as they were asked for, and their orders.',
})
export class ApiBracket {
  @Field(() => DecimalScalar, {
    nullable: true,
    description: 'Limit price of the target as asked for. Null: none.',
  })
  readonly takeProfit!: Amount | null;

  @Field(() => DecimalScalar, {
    nullable: true,
    description: 'Price of the stop as asked for. Null: none, or one that trails.',
  })
  readonly stopLoss!: Amount | null;

  @Field(() => DecimalScalar, {
    nullable: true,
    description: 'Limit of the stop as asked for. Null: a market order.',
  })
  readonly stopLimit!: Amount | null;

  @Field(() => DecimalScalar, {
    nullable: true,
    description: 'Distance of a stop that trails. Null: none, or in percent.',
  })
  readonly trailBy!: Amount | null;

  @Field(() => DecimalScalar, {
    nullable: true,
    description: 'The same in percent. Null: none, or by an amount.',
  })
  readonly trailPercent!: string | null;

  @Field(() => [ApiOrder], {
    description:
      'Orders that came of it, the stop first; empty until the entry has filled in part. One ' +
      "that took another's place is listed beside it.",
  })
  readonly exits!: readonly ApiOrder[];
}

@ObjectType('Order', {
  simpleResolvers: true,
  implements: ApiNode,
  description: 'What somebody wanted to trade, in any status.',
})
export class ApiOrder implements ApiNode {
  @Field(() => ID, { description: 'Opaque, prefixed and sortable. Do not parse it.' })
  readonly id!: string;

  @Field(() => String, {
    description: "The caller's idempotency key, or one derived from the instruction file.",
  })
  readonly requestId!: string;

  @Field(() => ApiStrategy, { description: 'Whose order it is.' })
  readonly strategy!: ApiStrategy;

  @Field(() => ApiAccount, { description: 'The account it trades in.' })
  readonly account!: ApiAccount;

  @Field(() => ApiInstrument, { description: 'What it trades.' })
  readonly instrument!: ApiInstrument;

  @Field(() => OrderRoleEnum, { description: 'Why it exists.' })
  readonly role!: OrderRole;

  @Field(() => SideEnum, { description: 'Which way.' })
  readonly side!: Side;

  @Field(() => OrderTypeEnum, {
    description: 'What is sent when the trigger fires; what rests there for one at the broker.',
  })
  readonly type!: OrderType;

  @Field(() => TimeInForceEnum, { description: 'How long it lives.' })
  readonly timeInForce!: TimeInForce;

  @Field(() => DecimalScalar, {
    description: 'Units that are, or would be, at the broker; filled ones included.',
  })
  readonly quantity!: Amount;

  @Field(() => DecimalScalar, { description: 'Units that have filled.' })
  readonly filledQuantity!: Amount;

  @Field(() => DecimalScalar, {
    nullable: true,
    description: "In the instrument's currency. Null for a type without a limit.",
  })
  readonly limitPrice!: Amount | null;

  @Field(() => DecimalScalar, {
    nullable: true,
    description:
      "In the instrument's currency. Null for a type without a stop or touch price. Of a " +
      'TRAILING_STOP where it stands as far as is known here: at the broker it may be closer to ' +
      'the market by prices that were not seen, and it is read anew with every connection.',
  })
  readonly stopPrice!: Amount | null;

  @Field(() => DecimalScalar, {
    nullable: true,
    description: 'Of a TRAILING_STOP: its distance from the best price. Null for all others.',
  })
  readonly trailBy!: Amount | null;

  @Field(() => DecimalScalar, {
    nullable: true,
    description: 'Of a TRAILING_STOP: its distance in percent. Null for all others.',
  })
  readonly trailPercent!: string | null;

  @Field(() => DecimalScalar, {
    nullable: true,
    description: 'Volume-weighted price of its fills. Null before the first fill.',
  })
  readonly averageFillPrice!: Amount | null;

  @Field(() => OrderStatusEnum, { description: 'Where it stands.' })
  readonly status!: OrderStatus;

  @Field(() => ApiTrigger, {
    nullable: true,
    description: 'What releases it. Null for an order that Tidegate never held.',
  })
  readonly trigger!: ApiTrigger | null;

  @Field(() => ApiWaiting, {
    nullable: true,
    description: 'Why it has not fired. Null for an order that waits for no trigger.',
  })
  readonly waiting!: ApiWaiting | null;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description:
      'Of an ARMED order for the opening auction: when it is sent to the broker, unless its ' +
      'rules refuse it then. Null for every other order, and once it has been released.',
  })
  readonly releaseAt!: number | null;

  @Field(() => ApiRefusedExit, {
    nullable: true,
    description:
      'Tidegate holds this exit because the broker refused it under another order. It does ' +
      'nothing while Tidegate is down. Null for all others.',
  })
  readonly heldInsteadOf!: ApiRefusedExit | null;

  @Field(() => ApiFlip, {
    nullable: true,
    description: 'Of an order that closes a position before another opens. Null for all others.',
  })
  readonly flip!: ApiFlip | null;

  @Field(() => ID, {
    nullable: true,
    description: 'The order that closed the position before this one opens. Null for all others.',
  })
  readonly flipOf!: string | null;

  @Field(() => ApiBracket, {
    nullable: true,
    description: 'Of an entry that was placed with its exits. Null for all others.',
  })
  readonly bracket!: ApiBracket | null;

  @Field(() => ID, {
    nullable: true,
    description: 'The entry that this exit was placed with. Null for all others.',
  })
  readonly bracketOf!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Siblings: the first to trigger cancels the others. Null when it has none.',
  })
  readonly ocaGroup!: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      'Where it came from, e.g. demo.json#/AAPL/Entry OCA/0. Null for orders placed by hand.',
  })
  readonly source!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'The last thing said about it, in words. Null when nothing was said.',
  })
  readonly statusMessage!: string | null;

  @Field(() => Int, {
    nullable: true,
    description: "The broker's number of it for this client. Null until it is sent.",
  })
  readonly brokerOrderId!: number | null;

  @Field(() => String, {
    nullable: true,
    description: "The broker's account-wide identity of it. Null until the broker answers.",
  })
  readonly permId!: string | null;

  @Field(() => DateTimeScalar, { description: 'When it came to be.' })
  readonly createdAt!: number;

  @Field(() => DateTimeScalar, { description: 'When it last changed.' })
  readonly updatedAt!: number;
}

@ObjectType('Fill', {
  simpleResolvers: true,
  implements: ApiNode,
  description: 'One execution report from the broker.',
})
export class ApiFill implements ApiNode {
  @Field(() => ID, { description: 'Opaque and prefixed. Do not parse it.' })
  readonly id!: string;

  @Field(() => String, { description: "The broker's id of the execution." })
  readonly execId!: string;

  @Field(() => ApiOrder, {
    nullable: true,
    description: 'What was ordered. Null for an execution that is not of an order of ours.',
  })
  readonly order!: ApiOrder | null;

  @Field(() => ApiInstrument, { description: 'What was traded.' })
  readonly instrument!: ApiInstrument;

  @Field(() => SideEnum, { description: 'Which way.' })
  readonly side!: Side;

  @Field(() => DecimalScalar, { description: 'Units.' })
  readonly quantity!: Amount;

  @Field(() => DecimalScalar, { description: "Price of a unit, in the instrument's currency." })
  readonly price!: Amount;

  @Field(() => ApiMoney, {
    nullable: true,
    description: 'What the broker charged for it. Arrives after the fill: null until then.',
  })
  readonly commission!: ApiMoney | null;

  @Field(() => ApiMoney, {
    nullable: true,
    description:
      'Profit it realised by average cost, before commission; 0 for one that opens. Null for a ' +
      'correction, whose profit is in the books as a whole.',
  })
  readonly realizedPnl!: ApiMoney | null;

  @Field(() => DateTimeScalar, { description: 'When the broker executed it.' })
  readonly at!: number;
}
