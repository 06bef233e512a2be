/** The flags that stand for an import profile: one for each setting, and the file itself. */
import { SETTING_FLAGS } from '../presets/import-profile';

const TEXT = { type: 'string' } as const;

/** Further flags are settings; their names come of the words of a file. */
export const PROFILE_FLAGS = {
  ...(Object.fromEntries([...SETTING_FLAGS.keys()].map((flag) => [flag, TEXT])) as object),
  profile: TEXT,
} as const;
