/** Where the running server is found: by the configuration that it was started with. */
import type { ServerAddress } from '../client/client';
import { urlOf } from '../server/access';
import { readConfig } from './configuration';
import { VerbError } from './errors';

export interface AddressFlags {
  /** Instead of host and port. */
  readonly url: string | undefined;
  readonly host: string | undefined;
  readonly port: string | undefined;
  readonly timeoutMs: number;
}

/** @throws VerbError */
export function serverAddress({ url, host, port, timeoutMs }: AddressFlags): ServerAddress {
  const { config } = readConfig({ host, port });
  const { token } = config;
  if (url !== undefined) return { url, token, timeoutMs };
  if (config.port === 0) {
    const message = 'The port is 0, for any free one: the start says which. Name it with --port.';
    throw new VerbError(message, 2);
  }
  return { url: urlOf(config.host, config.port), token, timeoutMs };
}
