/**
 * The profiles of an instruction folder: `profile.json` beside the files it speaks for. A folder
 * whose profile is wrong waits as a whole, since nobody knows what its files were meant to do.
 * Must not know files of instructions.
 */
import { readEntry, type InboxEntry } from './inbox-files';
import { checkProfile, NO_PROFILE, profileFaults, type Profile } from './profile';

/** What a folder says of its files. */
export interface FolderProfile {
  readonly profile: Profile;
  /** Another with every change; empty where there is none. */
  readonly signature: string;
}
export const WITHOUT_PROFILE: FolderProfile = { profile: NO_PROFILE, signature: '' };

export class InboxProfiles {
  /** By path, as read last; null: it is wrong, and that was said. */
  readonly #read = new Map<
    string,
    { readonly signature: string; readonly profile: Profile | null }
  >();

  /** @param warn - hears once of each fault, with the name of the file and its place in it */
  constructor(private readonly warn: (entry: InboxEntry, message: string) => void) {}

  /** Null: the files of the folder wait. */
  async of(entry: InboxEntry): Promise<FolderProfile | null> {
    const { path, signature } = entry;
    const known = this.#read.get(path);
    if (known?.signature === signature) {
      const { profile } = known;
      return profile === null ? null : { profile, signature };
    }
    const read = await readEntry(entry);
    if (read.state === 'changed') return null;
    const profile = read.state === 'read' ? this.#check(entry, read.content) : null;
    if (read.state !== 'read') this.warn(entry, `${read.message} ${WAITING}`);
    this.#read.set(path, { signature, profile });
    return profile === null ? null : { profile, signature };
  }

  #check(entry: InboxEntry, content: string): Profile | null {
    const checked = checkProfile(new TextEncoder().encode(content));
    if (checked.profile !== null) return checked.profile;
    this.warn(entry, `${profileFaults(entry.fileName, checked).join(' | ')} ${WAITING}`);
    return null;
  }
}

const WAITING = 'The files beside it wait until it is mended or taken away.';
