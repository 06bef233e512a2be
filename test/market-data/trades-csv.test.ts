// Recorded trades from CSV: every fault with its place, and what is forgiven.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { parseInstant } from '../../src/market-data/instant';
import { resolveInstrument } from '../../src/market-data/instruments';
import { decimalPlaces, TradeTape } from '../../src/market-data/trade-tape';
import { parseTrades, readTrades, TradesFileError } from '../../src/market-data/trades-csv';
import { toText } from '../../src/domain/decimal';

const HEADER = 'time,symbol,price,size';
const WANTED = new Set(['AAPL', 'MSFT']);
const T = '2013-10-08T13:30:00.000Z';

const parse = (text: string) => parseTrades('t.csv', Buffer.from(text), WANTED);
function faultsOf(text: string): string[] {
  try {
    parse(text);
  } catch (error) {
    return (error as TradesFileError).message.split('\n');
  }
  return [];
}
const told = (tape: TradeTape): string[] =>
  Array.from({ length: tape.length }, (_, n) => tape.trade(n)).map(
    ({ at, instrument, priceText, sizeText }) => `${at} ${instrument} ${priceText} ${sizeText}`,
  );

describe('a file of trades', () => {
  it('is read in order, with the exact text of its prices', () => {
    const { tape, firstAt, firstSymbol } = parse(`${HEADER}\n${T},AAPL,69.4800,100\n`);
    expect(told(tape)).toEqual([`${Date.parse(T)} AAPL 69.4800 100`]);
    expect([firstAt, firstSymbol, tape.trade(0).price]).toEqual([Date.parse(T), 'AAPL', 69.48]);
  });

  it.each([
    ['', '1:1 is empty'],
    ['a,b,c,d', '1:1 the header must be'],
    [`${HEADER}\n${T},AAPL,70`, '2:1 a row has four fields'],
    [`${HEADER}\n${T},AAPL,70,1,1`, '2:1 a row has four fields'],
    [`${HEADER}\nnow,AAPL,70,1`, '2:1 "now" is no RFC 3339 time'],
    [`${HEADER}\n${T},AAPL,7e1,1`, '2:31 price "7e1" is no plain decimal'],
    [`${HEADER}\n${T},AAPL,,1`, '2:31 price "" is no plain decimal'],
    [`${HEADER}\n${T},AAPL,70,NaN`, '2:34 size "NaN" is no plain decimal'],
    [`${HEADER}\n${T},AAPL,1234567890.123456,1`, '2:31 price 1234567890.123456 has more than 15'],
    [`${HEADER}\n\n${T},AAPL,"70",1`, '3:31 price "\\"70\\"" is no plain decimal'],
  ])('with a fault names its place: %j', (text, fault) => {
    expect(faultsOf(text)[0]).toContain(`t.csv:${fault}`);
  });

  it('with many faults names the first ten', () => {
    const rows = Array.from({ length: 50 }, () => `${T},AAPL,x,1`).join('\n');
    expect(faultsOf(`${HEADER}\n${rows}`)).toHaveLength(10);
  });

  it('may have 15 digits and trailing zeros beyond them', () => {
    const text = `${HEADER}\n${T},AAPL,123456789012.345000000,1`;
    expect(parse(text).tape.trade(0).price).toBe(123456789012.345);
  });

  it('may have a byte-order mark, CRLF ends, an odd header case and no last newline', () => {
    const text = `\uFEFFTime,Symbol,Price,Size\r\n${T},AAPL,70,1\r\n${T},aapl ,71,2`;
    expect(told(parse(text).tape).map((line) => line.slice(14))).toEqual([
      'AAPL 70 1',
      'AAPL 71 2',
    ]);
  });

  it('is put in order of time, and trades of one instant keep their order in the file', () => {
    const row = (second: number, price: number) =>
      `2013-10-08T13:30:0${second}.000Z,AAPL,${price},1`;
    const { tape } = parse(
      [HEADER, row(2, 1), row(1, 2), row(2, 3), row(1, 4), row(3, 5)].join('\n'),
    );
    expect(Array.from({ length: 5 }, (_, n) => tape.trade(n).price)).toEqual([2, 4, 1, 3, 5]);
    expect(tape.outOfOrder).toBe(2);
  });

  it('skips and counts rows without a price above zero, and rows of other symbols', () => {
    const rows = [`${T},IBM,bad,1`, `${T},AAPL,0,1`, `${T},AAPL,-1,1`, `${T},MSFT,5,1`];
    const { tape, withoutPrice, firstSymbol } = parse([HEADER, ...rows].join('\n'));
    expect([tape.length, withoutPrice, firstSymbol]).toEqual([1, 2, 'IBM']);
  });

  describe('on the disk', () => {
    let folder = '';
    beforeAll(() => {
      folder = mkdtempSync(join(tmpdir(), 'trades-'));
    });
    afterAll(() => {
      rmSync(folder, { recursive: true, force: true });
    });

    it('may be gzipped, whatever its name says', () => {
      const file = join(folder, 'plain.csv');
      writeFileSync(file, gzipSync(`${HEADER}\n${T},AAPL,70,1\n`));
      expect(readTrades(file, WANTED).tape.length).toBe(1);
      const named = join(folder, 'named.csv.gz');
      writeFileSync(named, `${HEADER}\n${T},AAPL,70,1\n`);
      expect(readTrades(named, WANTED).tape.length).toBe(1);
    });

    it('that is missing, a folder or cut short is refused by name', () => {
      const cut = join(folder, 'cut.csv.gz');
      writeFileSync(cut, gzipSync(`${HEADER}\n${T},AAPL,70,1\n`).subarray(0, 30));
      for (const file of [join(folder, 'none.csv'), folder, cut]) {
        expect(() => readTrades(file, WANTED)).toThrow(TradesFileError);
      }
    });
  });
});

describe('a time', () => {
  const at = Date.UTC(2013, 9, 8, 13, 30, 3);
  it.each([
    ['2013-10-08T13:30:03Z', at],
    ['2013-10-08t13:30:03z', at],
    ['2013-10-08 13:30:03Z', at],
    ['2013-10-08T13:30:03.2Z', at + 200],
    ['2013-10-08T13:30:03.268Z', at + 268],
    ['2013-10-08T13:30:03.268999999Z', at + 268],
    ['2013-10-08T09:30:03-04:00', at],
    ['2013-10-08T19:00:03+05:30', at],
    ['2013-10-08T23:30:03+10:00', at],
    ['2012-02-29T00:00:00Z', Date.UTC(2012, 1, 29)],
  ])('%s is understood', (text, expected) => {
    expect(parseInstant(text)).toBe(expected);
  });

  it.each([
    '2013-10-08T13:30:03',
    '2013-10-08T13:30Z',
    '2013-10-08T24:00:00Z',
    '2013-10-08T13:60:00Z',
    '2013-02-30T13:30:00Z',
    '2013-02-29T13:30:00Z',
    '2013-13-01T13:30:00Z',
    '2013-10-08T13:30:03.Z',
    '2013-10-08T13:30:03.1234567890Z',
    '2013-10-08T13:30:03+24:00',
    '2013-10-08',
    '1381239003268',
    '',
  ])('%j is refused', (text) => {
    expect(parseInstant(text)).toBeUndefined();
  });
});

describe('an instrument that is not known by name', () => {
  function tapeOf(...rows: readonly [at: string, price: string, size: string][]): TradeTape {
    const tape = new TradeTape();
    for (const [time, priceText, sizeText] of rows) {
      const [at, price] = [Date.parse(time), Number(priceText)];
      tape.push({ at, instrument: 'XX', price, priceText, sizeText });
    }
    return tape;
  }
  const steps = (tape: TradeTape): string[] => {
    const { instrument } = resolveInstrument('XX', tape);
    return [toText(instrument.tickSize), toText(instrument.lotSize), instrument.calendar];
  };

  it('takes its tick from the finest price, at most a cent, its lot from the finest size', () => {
    expect(steps(tapeOf(['2013-10-08T15:00:00Z', '70', '100']))).toEqual(['0.01', '1', 'UTC']);
    expect(
      steps(
        tapeOf(['2013-10-08T15:00:00Z', '70.1234', '1'], ['2013-10-08T15:00:00Z', '7', '0.25']),
      ),
    ).toEqual(['0.0001', '0.01', 'UTC']);
    expect(steps(tapeOf(['2013-10-08T15:00:00Z', '70.5000', '1.000']))[0]).toBe('0.01');
  });

  it('follows the UTC day, whenever it trades; a known share follows its exchange', () => {
    const inSession: [string, string, string] = ['2013-10-08T15:00:00Z', '70', '1'];
    expect(steps(tapeOf(inSession))[2]).toBe('UTC');
    const { instrument, known } = resolveInstrument('IBM', tapeOf(inSession));
    expect([instrument.calendar, known]).toEqual(['XNYS', true]);
  });

  it('counts decimal places that carry meaning', () => {
    expect(['5.10', '5', '5.000', '0.00000001'].map(decimalPlaces)).toEqual([1, 0, 0, 8]);
  });
});
