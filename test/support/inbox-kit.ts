// A watched instruction folder on a real disk: what was handed over, what was warned of, and how to
// wait for either. Must not know what any test expects.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { watchInbox, type Inbox, type InboxFile } from '../../src/instructions/inbox';
import type { InboxOptions } from '../../src/instructions/inbox';

export async function until(what: () => boolean): Promise<void> {
  while (!what()) await sleep(5);
}

export class WatchedFolder {
  /** Outside of what is watched. */
  readonly base = mkdtempSync(join(tmpdir(), 'inbox-'));
  readonly folder = join(this.base, 'instructions');
  readonly warnings: string[] = [];
  files: InboxFile[] = [];
  #inbox: Inbox | null = null;

  constructor() {
    mkdirSync(this.folder);
  }

  /** `answer`: what becomes of each file; by default it stays where it is. */
  start(answer: InboxOptions['onFile'] = () => Promise.resolve(null)): void {
    this.#inbox = watchInbox({
      ...{ folder: this.folder, settleMs: 30, pollMs: 60 },
      onFile: (file) => {
        this.files.push(file);
        return answer(file);
      },
      onNoText: () => null,
      onWarning: (message) => this.warnings.push(message),
    });
  }
  put(name: string, text: string): void {
    writeFileSync(join(this.folder, name), text);
  }
  folderNamed(name: string): void {
    mkdirSync(join(this.folder, name));
  }
  seen(): string[] {
    return this.files.map(({ strategy, fileName, content }) =>
      [strategy, fileName, content].join(' '),
    );
  }
  /** Everything before it in the order of names was judged once this one has come, twice. */
  async untilAllWereSeen(): Promise<void> {
    for (let round = 0; round < 2; round += 1) {
      const before = this.files.length;
      this.put('zzz-last.json', `${Math.random()}`);
      const came = (): boolean =>
        this.files.slice(before).some(({ fileName }) => fileName === 'zzz-last.json');
      await until(came);
    }
    this.files = this.files.filter(({ fileName }) => fileName !== 'zzz-last.json');
  }
  async close(): Promise<void> {
    await this.#inbox?.stop();
    rmSync(this.base, { recursive: true, force: true });
  }
}
