/**
 * What the configuration is once it is read and found right: one frozen value, with the source of
 * each part, and the error that says what is wrong with it. Must not know how it is read.
 */
import type { LogLevel } from '../domain/desk';
import type { Mode } from '../domain/mode';
import type { SettingKey } from './catalogue';

/** The modes that trade on a broker link. */
export type LiveMode = Exclude<Mode, 'REPLAY'>;

export interface Config {
  readonly mode: LiveMode;
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  /** 0: any free port. */
  readonly gatewayPort: number;
  /** Absolute, as the other folders. */
  readonly dataDir: string;
  readonly rulesDir: string;
  readonly instructionsDir: string;
  readonly token: string | null;
  /** Seconds of the made-up market in one second. */
  readonly demoSpeed: number;
  /** Null: SQLite in the data folder. */
  readonly databaseUrl: string | null;
  readonly logFormat: 'text' | 'json';
  readonly logLevel: LogLevel;
  readonly ib: { readonly host: string; readonly port: number; readonly clientId: number };
}

export type SourceKind = 'flag' | 'environment' | '.env' | 'file' | 'default';

/** One value with where it came from, ready to be shown: secrets are masked. */
export interface ShownSetting {
  readonly key: SettingKey;
  readonly variable: string;
  readonly flag: string | null;
  readonly value: string | number | null;
  readonly source: SourceKind;
  /** `--port`, `TIDEGATE_PORT`, `.env:3`, `tidegate.json:4:11`; empty for a default. */
  readonly place: string;
}

export interface LoadedConfig {
  readonly config: Config;
  readonly settings: readonly ShownSetting[];
  /** What a person should know: what was set and is not looked at. */
  readonly remarks: readonly string[];
  /** Texts that must never be written anywhere. */
  readonly secrets: readonly string[];
}

/** The configuration cannot be used; each fault is a sentence with the next step. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  constructor(readonly faults: readonly string[]) {
    super(faults.join('\n'));
  }
}
