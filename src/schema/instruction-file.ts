/** Instruction files as they were handed in, and what was found in them. */
import 'reflect-metadata';
import { Field, ID, Int, ObjectType } from 'type-graphql';
import type { FindingSeverity } from '../domain/instruction';
import { FindingSeverityEnum } from './enums';
import { ApiNode } from './node';
import { ApiOrder } from './order';
import { ApiAccount, ApiStrategy } from './position';
import { DateTimeScalar, LocalDateScalar } from './scalars';

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

  @Field(() => DateTimeScalar, { description: 'When it was handed in.' })
  readonly loadedAt!: number;

  @Field(() => Boolean, { description: 'False: the whole file is refused.' })
  readonly accepted!: boolean;

  @Field(() => [ApiInstructionSymbol], { description: 'Its symbols, in the order of the text.' })
  readonly symbols!: readonly ApiInstructionSymbol[];

  @Field(() => [ApiInstructionFinding], { description: 'In the order of the text.' })
  readonly findings!: readonly ApiInstructionFinding[];
}
