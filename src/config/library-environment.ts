/**
 * The broker's client library reads `.env` and some variables by itself. Ours is the only reader:
 * here its variables are taken out of its sight. Must not know what the values are.
 */

/** What the library looks up in the environment, and would take from `.env` where it is absent. */
const LIBRARY_VARIABLES = [
  'CI',
  'CLIENT_VERSION',
  'ENV_CONFIG_TEST',
  'IB_HOST',
  'IB_PORT',
  'IB_TEST_ACCOUNT',
  'MAX_REQ_PER_SECOND',
] as const;

/**
 * To be called once, after the configuration was read and before the library is first used. An
 * empty variable is what the library takes for unset, and what its `.env` reader does not replace.
 */
export function shieldLibraryEnvironment(env: Record<string, string | undefined>): void {
  for (const name of LIBRARY_VARIABLES) env[name] = '';
}
