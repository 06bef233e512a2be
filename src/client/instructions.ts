/** Instruction files as a client asks for them: list and load. Must not print anything. */
import type { ApiClient } from './client';
import { ORDER_FIELDS, type ListedOrder, type UserError } from './orders';
import { WORST_CASE_FIELDS, type ListedWorstCase } from './worst-case';

export interface ListedFinding {
  readonly severity: string;
  readonly code: string;
  readonly message: string;
  readonly line: number | null;
  readonly column: number | null;
  readonly proposal: string | null;
}

export interface ListedSymbol {
  readonly symbol: string;
  readonly accepted: boolean;
  /** Null in a rehearsal. */
  readonly state: string | null;
  readonly reason: string | null;
  readonly cycles: number;
  readonly maxCycles: number | null;
  readonly enteredQuantity: string;
  readonly exitedQuantity: string;
  readonly realized: { readonly amount: string; readonly currency: string } | null;
  readonly exit: { readonly id: string; readonly role: string } | null;
}

export interface ListedFile {
  readonly id: string;
  readonly fileName: string;
  readonly tradingDate: string;
  readonly loadedAt: string;
  readonly accepted: boolean;
  readonly contentHash: string;
  readonly strategy: { readonly key: string };
  readonly account: { readonly key: string };
  readonly symbols: readonly ListedSymbol[];
  readonly findings: readonly ListedFinding[];
}

const FILE_FIELDS = `id fileName tradingDate loadedAt accepted contentHash
  strategy { key } account { key }
  findings { severity code message line column proposal }`;

const SYMBOL_FIELDS = `symbol accepted state reason cycles maxCycles enteredQuantity
  exitedQuantity realized { amount currency } exit { id role }`;

const LIST = `query ($date: LocalDate, $strategy: String) {
  instructionFiles(tradingDate: $date, strategy: $strategy) {
    ${FILE_FIELDS} symbols { ${SYMBOL_FIELDS} }
  }
}`;

export interface FileQuery {
  readonly date: string | null;
  readonly strategy: string | null;
}

/** Newest first. @throws ClientError */
export async function listInstructionFiles(
  client: ApiClient,
  { date, strategy }: FileQuery,
): Promise<readonly ListedFile[]> {
  const variables = { date, strategy };
  return (await client.ask<{ instructionFiles: ListedFile[] }>(LIST, variables)).instructionFiles;
}

export interface LoadedFile extends ListedFile {
  readonly symbols: readonly (ListedSymbol & {
    readonly orders: readonly ListedOrder[];
    readonly worstCase: readonly ListedWorstCase[];
  })[];
}

export interface LoadResult {
  readonly file: LoadedFile | null;
  readonly userErrors: readonly UserError[];
}

/** The input, as the schema's LoadInstructionsInput has it. */
export interface LoadInput {
  readonly fileName: string;
  readonly content: string;
  readonly strategy: string;
  readonly account: string | null;
  readonly tradingDate: string | null;
  /** What holds where the file is silent. */
  readonly settings: object;
  readonly dryRun: boolean;
}

const LOAD = `mutation ($input: LoadInstructionsInput!) {
  loadInstructions(input: $input) {
    file { ${FILE_FIELDS}
      symbols { ${SYMBOL_FIELDS} orders { ${ORDER_FIELDS} } worstCase { ${WORST_CASE_FIELDS} } } }
    userErrors { code message field }
  }
}`;

/** Safe to repeat: the same content again is nothing new. @throws ClientError */
export async function loadInstructions(client: ApiClient, input: LoadInput): Promise<LoadResult> {
  return (await client.ask<{ loadInstructions: LoadResult }>(LOAD, { input })).loadInstructions;
}
