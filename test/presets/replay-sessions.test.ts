/** Which trades count: sessions, trading dates, calendars, symbols that cannot run. */
import { record } from '../support/replay-cases';
import { smallReplay, symbolOf, tradesCsv } from '../support/replay-files';

const LONG = symbolOf(
  [{ on: 'cross-over', action: 'BUY', price: '100' }],
  [
    { action: 'SELL', order: 'limit', price: '110' },
    { action: 'SELL', price: '90' },
  ],
);
const MONDAY = '2024-03-11';
const events = (lines: readonly { readonly event: string; readonly order: string }[]): string[] =>
  lines.map(({ event, order }) => `${event} ${order}`);

describe('the session of a replay', () => {
  it('counts a trade stamped exactly at the close and none after it', async () => {
    const rows = ['19:59:58.000 IBM 99', '19:59:59.000 IBM 101', '20:00:00.000 IBM 101.5'];
    const late = [...rows, '20:00:00.001 IBM 120'];
    const { lines, results } = await record(smallReplay({ IBM: LONG }, tradesCsv(MONDAY, late)));
    expect(events(lines)).toContain('FILL entry[0]');
    expect(results[0]).toMatchObject({ fills: 1, position: '1', lastPrice: '101.5' });
    expect(lines.filter(({ event }) => event === 'EXPIRE').map(({ time }) => time)).toEqual([
      '2024-03-11T20:00:00.000Z',
      '2024-03-11T20:00:00.000Z',
    ]);
  });

  it('leaves trades before the open out, as if they had not been', async () => {
    const rows = ['13:29:59.999 IBM 99', '13:30:00.000 IBM 101', '13:30:01.000 IBM 102'];
    const { lines, remarks } = await record(smallReplay({ IBM: LONG }, tradesCsv(MONDAY, rows)));
    expect(events(lines)).toEqual(['EXPIRE entry[0]']);
    expect(remarks.join()).toContain('trades of IBM outside the session of 2024-03-11: 1');
  });

  it.each([
    ['before the clock change', '2011-03-11', '14:30:00', '13:30:00'],
    ['after the clock change', '2011-03-14', '13:30:00', '12:30:00'],
  ])('opens at 09:30 in New York %s', async (_, date, open, hourBefore) => {
    const rows = [
      `${hourBefore} IBM 99`,
      `${open} IBM 99`,
      `${open}.500 IBM 101`,
      `${open}.600 IBM 101`,
    ];
    const { lines, results } = await record(smallReplay({ IBM: LONG }, tradesCsv(date, rows)));
    expect(events(lines).slice(0, 3)).toEqual([
      'TRIGGER entry[0]',
      'SUBMIT entry[0]',
      'FILL entry[0]',
    ]);
    expect(results[0]?.tradingDate).toBe(date);
  });

  it('takes the exchange date of the first trade, not the UTC one', async () => {
    const rows = ['2024-03-12T00:30:00Z IBM 99', '2024-03-12T14:00:00Z IBM 101'];
    const { results } = await record(smallReplay({ IBM: LONG }, tradesCsv('', rows)));
    expect(results[0]).toMatchObject({
      tradingDate: '2024-03-11',
      reason: 'no trades in the session of 2024-03-11',
    });
  });

  it('says that the exchange was closed', async () => {
    const rows = ['2024-03-09T15:00:00Z IBM 99'];
    const { results, lines } = await record(smallReplay({ IBM: LONG }, tradesCsv('', rows)));
    expect(results[0]?.reason).toBe('XNYS has no session on 2024-03-09');
    expect(lines).toEqual([]);
  });

  it('asks no calendar with --session-end last', async () => {
    const rows = ['2035-03-10T03:00:00Z IBM 99', '2035-03-10T04:00:00Z IBM 101'];
    const trades = tradesCsv('', [...rows, '2035-03-10T05:00:00Z IBM 102']);
    const { results } = await record(smallReplay({ IBM: LONG }, trades, { sessionEnd: 'last' }));
    expect(results[0]).toMatchObject({ fills: 1, position: '1', tradingDate: '2035-03-09' });
  });

  it('refuses a date the calendar does not cover and names the way out', async () => {
    const trades = tradesCsv('', ['2035-03-12T15:00:00Z IBM 99']);
    await expect(record(smallReplay({ IBM: LONG }, trades))).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringContaining('--session-end last') as string,
    });
  });
});

describe('a symbol that cannot run', () => {
  it('is named with its reason, has no event, and the others run', async () => {
    const rows = ['14:30:00 IBM 99', '14:31:00 IBM 101', '14:32:00 IBM 101'];
    const { lines, results, remarks } = await record(
      smallReplay({ ZZZ: LONG, IBM: LONG }, tradesCsv(MONDAY, rows)),
    );
    expect(new Set(lines.map(({ symbol }) => symbol))).toEqual(new Set(['IBM']));
    expect(results.map(({ symbol, reason }) => [symbol, reason])).toEqual([
      ['ZZZ', 'the recording has no trades of it'],
      ['IBM', null],
    ]);
    expect(remarks).toContain('ZZZ does not run: the recording has no trades of it');
  });

  it('includes one that looks at quotes, which a recording of trades does not have', async () => {
    const rows = ['14:30:00 IBM 99', '14:30:00 BAC 99', '14:31:00 BAC 101', '14:31:00 IBM 101'];
    const quoted = { ...LONG, priceSource: 'bid-ask' };
    const { lines, results, remarks } = await record(
      smallReplay({ IBM: quoted, BAC: LONG }, tradesCsv(MONDAY, rows)),
    );
    expect(new Set(lines.map(({ symbol }) => symbol))).toEqual(new Set(['BAC']));
    expect(results[0]?.reason).toMatch(/^entry\[0\] looks at quotes \("bid-ask"\).*only trades/);
    expect(results[0]?.reason).toContain('give "last", to replay it on last prices');
    expect(remarks.join()).toContain('IBM does not run: entry[0] looks at quotes');
  });

  it('includes one whose instructions were refused', async () => {
    const bad = symbolOf([{ on: 'cross-over', action: 'BUY', quantity: -1, price: '100' }]);
    const rows = ['14:30:00 IBM 99', '14:30:00 BAC 99', '14:31:00 BAC 101'];
    const { lines, results } = await record(
      smallReplay({ IBM: bad, BAC: LONG }, tradesCsv(MONDAY, rows)),
    );
    expect(results[0]?.reason).toBe('the instruction file was refused for it');
    expect(events(lines)).toContain('TRIGGER entry[0]');
  });

  it('includes one that orders a part of the smallest quantity', async () => {
    const half = symbolOf([{ on: 'cross-over', action: 'BUY', quantity: 0.5, price: '100' }]);
    const { lines, results } = await record(
      smallReplay({ IBM: half }, tradesCsv(MONDAY, ['14:30:00 IBM 99', '14:31:00 IBM 101'])),
    );
    expect(results[0]?.reason).toBe('entry[0]: quantity 0.5 is not a multiple of 1');
    expect(lines).toEqual([]);
  });

  it('is every symbol when the file has no trades at all', async () => {
    const { lines, results } = await record(smallReplay({ IBM: LONG }, tradesCsv(MONDAY, [])));
    expect(lines).toEqual([]);
    expect(results[0]).toMatchObject({ position: '0', lastPrice: null });
  });
});

describe('an instrument nobody knows', () => {
  const coin = symbolOf(
    [
      {
        on: 'cross-over',
        action: 'BUY',
        order: 'limit',
        quantity: '0.02500001',
        price: '13.500005',
      },
    ],
    [{ action: 'SELL', order: 'limit', quantity: '0.02500001', price: '13.7000099' }],
  );
  const rows = [
    '03:00:00 XBTX 13.49 0.5',
    '03:00:01 XBTX 13.51 0.00000001',
    '03:00:02 XBTX 13.49999 1',
    '23:59:59.999 XBTX 13.70002 1',
  ];

  it('takes its steps from the finest price and size, and the UTC day', async () => {
    const { lines, results, remarks } = await record(
      smallReplay({ XBTX: coin }, tradesCsv('2013-01-01', rows)),
    );
    const submitted = lines.find(({ event }) => event === 'SUBMIT');
    expect(submitted).toMatchObject({ price: '13.5', quantity: '0.02500001' });
    expect(results[0]).toMatchObject({ fills: 2, position: '0', cashFlow: '0.0050007520003' });
    expect(remarks.join()).toMatch(/XBTX is not a known instrument: tick 0\.00001 .* 0\.00000001/);
  });

  it('never has a tick coarser than a cent', async () => {
    const whole = ['03:00:00 XBTX 13 1', '03:00:01 XBTX 14 1'];
    const { remarks } = await record(smallReplay({ XBTX: coin }, tradesCsv('2013-01-01', whole)));
    expect(remarks.join()).toContain('tick 0.01 and smallest quantity 1');
  });

  it('trades through the UTC day, whatever hours its exchange may keep', async () => {
    const rows = [
      '14:30:00 ACME 99',
      '14:31:00 ACME 101',
      '22:30:00 ACME 105',
      '23:59:00 ACME 111',
    ];
    const { lines, remarks } = await record(smallReplay({ ACME: LONG }, tradesCsv(MONDAY, rows)));
    expect(remarks.join()).toContain('its session is the UTC day');
    expect(events(lines)).toContain('FILL entry[0]');
    expect(events(lines)).toContain('FILL long[0]');
  });
});
