// Owns the promises of the log: its two forms, its levels, what is never in it, and who hears it.

import { createLogger, type LogOptions } from '../../src/ops/log';
import type { LogEntry } from '../../src/domain/desk';

const AT = Date.UTC(2026, 10, 20, 14, 30, 4, 567);

function logger(options: Partial<LogOptions> = {}) {
  const lines: string[] = [];
  const write = (line: string): void => void lines.push(line);
  const log = createLogger({
    ...{ format: 'text', level: 'DEBUG', secrets: [], now: () => AT, write },
    ...options,
  });
  return { log, lines };
}

describe('the log', () => {
  it('writes one line an entry: time in UTC, level, message', () => {
    const { log, lines } = logger();
    log.debug('a');
    log.info('b');
    log.warning('c', 'ord-00000001');
    log.error('d');
    expect(lines).toEqual([
      '[2026-11-20 14:30:04] DEBUG: a\n',
      '[2026-11-20 14:30:04] INFO: b\n',
      '[2026-11-20 14:30:04] WARNING: c\n',
      '[2026-11-20 14:30:04] ERROR: d\n',
    ]);
  });

  it('writes the same as JSON', () => {
    const { log, lines } = logger({ format: 'json' });
    for (const level of ['DEBUG', 'INFO', 'WARNING', 'ERROR'] as const) log.log(level, 'm');
    log.warning('c "quoted"', 'ord-00000001');
    const entries = lines.map((line) => JSON.parse(line) as unknown);
    const time = '2026-11-20T14:30:04.567Z';
    expect(lines.every((line) => line.endsWith('}\n'))).toBe(true);
    expect(entries).toEqual([
      ...['DEBUG', 'INFO', 'WARNING', 'ERROR'].map((level) => ({ level, time, message: 'm' })),
      { level: 'WARNING', time, orderId: 'ord-00000001', message: 'c "quoted"' },
    ]);
  });

  it.each(['text', 'json'] as const)('leaves out what is below its level, as %s', (format) => {
    const { log, lines } = logger({ format, level: 'WARNING' });
    const heard: LogEntry[] = [];
    log.onEntry((entry) => heard.push(entry));
    log.info('a');
    log.warning('b');
    expect([lines.length, heard.length]).toEqual([1, 1]);
  });

  it('tells every listener until it goes', () => {
    const { log } = logger();
    const heard: LogEntry[] = [];
    const off = log.onEntry((entry) => heard.push(entry));
    log.info('a', 'ord-00000001');
    off();
    log.info('b');
    expect(heard).toEqual([{ at: AT, level: 'INFO', message: 'a', orderId: 'ord-00000001' }]);
  });

  it('never shows a secret, neither in a line nor to a listener', () => {
    const secrets = ['tok-0123456789', 'p@ssword', 'tok-0123456789-and-more', ''];
    const { log, lines } = logger({ secrets });
    const heard: string[] = [];
    log.onEntry(({ message }) => heard.push(message));
    log.info('tok-0123456789-and-more and tok-0123456789 of p@ssword');
    log.info('mysql://joe:unknown-one@db/x; Authorization: Bearer abc.def, then more');
    expect(heard).toEqual([
      '******** and ******** of ********',
      'mysql://joe:********@db/x; Authorization: Bearer ********, then more',
    ]);
    expect(lines.join('')).not.toMatch(/tok|p@ss|unknown-one|abc\.def|and-more/);
  });

  it('escapes what could forge a line or move the cursor', () => {
    const { log, lines } = logger();
    log.info('a\n[2026-01-01 00:00:00] ERROR: forged\r\t\u001b[2J\u202e\u0000');
    expect(lines).toEqual([
      '[2026-11-20 14:30:04] INFO: a\\n[2026-01-01 00:00:00] ERROR: forged' +
        '\\r\\t\\u001b[2J\\u202e\\u0000\n',
    ]);
  });
});
