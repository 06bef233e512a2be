/** Maps an instruction file, the orders its symbols became and their worst case, to the API. */
import type { InstructionFileRecord } from '../domain/instruction';
import type { LoadAnswer } from '../domain/desk';
import type { ApiInstructionFile } from '../schema/instruction-file';
import { InstructionSymbolView } from './instruction-symbol.view';
import type { Views } from './views';

/** `given`: what each symbol became or would become, where that is not in the books. */
export function instructionFileView(
  views: Views,
  file: InstructionFileRecord,
  given: Pick<LoadAnswer, 'orders' | 'worstCases'> | null = null,
): ApiInstructionFile & { readonly typeName: string } {
  const { id, fileName, contentHash, tradingDate, accepted, findings } = file;
  const symbols = file.symbols.map((record) => {
    const orders = given === null ? null : (given.orders.get(record.symbol) ?? []);
    const worst = given?.worstCases?.get(record.symbol) ?? null;
    return new InstructionSymbolView(views, file, { record, given: orders, worst });
  });
  return {
    ...{ typeName: 'InstructionFile', id, fileName, contentHash, tradingDate },
    ...{ accepted, symbols, findings, loadedAt: file.at },
    settings: file.settings ?? null,
    get strategy() {
      return views.strategy(file.strategy);
    },
    get account() {
      return views.account(file.account);
    },
  };
}
