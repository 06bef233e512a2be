/** The worst case of a plan, as the API shows it. */
import 'reflect-metadata';
import { Field, Int, ObjectType } from 'type-graphql';
import type { Side } from '../domain/order';
import { SideEnum } from './enums';
import { ApiMoney } from './node';
import { DecimalScalar, type Amount } from './scalars';

@ObjectType('InstructionWorstCase', {
  simpleResolvers: true,
  description:
    'The most that a symbol of an instruction file can come to on one side: every level filled ' +
    'at its price, then the stops hit at theirs. Gaps, slippage and commissions are not in it. ' +
    'Of several entries on the side each figure is that of the worse one.',
})
export class ApiInstructionWorstCase {
  @Field(() => SideEnum, {
    description: 'BUY: where an entry has bought; SELL: where one has sold short.',
  })
  readonly side!: Side;

  @Field(() => DecimalScalar, { description: 'Units held with the entry and every add filled.' })
  readonly maxQuantity!: Amount;

  @Field(() => ApiMoney, {
    description:
      'What they are worth as the last of them fills, in the currency of the instrument: each ' +
      'at its own level where a long position is averaged down, else all at the highest level.',
  })
  readonly maxNotional!: ApiMoney;

  @Field(() => DecimalScalar, {
    description: 'Units that no stop would close then. Zero: the stops close everything.',
  })
  readonly uncoveredQuantity!: Amount;

  @Field(() => ApiMoney, {
    nullable: true,
    description:
      'What one round trip loses at the stops; a positive amount is a loss. Null where some ' +
      'units have no stop: nothing in the file bounds the loss.',
  })
  readonly loss!: ApiMoney | null;

  @Field(() => Int, { description: 'Round trips that the symbol may make in a session.' })
  readonly cycles!: number;

  @Field(() => ApiMoney, {
    nullable: true,
    description: 'The loss of all round trips together. Null where the loss is.',
  })
  readonly lossOfAllCycles!: ApiMoney | null;

  @Field(() => ApiMoney, {
    description:
      'What one position may be worth by the hard limit H7, in the currency of the account. A ' +
      'risk rule may allow less.',
  })
  readonly positionLimit!: ApiMoney;

  @Field(() => ApiMoney, {
    description:
      'What the account may still lose today before it is halted (H10), in its own currency. The ' +
      'loss has to stay below it for the symbol to be armed.',
  })
  readonly lossLimit!: ApiMoney;
}
