/**
 * What checking an instruction file yields: findings with their place in the text, and per symbol a
 * verdict and, where accepted, the compiled plan. The shape that GraphQL and the CLI print.
 */
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

export interface CheckedFile {
  readonly fileName: string;
  /** SHA-256 of the bytes. */
  readonly contentHash: string;
  /** False: the whole file is refused and `symbols` is empty. */
  readonly accepted: boolean;
  readonly symbols: readonly CheckedSymbol[];
  /** In the order of the text. */
  readonly findings: readonly Finding[];
}
