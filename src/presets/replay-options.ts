/** What a replay is asked to do. */
import type { CommissionSchedule } from '../broker/simulator/commission';
import type { ImportSettings } from '../domain/import-settings';

export interface ReplayOptions {
  readonly instructions: string;
  readonly trades: string;
  /** Previous session's close by symbol, as decimal text. */
  readonly previousCloses: ReadonlyMap<string, string>;
  /** A folder, `none`, or null for the shipped rules. */
  readonly riskRules: string | null;
  readonly strategy: string;
  /** What holds where the file is silent; absent: the defaults. */
  readonly settings?: ImportSettings;
  readonly sessionEnd: 'calendar' | 'last';
  readonly commission: CommissionSchedule;
  /** File to keep the journal in; null keeps it for the run only. */
  readonly journal: string | null;
}
