/**
 * The catalogue of findings in instruction files. docs/reference/findings.md is generated from it.
 */
import type { FindingSeverity } from "./instruction";

export interface FindingEntry {
  readonly code: string;
  readonly severity: FindingSeverity;
  /** What an ERROR refuses: the whole file or its symbol. */
  readonly refuses: "FILE" | "SYMBOL" | "NOTHING";
  readonly meaning: string;
  readonly next: string;
}

export const FINDINGS = [] as const satisfies readonly FindingEntry[];
