// The data file by itself: what a person who adds a year to xnys.json can get wrong.

import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

import data from '../../src/calendar/xnys.json';

const holidays = Object.keys(data.holidays);
const earlyCloses = Object.keys(data.earlyCloses);
const isWeekday = (date: string): boolean => ![0, 6].includes(new Date(date).getUTCDay());

describe('the data file of XNYS', () => {
  it('names its source, its zone and the dates it covers', () => {
    expect(data.source).toContain('New York Stock Exchange');
    expect(data.zone).toBe('America/New_York');
    expect([data.firstDate, data.lastDate]).toEqual(['1998-01-01', '2028-12-31']);
  });

  it.each([
    ['holidays', holidays],
    ['early closes', earlyCloses],
  ])('lists its %s as weekdays inside the range, in order', (_name, dates) => {
    expect(dates).toEqual([...dates].sort());
    expect(dates.filter((date) => !isWeekday(date))).toEqual([]);
    expect(dates.filter((date) => date < data.firstDate || date > data.lastDate)).toEqual([]);
  });

  it('never gives a day twice, nor a holiday an early close', () => {
    const text = readFileSync(resolve(process.cwd(), 'src/calendar/xnys.json'), 'utf8');
    const keys = [...text.matchAll(/"(\d{4}-\d{2}-\d{2})":/g)].map((match) => match[1]);
    expect(keys).toHaveLength(new Set(keys).size);
    expect(keys).toHaveLength(holidays.length + earlyCloses.length);
  });

  it('has nine regular holidays a year, ten since 2022, less a New Year on a Saturday', () => {
    const special = /^(Attacks|Day of mourning|Hurricane)/;
    const regular = Object.entries(data.holidays).filter(([, name]) => !special.test(name));
    for (let year = 1998; year <= 2028; year += 1) {
      const expected =
        9 + (year >= 2022 ? 1 : 0) - (new Date(`${year}-01-01`).getUTCDay() === 6 ? 1 : 0);
      expect(regular.filter(([date]) => date.startsWith(`${year}-`))).toHaveLength(expected);
    }
  });
});
