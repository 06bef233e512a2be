// Owns what the banner says: every fact a person looks for at the start, in one place.

import { bannerText, shownPath, type BannerFacts } from '../../src/presets/banner';

const FACTS: BannerFacts = {
  version: '0.2.0',
  mode: 'DEMO',
  folder: { path: './data', state: 'new' },
  databases: 'SQLite ./data/journal.db, ./data/views.db',
  broker: 'embedded gateway on 127.0.0.1:7597 (TWS protocol)',
  rules: { folder: './rules', files: 16, rules: 16, hash: '0123456789abcdef' },
  instructions: { folder: './instructions', copied: ['demo-a.json'] },
  urls: [
    { name: 'GraphQL', url: 'http://127.0.0.1:4000/graphql' },
    { name: 'GraphiQL', url: 'http://127.0.0.1:4000/graphiql' },
  ],
  clock: {
    ...{ now: Date.UTC(2026, 10, 20, 14, 40), exchange: 'XNYS' },
    ...{ zone: 'America/New_York', speed: 1 },
  },
  pid: 4711,
  remarks: ['Ignored: IB_HOST: why.'],
};

describe('the banner', () => {
  it('says which world this is, where it is, and what to open', () => {
    expect(bannerText(FACTS).split('\n')).toEqual([
      'Tidegate 0.2.0 · DEMO · embedded broker, made-up prices, no account needed',
      '  folder     ./data (new)',
      '  databases  SQLite ./data/journal.db, ./data/views.db',
      '  broker     embedded gateway on 127.0.0.1:7597 (TWS protocol)',
      '  rules      16 rules in 16 files, all valid, set 0123456789ab, ./rules',
      '  inbox      ./instructions (samples copied: demo-a.json)',
      '  GraphQL    http://127.0.0.1:4000/graphql',
      '  GraphiQL   http://127.0.0.1:4000/graphiql',
      "  clock      2026-11-20 09:40:00 America/New_York (XNYS), the market's own time at speed 1",
      '  pid        4711 (Ctrl-C or SIGTERM ends it)',
      '  Ignored: IB_HOST: why.',
    ]);
  });

  it("names paper as paper, and a market whose time is everybody's", () => {
    const text = bannerText({
      ...FACTS,
      mode: 'PAPER',
      clock: { ...FACTS.clock, speed: null },
      instructions: { folder: './instructions', copied: [] },
      remarks: [],
    });
    expect(text).toContain('· PAPER · a paper account');
    expect(text).toContain('09:40:00 America/New_York (XNYS)\n');
    expect(text).toContain('inbox      ./instructions\n');
  });
});

describe('a path as it is shown', () => {
  it.each([
    ['/a/b/data', './data'],
    ['/a/b/data/x.db', './data/x.db'],
    ['/a/b', '.'],
    ['/a/c', '/a/c'],
    ['/elsewhere', '/elsewhere'],
  ])('%s is %s from /a/b', (path, shown) => {
    expect(shownPath(path, '/a/b')).toBe(shown);
  });
});
