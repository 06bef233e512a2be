/** Maps an instruction file, and the orders its symbols became, to the API. */
import type { InstructionFileRecord } from '../domain/instruction';
import type { Order } from '../domain/order';
import type { ApiInstructionFile } from '../schema/instruction-file';
import { InstructionSymbolView } from './instruction-symbol.view';
import type { Views } from './views';

/** `given`: the orders of each symbol where they are not in the books, as in a dry run. */
export function instructionFileView(
  views: Views,
  file: InstructionFileRecord,
  given: ReadonlyMap<string, readonly Order[]> | null = null,
): ApiInstructionFile & { readonly typeName: string } {
  const { id, fileName, contentHash, tradingDate, accepted, findings } = file;
  const symbols = file.symbols.map((record) => {
    const orders = given === null ? null : (given.get(record.symbol) ?? []);
    return new InstructionSymbolView(views, file, { record, given: orders });
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
