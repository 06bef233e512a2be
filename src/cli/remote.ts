/**
 * What the verbs that ask a running server have in common: its address, its refusals, and what a
 * failed request means for the exit code.
 */
import { ApiClient, ClientError } from '../client/client';
import type { UserError } from '../client/orders';
import { harmless } from '../client/table';
import { VerbError } from '../presets/errors';
import { serverAddress } from '../presets/server-address';
import { usage } from './options';

export const SERVER_FLAGS = {
  url: { type: 'string' },
  host: { type: 'string' },
  port: { type: 'string' },
  timeout: { type: 'string' },
  json: { type: 'boolean' },
} as const;

interface ServerValues {
  readonly url?: string | undefined;
  readonly host?: string | undefined;
  readonly port?: string | undefined;
  readonly timeout?: string | undefined;
}

const TIMEOUT_SECONDS = 30;
const MOST_SECONDS = 3_600;

/** @throws VerbError */
export function clientOf(verb: string, values: ServerValues): ApiClient {
  const { url, host, port, timeout = String(TIMEOUT_SECONDS) } = values;
  const seconds = Number(timeout);
  if (timeout.trim() === '' || !(seconds > 0) || seconds > MOST_SECONDS) {
    throw usage(verb, `--timeout ${timeout} must be seconds, above 0 and up to ${MOST_SECONDS}.`);
  }
  if (url !== undefined && (host !== undefined || port !== undefined)) {
    throw usage(verb, '--url is the whole address: leave --host and --port away.');
  }
  const timeoutMs = Math.ceil(seconds * 1_000);
  return translated(() => new ApiClient(serverAddress({ url, host, port, timeoutMs })));
}

function translated<T>(work: () => T): T {
  try {
    return work();
  } catch (cause) {
    throw cause instanceof ClientError ? new VerbError(cause.message, 2, { cause }) : cause;
  }
}

/**
 * Runs a request, and says what its failure means.
 * @param whenUnknown for a command: what is not known, and what to do; null for a mere question
 * @throws VerbError
 */
export async function remotely<T>(
  request: () => Promise<T>,
  whenUnknown: string | null = null,
): Promise<T> {
  try {
    return await request();
  } catch (cause) {
    if (!(cause instanceof ClientError)) throw cause;
    const { kind, message } = cause;
    if (kind === 'UNUSABLE') throw new VerbError(message, 2, { cause });
    if (kind === 'NOT_DONE') throw new VerbError(message, 1, { cause });
    if (whenUnknown !== null) throw new VerbError(`${message} ${whenUnknown}`, 4, { cause });
    throw new VerbError(`${message} Ask again.`, 1, { cause });
  }
}

/** One line for each refusal, on stderr. */
export function complainOf(errors: readonly UserError[], about = ''): void {
  for (const { code, message, field } of errors) {
    const at = field === null ? '' : ` (${field.join('.')})`;
    console.error(harmless(`${about}${code}: ${message}${at}`));
  }
}
