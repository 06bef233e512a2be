/**
 * What checking an instruction file yields: findings with their place in the text, and per symbol a
 * verdict and, where accepted, the compiled plan. The shape that GraphQL and the CLI print.
 */
import type { AccountKey, FileId, PlanId, StrategyKey } from './ids';
import type { ImportSettings } from './import-settings';
import type { PlanSpec } from './plan';

export type FindingSeverity = 'ERROR' | 'WARNING' | 'INFO';

export interface Finding {
  readonly severity: FindingSeverity;
  /** A code of the catalogue in finding.ts. */
  readonly code: string;
  readonly message: string;
  /** JSON pointer; null for a fault of the whole text. */
  readonly pointer: string | null;
  /** 1-based; null only where there is no text to point at. */
  readonly line: number | null;
  readonly column: number | null;
  /** The corrected order or line, where there is one to propose. */
  readonly proposal: string | null;
}

export interface CheckedSymbol {
  /** Folded to upper case. */
  readonly symbol: string;
  readonly accepted: boolean;
  /** Null when refused. */
  readonly plan: PlanSpec | null;
}

/** Whose a file is and for which session, as it says itself; null where it does not. */
export interface FileOwner {
  readonly strategy: string | null;
  readonly account: string | null;
  /** Exchange-local, yyyy-mm-dd. */
  readonly tradingDate: string | null;
}

export interface CheckedFile {
  readonly fileName: string;
  /** SHA-256 of the bytes. */
  readonly contentHash: string;
  readonly owner: FileOwner;
  /** False: the whole file is refused and `symbols` is empty. */
  readonly accepted: boolean;
  readonly symbols: readonly CheckedSymbol[];
  /** In the order of the text. */
  readonly findings: readonly Finding[];
  /** Those of the findings that one edit of the text sets right; in no order. */
  readonly corrections: readonly Correction[];
}

/** The edit that sets a finding right, where what was meant is certain. */
export interface Correction {
  readonly finding: Finding;
  /** Offset in UTF-16 units of the text without its byte-order mark. */
  readonly offset: number;
  /** The token at the offset, which the replacement takes the place of; else it is added. */
  readonly replaces: 'TOKEN' | 'NOTHING';
  readonly text: string;
}

/** A file as it was handed in: what was found, and which plan each symbol became. */
export interface InstructionFileRecord {
  readonly id: FileId;
  readonly fileName: string;
  /** SHA-256 of the bytes. */
  readonly contentHash: string;
  readonly strategy: StrategyKey;
  readonly account: AccountKey;
  /** Exchange-local, yyyy-mm-dd. */
  readonly tradingDate: string;
  readonly accepted: boolean;
  readonly symbols: readonly {
    readonly symbol: string;
    readonly accepted: boolean;
    /** Null when refused. */
    readonly plan: PlanId | null;
  }[];
  readonly findings: readonly Finding[];
  /** What held where it was silent; absent: the defaults. */
  readonly settings?: ImportSettings;
  readonly at: number;
}
