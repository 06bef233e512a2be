/** Instruction files as they were handed in, and what was found in them. */
import 'reflect-metadata';
import { Field, ID, Int, ObjectType } from 'type-graphql';
import type { FindingSeverity } from '../domain/instruction';
import type { PlanState } from '../domain/plan-state';
import { FindingSeverityEnum, PlanStateEnum } from './enums';
import { ApiMoney, ApiNode } from './node';
import { ApiOrder } from './order';
import { ApiAccount, ApiStrategy } from './position';
import { DateTimeScalar, DecimalScalar, JSONObjectScalar, LocalDateScalar } from './scalars';
import type { Amount } from './scalars';
import { ApiInstructionWorstCase } from './worst-case';

@ObjectType('InstructionFinding', {
  simpleResolvers: true,
  description: 'One thing found in an instruction file.',
})
export class ApiInstructionFinding {
  @Field(() => FindingSeverityEnum, { description: 'How bad it is.' })
  readonly severity!: FindingSeverity;

  @Field(() => String, { description: 'Its code; docs/reference/findings.md lists them.' })
  readonly code!: string;

  @Field(() => String, { description: 'What was found, in words.' })
  readonly message!: string;

  @Field(() => String, {
    nullable: true,
    description:
      'JSON pointer, e.g. /AAPL/Orders if Short/1/Action. Null for a fault of the whole text.',
  })
  readonly pointer!: string | null;

  @Field(() => Int, {
    nullable: true,
    description: 'Line, from 1. Null where there is no text to point at.',
  })
  readonly line!: number | null;

  @Field(() => Int, {
    nullable: true,
    description: 'Column, from 1. Null where there is no text to point at.',
  })
  readonly column!: number | null;

  @Field(() => String, {
    nullable: true,
    description: 'The corrected order or line. Null where there is none to propose.',
  })
  readonly proposal!: string | null;
}

@ObjectType('InstructionSymbol', {
  simpleResolvers: true,
  description: "One symbol's part of an instruction file.",
})
export class ApiInstructionSymbol {
  @Field(() => String, { description: 'The symbol, in capitals.' })
  readonly symbol!: string;

  @Field(() => Boolean, { description: 'False: nothing of it is armed.' })
  readonly accepted!: boolean;

  @Field(() => [ApiOrder], {
    description: 'The orders it became so far; of a dry run, those it would become at once.',
  })
  readonly orders!: readonly ApiOrder[];

  @Field(() => JSONObjectScalar, {
    nullable: true,
    description:
      'The settings in force for it, whoever stated them, in the words of a file. priceSource is ' +
      'left out where its orders look at different prices. Null where nothing is armed.',
  })
  readonly settings!: object | null;

  @Field(() => PlanStateEnum, {
    nullable: true,
    description: 'How far it has come. Null in a dry run for what is not armed yet.',
  })
  readonly state!: PlanState | null;

  @Field(() => String, {
    nullable: true,
    description:
      'Why it is in that state, in words; of a refused symbol its errors, each with its code. ' +
      'Null where there is no state.',
  })
  readonly reason!: string | null;

  @Field(() => [ApiInstructionFinding], {
    description: 'The findings of the file that stand in this symbol, in the order of the text.',
  })
  readonly findings!: readonly ApiInstructionFinding[];

  @Field(() => Int, { description: 'Round trips begun so far; 0 while nothing has filled.' })
  readonly cycles!: number;

  @Field(() => Int, {
    nullable: true,
    description: 'Round trips it may make in the session. Null where nothing is armed.',
  })
  readonly maxCycles!: number | null;

  @Field(() => DecimalScalar, {
    description: 'Units its entries and adds have filled, over all round trips.',
  })
  readonly enteredQuantity!: Amount;

  @Field(() => DecimalScalar, {
    description: 'Units its own exits have filled, over all round trips.',
  })
  readonly exitedQuantity!: Amount;

  @Field(() => ApiMoney, {
    nullable: true,
    description:
      'Profit of its own orders, sold less bought, before commissions. Null unless as many units ' +
      'were given back as were entered: what other orders gave back is not counted here.',
  })
  readonly realized!: ApiMoney | null;

  @Field(() => ApiOrder, {
    nullable: true,
    description: 'The entry of the last round trip. Null while none has filled.',
  })
  readonly entry!: ApiOrder | null;

  @Field(() => ApiOrder, {
    nullable: true,
    description:
      'The exit that closed the last round trip; its role says how. Null while it is open, and ' +
      'where none of its own orders closed it.',
  })
  readonly exit!: ApiOrder | null;
  @Field(() => [ApiInstructionWorstCase], {
    description:
      'What it can come to at worst, one for each side that an entry can take. Of a symbol that ' +
      'was refused only in the answer to loadInstructions, and empty where it could not be read.',
  })
  readonly worstCase!: readonly ApiInstructionWorstCase[];
}

@ObjectType('InstructionFile', {
  simpleResolvers: true,
  implements: ApiNode,
  description: 'A trading-instruction file as it was handed in.',
})
export class ApiInstructionFile implements ApiNode {
  @Field(() => ID, {
    description: 'Opaque, prefixed and sortable. Do not parse it. A dry run is kept nowhere.',
  })
  readonly id!: string;

  @Field(() => String, { description: 'As it was named when it was handed in.' })
  readonly fileName!: string;

  @Field(() => String, { description: 'SHA-256 of the text.' })
  readonly contentHash!: string;

  @Field(() => LocalDateScalar, { description: 'The session it is for.' })
  readonly tradingDate!: string;

  @Field(() => ApiStrategy, { description: 'Whose it is.' })
  readonly strategy!: ApiStrategy;

  @Field(() => ApiAccount, { description: 'The account its orders trade in.' })
  readonly account!: ApiAccount;

  @Field(() => JSONObjectScalar, {
    nullable: true,
    description:
      'What held where it was silent, from its profile or arguments. Null: the defaults.',
  })
  readonly settings!: object | null;

  @Field(() => DateTimeScalar, { description: 'When it was handed in.' })
  readonly loadedAt!: number;

  @Field(() => Boolean, { description: 'False: the whole file is refused.' })
  readonly accepted!: boolean;

  @Field(() => [ApiInstructionSymbol], { description: 'Its symbols, in the order of the text.' })
  readonly symbols!: readonly ApiInstructionSymbol[];

  @Field(() => [ApiInstructionFinding], { description: 'In the order of the text.' })
  readonly findings!: readonly ApiInstructionFinding[];
}
