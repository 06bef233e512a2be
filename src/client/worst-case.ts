/** The worst case of the symbols of an instruction file as a table. Must not print anything. */
import { tableOf, type Column } from './table';

export interface ListedAmount {
  readonly amount: string;
  /** Null where no instrument has been asked for. */
  readonly currency: string | null;
}

/** One side of a symbol, as the schema's InstructionWorstCase has it. */
export interface ListedWorstCase {
  readonly side: string;
  readonly maxQuantity: string;
  readonly maxNotional: ListedAmount;
  readonly uncoveredQuantity: string;
  readonly loss: ListedAmount | null;
  readonly cycles: number;
  readonly lossOfAllCycles: ListedAmount | null;
  /** Absent where no server has been asked. */
  readonly positionLimit?: ListedAmount;
  readonly lossLimit?: ListedAmount;
}

export const WORST_CASE_FIELDS = `side maxQuantity maxNotional { amount currency }
  uncoveredQuantity loss { amount currency } cycles lossOfAllCycles { amount currency }
  positionLimit { amount currency } lossLimit { amount currency }`;

interface Row extends ListedWorstCase {
  readonly symbol: string;
}

/** Null where there is nothing to show. */
export function worstCaseTable(
  symbols: readonly { readonly symbol: string; readonly worstCase: readonly ListedWorstCase[] }[],
): string | null {
  const rows = symbols.flatMap(({ symbol, worstCase }) =>
    worstCase.map((each): Row => ({ symbol, ...each })),
  );
  if (rows.length === 0) return null;
  const limited = rows.some(({ lossLimit }) => lossLimit !== undefined);
  const table = tableOf([...COLUMNS, ...(limited ? LIMITS : [])], rows);
  return `Worst case: every level filled, then the stops hit.\n${table}`;
}

const amountOf = ({ amount, currency }: ListedAmount): string =>
  currency === null ? amount : `${amount} ${currency}`;

const COLUMNS: readonly Column<Row>[] = [
  { head: 'SYMBOL', text: ({ symbol }) => symbol, least: 6 },
  { head: 'SIDE', text: ({ side }) => side },
  { head: 'UNITS', text: ({ maxQuantity }) => maxQuantity, right: true },
  { head: 'WORTH', text: ({ maxNotional }) => amountOf(maxNotional), right: true },
  { head: 'LOSS', text: lossText, right: true },
  { head: 'NO STOP FOR', text: ({ uncoveredQuantity }) => uncoveredQuantity, right: true },
];
const LIMITS: readonly Column<Row>[] = [
  { head: 'LOSS BELOW', text: ({ lossLimit }) => limitText(lossLimit), right: true },
];

const limitText = (limit: ListedAmount | undefined): string =>
  limit === undefined ? '-' : amountOf(limit);

function lossText({ loss, lossOfAllCycles, cycles }: Row): string {
  if (loss === null || lossOfAllCycles === null) return 'unbounded';
  if (cycles === 1) return amountOf(loss);
  return `${loss.amount} x ${cycles} = ${amountOf(lossOfAllCycles)}`;
}
