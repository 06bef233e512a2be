/** What mutations answer: the thing, and why it could not be done. Refusals are data. */
import 'reflect-metadata';
import { Field, ObjectType } from 'type-graphql';
import type { RefusalCode } from '../domain/refusal';
import { UserErrorCodeEnum } from './enums';
import { ApiInstructionFile } from './instruction-file';
import { ApiOrder } from './order';
import { ApiStrategy } from './position';
import { ApiSystem } from './system';

@ObjectType('UserError', {
  simpleResolvers: true,
  description: 'Why a request was not carried out, or not as asked.',
})
export class ApiUserError {
  @Field(() => UserErrorCodeEnum, { description: 'For programs.' })
  readonly code!: RefusalCode;

  @Field(() => String, { description: 'For people: what happened, why, and what to do next.' })
  readonly message!: string;

  @Field(() => [String], {
    nullable: true,
    description: 'Path to the input field at fault. Null where no single one is.',
  })
  readonly field!: readonly string[] | null;
}

const ERRORS = 'Empty when everything was done as asked.';

@ObjectType('PlaceOrderPayload', { simpleResolvers: true, description: 'Of placeOrder.' })
export class PlaceOrderPayload {
  @Field(() => ApiOrder, {
    nullable: true,
    description: 'The order, in status DENIED when it was denied. Null when none was recorded.',
  })
  readonly order!: ApiOrder | null;

  @Field(() => [ApiUserError], { description: ERRORS })
  readonly userErrors!: readonly ApiUserError[];
}

@ObjectType('ModifyOrderPayload', { simpleResolvers: true, description: 'Of modifyOrder.' })
export class ModifyOrderPayload {
  @Field(() => ApiOrder, {
    nullable: true,
    description: 'The order; the broker confirms the change later. Null when there is none.',
  })
  readonly order!: ApiOrder | null;

  @Field(() => [ApiUserError], { description: ERRORS })
  readonly userErrors!: readonly ApiUserError[];
}

@ObjectType('CancelOrderPayload', { simpleResolvers: true, description: 'Of cancelOrder.' })
export class CancelOrderPayload {
  @Field(() => ApiOrder, {
    nullable: true,
    description: 'The order; the broker confirms the cancellation later. Null when there is none.',
  })
  readonly order!: ApiOrder | null;

  @Field(() => [ApiUserError], { description: ERRORS })
  readonly userErrors!: readonly ApiUserError[];
}

@ObjectType('CreateStrategyPayload', { simpleResolvers: true, description: 'Of createStrategy.' })
export class CreateStrategyPayload {
  @Field(() => ApiStrategy, {
    nullable: true,
    description: 'The strategy. Null when it was not created.',
  })
  readonly strategy!: ApiStrategy | null;

  @Field(() => [ApiUserError], { description: ERRORS })
  readonly userErrors!: readonly ApiUserError[];
}

@ObjectType('LoadInstructionsPayload', {
  simpleResolvers: true,
  description: 'Of loadInstructions.',
})
export class LoadInstructionsPayload {
  @Field(() => ApiInstructionFile, {
    nullable: true,
    description: 'The file with its findings. Null when the request itself was refused.',
  })
  readonly file!: ApiInstructionFile | null;

  @Field(() => [ApiUserError], { description: ERRORS })
  readonly userErrors!: readonly ApiUserError[];
}

@ObjectType('SetTradingStatePayload', {
  simpleResolvers: true,
  description: 'Of setTradingState.',
})
export class SetTradingStatePayload {
  @Field(() => ApiSystem, {
    nullable: true,
    description: 'The system as it is now. Null when nothing was set.',
  })
  readonly system!: ApiSystem | null;

  @Field(() => [ApiUserError], { description: ERRORS })
  readonly userErrors!: readonly ApiUserError[];
}
