/** Trading-instruction files: what was handed in, and handing one in. */
import { Arg, Ctx, Mutation, Query, Resolver } from 'type-graphql';
import { LoadInstructionsInput } from '../schema/inputs';
import { ApiInstructionFile } from '../schema/instruction-file';
import { LoadInstructionsPayload } from '../schema/payloads';
import { LocalDateScalar } from '../schema/scalars';
import { fileNameFault } from './checks';
import type { ApiContext } from './context';
import { findAccount, findStrategy } from './find';
import { instructionFileView } from './instruction-file.view';
import { fault, Faults, mustFind, refusalError } from './user-errors';
import { viewsOf } from './views';

@Resolver()
export class InstructionFileResolver {
  @Query(() => [ApiInstructionFile], {
    description: 'Instruction files as they were handed in, newest first.',
  })
  async instructionFiles(
    @Arg('tradingDate', () => LocalDateScalar, {
      nullable: true,
      description: 'Only those for this session. Null: all of them.',
    })
    tradingDate: string | null | undefined,
    @Arg('strategy', () => String, {
      nullable: true,
      description: 'Only those of this strategy. Null: of any.',
    })
    strategy: string | null | undefined,
    @Ctx() context: ApiContext,
  ): Promise<readonly ApiInstructionFile[]> {
    const views = viewsOf(context);
    const asked = strategy ?? null;
    const { state } = context.engine;
    const owner = asked === null ? null : mustFind('strategy', findStrategy(state, asked));
    const files = await context.history.instructionFiles(tradingDate ?? null);
    return files
      .filter((file) => owner === null || file.strategy === owner)
      .map((file) => instructionFileView(views, file));
  }

  @Mutation(() => LoadInstructionsPayload, {
    description: 'Checks a trading-instruction file and arms what it says.',
  })
  async loadInstructions(
    @Arg('input', () => LoadInstructionsInput, { description: 'The file and whose it is.' })
    input: LoadInstructionsInput,
    @Ctx() context: ApiContext,
  ): Promise<LoadInstructionsPayload> {
    const { state } = context.engine;
    const faults = new Faults(['input']);
    faults.check('fileName', fileNameFault(input.fileName));
    const strategy = faults.take('strategy', findStrategy(state, input.strategy));
    const account = faults.take('account', findAccount(state, input.account ?? null));
    if (strategy === undefined || account === undefined || faults.any) {
      return { file: null, userErrors: faults.errors };
    }
    const { fileName, content, dryRun, settings } = input;
    const tradingDate = input.tradingDate ?? null;
    const answer = await context.desk.loadInstructions({
      ...{ fileName, content, strategy, account, tradingDate, dryRun },
      ...(settings !== undefined && settings !== null && { settings }),
    });
    const { file, refusal } = answer;
    if (refusal !== null) faults.errors.push(refusalError(refusal, pathOf));
    else if (file !== null && !file.accepted) {
      const count = file.findings.filter(({ severity }) => severity === 'ERROR').length;
      const message = `The file is refused whole: ${count} faults stand among its findings.`;
      faults.add('content', fault('INVALID', message));
    }
    const view = file === null ? null : instructionFileView(viewsOf(context), file, answer);
    return { file: view, userErrors: faults.errors };
  }
}

/** The plans the engine speaks of stand in the text of the file. */
const pathOf = (field: string): readonly string[] => [
  'input',
  field === 'plans' ? 'content' : field,
];
