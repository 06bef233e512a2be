// What no exit covers is known at every moment: after fills, adds, resizes, refusals and cancels.

import { toText } from '../../src/domain/decimal';
import { uncoveredUnits, unprotectedUnits } from '../../src/engine/core/coverage';
import { CoverageAlarm } from '../../src/presets/coverage-alarm';
import { connectedDesk, type LinkDesk } from '../support/link-kit';
import { ACCOUNT, STRATEGY } from '../support/trading-kit';

const OWNER = { account: ACCOUNT, instrument: 'AAPL', strategy: STRATEGY };
const uncovered = (link: LinkDesk): string => toText(uncoveredUnits(link.desk.state, OWNER));
const unprotected = (link: LinkDesk): string => toText(unprotectedUnits(link.desk.state, OWNER));
const ENTRY = ['over BUY 10 market 10'];

async function inPosition(long: string[], filled = '10') {
  const link = await connectedDesk();
  await link.desk.load('AAPL', { entry: ENTRY, long });
  await link.desk.ticks('AAPL', '10 10.5');
  await link.fill('entry[0]', filled, '10.5');
  return link;
}

it('nothing held is nothing uncovered', async () => {
  expect(uncovered(await connectedDesk())).toBe('0');
});

it.each([
  ['a stop for all', ['SELL 10 market 8 stop'], '0', '0'],
  ['a target for all', ['SELL 10 limit 12'], '0', '10'],
  ['stop and target for the same 6', ['SELL 6 market 8 stop', 'SELL 6 limit 12'], '4', '4'],
  ['a stop for 6 and a target for 9', ['SELL 6 market 8 stop', 'SELL 9 limit 12'], '1', '4'],
  ['two stops', ['SELL 6 market 8 stop', 'SELL 3 market 7 stop'], '1', '1'],
  ['a touch exit that waits here', ['SELL 7 market 12'], '3', '10'],
  ['a trailing stop for 7', ['SELL 7 trail 1'], '3', '3'],
  ['a trailing stop that has not begun', ['SELL 10 trail 1 from 12'], '0', '10'],
  ['nothing', [], '10', '10'],
])('10 shares with %s', async (_, long, noExit, noStop) => {
  const link = await inPosition(long);
  expect([uncovered(link), unprotected(link)]).toEqual([noExit, noStop]);
});

it('a part of the entry is covered by exits of its size, and so is the rest', async () => {
  const link = await inPosition(['SELL 10 market 8 stop'], '4');
  expect(uncovered(link)).toBe('0');
  await link.fill('entry[0]', '6', '10.5');
  expect(uncovered(link)).toBe('0');
});

it('an add beyond the exits is uncovered', async () => {
  const link = await inPosition(['SELL 10 market 8 stop', 'BUY 5 limit 9']);
  await link.fill('long[1]', '5', '9');
  expect(uncovered(link)).toBe('5');
});

it('an exit that the broker rejects, or that ends, covers nothing any more', async () => {
  const link = await inPosition(['SELL 10 market 8 stop']);
  await link.cancel('ord-00000002');
  expect(uncovered(link)).toBe('10');
});

it('an exit without a trace covers nothing', async () => {
  const link = await connectedDesk();
  await link.desk.load('AAPL', { entry: ENTRY, long: ['SELL 10 market 8 stop'] });
  await link.desk.ticks('AAPL', '10 10.5');
  link.far.deaf = true;
  await link.fill('entry[0]', '10', '10.5');
  expect(uncovered(link)).toBe('0');
  await link.drop();
  link.far.deaf = false;
  await link.connect();
  expect(link.status('long[0]')).toBe('UNKNOWN');
  expect(uncovered(link)).toBe('10');
});

it('the other side of a short is covered by BUY orders alone', async () => {
  const link = await connectedDesk();
  const short = ['BUY 6 market 12 stop'];
  await link.desk.load('AAPL', { entry: ['under SELL 10 market 10'], short });
  await link.desk.ticks('AAPL', '10 9.5');
  await link.fill('entry[0]', '10', '9.5');
  expect(uncovered(link)).toBe('4');
});

describe('the alarm', () => {
  function listening(link: LinkDesk) {
    const said: string[] = [];
    const say = (message: string): void => void said.push(message);
    const alarm = new CoverageAlarm({ warning: say, info: say });
    let seen = 0;
    const look = (): void => {
      const records = [...link.desk.journal.read(seen)];
      seen = records.at(-1)?.sequence ?? seen;
      alarm.look(records, link.desk.state);
    };
    look();
    return { said, look };
  }
  async function heard(long: string[], story: (link: LinkDesk) => Promise<void>) {
    const link = await inPosition(long);
    const { said, look } = listening(link);
    await story(link);
    look();
    return said;
  }

  it('rings once for what is uncovered, again for more, and says when it is over', async () => {
    const said = await heard(['SELL 10 market 8 stop', 'BUY 5 limit 9'], async (link) => {
      await link.fill('long[1]', '5', '9');
    });
    expect(said).toEqual([
      'momentum holds 15 AAPL, 5 of them uncovered: no working exit is there for them.',
    ]);
  });

  it('says nothing where exits cover all, and once while it stays the same', async () => {
    expect(await heard(['SELL 10 market 8 stop'], () => Promise.resolve())).toEqual([]);
    expect(await heard(['SELL 6 market 8 stop'], () => Promise.resolve())).toHaveLength(1);
  });

  it('is over when the position has come down to what is covered', async () => {
    const said = await heard(['SELL 6 market 8 stop', 'SELL 6 limit 12'], async (link) => {
      await link.fill('long[1]', '4', '12');
    });
    expect(said).toEqual([
      'momentum holds 10 AAPL, 4 of them uncovered: no working exit is there for them.',
      'momentum holds 6 AAPL, nothing of it uncovered any more.',
    ]);
  });

  const TARGET = 'SELL 10 limit 12';
  const ends = async (link: LinkDesk, leg: string): Promise<void> => {
    link.far.alter(link.id(leg), { status: 'CANCELLED' });
    await link.desk.report({ kind: 'CANCELLED', order: link.id(leg), reason: 'by the exchange' });
  };
  const LOST = 'momentum holds 10 AAPL, 10 of them without the stop they had.';

  it('rings for a stop that is gone, whatever target is there, and once', async () => {
    const said = await heard(['SELL 10 market 8 stop', TARGET], (link) => ends(link, 'long[0]'));
    expect(said).toEqual([LOST]);
  });

  it('is silent where the file has no stop, or one for less', async () => {
    const story = (link: LinkDesk) => link.fill('long[0]', '1', '12').then(() => undefined);
    expect(await heard([TARGET], story)).toEqual([]);
    expect(await heard([TARGET, 'SELL 6 market 8 stop'], story)).toEqual([]);
    expect(await heard([TARGET, 'SELL 9 trail 1 from 12'], story)).toEqual([]);
  });

  it('rings for a stop that the broker does not let grow', async () => {
    const link = await inPosition(['SELL 10 market 8 stop', TARGET], '4');
    const { said, look } = listening(link);
    link.far.refusesChange = ({ type }) => (type === 'STOP' ? 'too large' : null);
    await link.fill('entry[0]', '6', '10.5');
    look();
    expect(said).toEqual(['momentum holds 10 AAPL, 6 of them without the stop they had.']);
  });

  it('says when a stop is there again, and one line where nothing at all is left', async () => {
    const again = await heard(['SELL 10 market 8 stop', TARGET], async (link) => {
      await ends(link, 'long[0]');
    });
    expect(again).toEqual([LOST]);
    const link = await inPosition(['SELL 10 market 8 stop', TARGET]);
    const { said, look } = listening(link);
    await ends(link, 'long[0]');
    look();
    await link.desk.place('AAPL', 'SELL 10 stop 8', { timeInForce: 'GTC' });
    look();
    expect(said).toEqual([LOST, 'momentum holds 10 AAPL, its stops are there again.']);
    const bare = await heard(['SELL 10 market 8 stop'], (other) => ends(other, 'long[0]'));
    expect(bare).toEqual([
      'momentum holds 10 AAPL, 10 of them uncovered: no working exit is there for them.',
    ]);
  });

  it('rings anew in the next round trip', async () => {
    const link = await connectedDesk();
    const long = ['SELL 6 market 8 stop'];
    await link.desk.load('AAPL', { entry: ENTRY, long, settings: { cycles: 2 } });
    const { said, look } = listening(link);
    for (const plan of ['first', 'second']) {
      await link.desk.ticks('AAPL', '9.9 10.5');
      const entry = [...link.desk.state.orders.values()].filter(({ role }) => role === 'ENTRY');
      await link.fill(entry.at(-1)!.id, '10', '10.5');
      look();
      expect([plan, said.splice(0)]).toEqual([plan, [expect.stringContaining('4 of them')]]);
      await link.desk.place('AAPL', 'SELL 10 market', { requestId: plan });
      await link.fill([...link.desk.state.orders.values()].at(-1)!.id, '10', '10');
      look();
    }
  });
});
