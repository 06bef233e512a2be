/** A replay that is killed at any event continues from its journal as if nothing had happened. */
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'libsql';
import { describeWithSharedData } from '../support/shared-data';
import { record, replayCase } from '../support/replay-cases';

const ROOT = join(__dirname, '..', '..');
const folder = (): string => mkdtempSync(join(tmpdir(), 'tidegate-kill-'));

describeWithSharedData('a killed replay of S1', () => {
  const { options } = replayCase('S1');
  const whole = record(options);

  it('continues after a kill at every line it has printed', async () => {
    const { text, lines } = await whole;
    build();
    for (let line = 1; line <= lines.length; line += 1) {
      const journal = join(folder(), 'run.db');
      expect(killAtLine({ ...options, journal }, line)).toBe('SIGKILL');
      expect((await record({ ...options, journal })).text).toBe(text);
    }
  });

  it('continues from every record that the journal may end with', async () => {
    const { text } = await whole;
    const kept = join(folder(), 'kept.db');
    await record({ ...options, journal: kept });
    for (const end of endsOfBatches(kept)) {
      const journal = join(folder(), 'cut.db');
      copyFileSync(kept, journal);
      cut(journal, end);
      expect((await record({ ...options, journal })).text).toBe(text);
    }
  });

  it('refuses the journal of other inputs and leaves it as it was', async () => {
    const journal = join(folder(), 'run.db');
    const { text } = await record({ ...options, journal });
    const other = { ...options, journal, strategy: 'another' };
    await expect(record(other)).rejects.toMatchObject({ exitCode: 2 });
    expect((await record({ ...options, journal })).text).toBe(text);
  });

  it('refuses a journal with a changed byte', async () => {
    const journal = join(folder(), 'run.db');
    await record({ ...options, journal });
    const db = new Database(journal);
    db.exec(`UPDATE journal SET event = replace(event, '181.9', '181.8') WHERE sequence = 6`);
    db.close();
    await expect(record({ ...options, journal })).rejects.toThrow(/damaged at record 6/);
  });
});

function build(): void {
  const built = spawnSync(process.execPath, [join(ROOT, 'scripts', 'build.mjs')], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  expect(built.status).toBe(0);
}

/** Runs the built replay in a process of its own that kills itself at a line. */
function killAtLine(options: object, line: number): NodeJS.Signals | null {
  const script = `
    const { replay } = require(${JSON.stringify(join(ROOT, 'dist', 'presets', 'replay.js'))});
    const options = JSON.parse(process.argv[1]);
    options.previousCloses = new Map(options.previousCloses);
    let lines = 0;
    replay(options, {
      remark: () => {},
      line: () => {
        if (++lines === Number(process.argv[2])) process.kill(process.pid, 'SIGKILL');
      },
    });`;
  const closes = 'previousCloses' in options ? options.previousCloses : [];
  const given = { ...options, previousCloses: [...(closes as Iterable<unknown>)] };
  const argv = ['-e', script, '--', JSON.stringify(given), String(line)];
  return spawnSync(process.execPath, argv, { cwd: ROOT }).signal;
}

/** A batch is one transaction: a killed run leaves whole ones. */
function endsOfBatches(journal: string): number[] {
  const db = new Database(journal);
  const rows = db
    .prepare('SELECT max(sequence) AS last FROM journal GROUP BY input_id ORDER BY last')
    .all() as { readonly last: number }[];
  db.close();
  return rows.map(({ last }) => last);
}

function cut(journal: string, end: number): void {
  const db = new Database(journal);
  db.prepare('DELETE FROM journal WHERE sequence > ?').run(end);
  db.close();
}
