/** Maps an instruction file, and the orders its symbols became, to the API. */
import type { InstructionFileRecord } from '../domain/instruction';
import type { Order } from '../domain/order';
import { ordersOfAllCycles } from '../engine/core/state';
import type { ApiInstructionFile, ApiInstructionSymbol } from '../schema/instruction-file';
import type { Views } from './views';

/** `given`: the orders of each symbol where they are not in the books, as in a dry run. */
export function instructionFileView(
  views: Views,
  file: InstructionFileRecord,
  given: ReadonlyMap<string, readonly Order[]> | null = null,
): ApiInstructionFile & { readonly typeName: string } {
  const { id, fileName, contentHash, tradingDate, accepted, findings } = file;
  const ordersOf = (each: InstructionFileRecord['symbols'][number]): readonly Order[] => {
    if (given !== null) return given.get(each.symbol) ?? [];
    return each.plan === null ? [] : ordersOfAllCycles(views.state, each.plan);
  };
  const symbols = file.symbols.map((each): ApiInstructionSymbol => ({
    symbol: each.symbol,
    accepted: each.accepted,
    get orders() {
      return ordersOf(each).map((order) => views.order(order));
    },
  }));
  return {
    ...{ typeName: 'InstructionFile', id, fileName, contentHash, tradingDate },
    ...{ accepted, symbols, findings, loadedAt: file.at },
    get strategy() {
      return views.strategy(file.strategy);
    },
    get account() {
      return views.account(file.account);
    },
  };
}
