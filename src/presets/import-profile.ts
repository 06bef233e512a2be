/** A profile and settings as they are given to a verb: a file, and flags that go before it. */
import { readFileSync, statSync } from 'node:fs';
import { DEFAULT_KEYS, mergeSettings } from '../instructions/defaults';
import {
  checkProfile,
  checkSettings,
  MAX_PROFILE_BYTES,
  NO_PROFILE,
  profileFaults,
  type Profile,
} from '../instructions/profile';
import { VerbError } from './errors';

/** A flag for each setting: `exit-qty` is `exitQty` in a file. */
export const SETTING_FLAGS: ReadonlyMap<string, string> = new Map(
  DEFAULT_KEYS.map((key) => [key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`), key]),
);

/**
 * What the flags say, and where they are silent the profile.
 * @throws VerbError (exit code 2) with the place of each fault in the profile
 */
export function givenProfile(
  path: string | undefined,
  flags: Readonly<Record<string, unknown>>,
): Profile {
  const profile = path === undefined ? NO_PROFILE : readProfile(path);
  const said: Record<string, string | number> = {};
  for (const [flag, key] of SETTING_FLAGS) {
    const value = flags[flag];
    if (typeof value === 'string') said[key] = /^\d{1,3}$/.test(value) ? Number(value) : value;
  }
  const checked = checkSettings(mergeSettings(said, profile.settings));
  if (checked.profile === null) throw new VerbError(profileFaults('flags', checked).join('\n'), 2);
  return { ...profile, settings: checked.profile.settings };
}

function readProfile(path: string): Profile {
  const checked = checkProfile(bytesOf(path));
  if (checked.profile !== null) return checked.profile;
  throw new VerbError(profileFaults(path, checked).join('\n'), 2);
}

function bytesOf(path: string): Uint8Array {
  try {
    const stats = statSync(path);
    if (stats.isFile() && stats.size <= MAX_PROFILE_BYTES) return readFileSync(path);
  } catch (cause) {
    throw new VerbError(`${path} cannot be read: ${String(cause)}`, 2, { cause });
  }
  throw new VerbError(`${path} is no profile: a file of at most ${MAX_PROFILE_BYTES} bytes.`, 2);
}
