// Stop and target have both filled while the link was down: the position is turned, and what buys
// it back waits for the link. The end of a session does not end it.

import type { CloseSession } from '../../src/engine/core/session-over';
import { leftOver } from '../../src/live/close-outs';
import { connectedDesk, type LinkDesk } from '../support/link-kit';

const END: CloseSession = {
  ...{ kind: 'CLOSE_SESSION' as const, instruments: ['AAPL'], reason: 'session end' },
  ...{ before: '2026-01-06', keepExits: true },
};
const owed = ({ desk }: LinkDesk) =>
  [...desk.state.orders.values()].filter(({ role }) => role === 'LIQUIDATION');

async function turned(): Promise<LinkDesk> {
  const link = await connectedDesk();
  await link.desk.load('AAPL', {
    entry: ['over BUY 100 market 11'],
    long: ['SELL 100 limit 12', 'SELL 100 market 9 stop'],
  });
  await link.desk.ticks('AAPL', '10.9 11.1');
  await link.fill('entry[0]', '100', '11.1');
  await link.drop();
  link.far.fill(link.id('long[0]'), '100', '12');
  link.far.fill(link.id('long[1]'), '100', '9');
  await link.heard();
  return link;
}

it('waits ARMED over the end of the session, and leaves with the link', async () => {
  const link = await turned();
  await link.command(END);
  expect(owed(link).map(({ status }) => status)).toEqual(['ARMED']);
  expect(owed(link)[0]?.statusMessage).toMatch(/^flattens the late fill/);
  expect(link.desk.events('OrderExpired')).toEqual([]);
  await link.connect();
  const { id } = owed(link)[0] ?? { id: '' };
  expect(link.far.left).toContain(`place ${id} BUY 100 MARKET`);
  await link.fill(id, '100', '10');
  expect(link.desk.held('AAPL')).toBe('0');
});

it('is not ended by a restart in a later session than its plan is of', async () => {
  const link = await turned();
  await link.restart();
  await link.command(END);
  await link.connect();
  expect(owed(link).map(({ status }) => status)).toEqual(['WORKING']);
});

it('is said when a session ends while it waits, and not when it has left', async () => {
  const link = await turned();
  expect(leftOver(link.desk.state, ['AAPL'])).toEqual([
    expect.stringMatching(/^BUY 100 AAPL of .* has not left: flattens the late fill/),
  ]);
  expect(leftOver(link.desk.state, ['MSFT'])).toEqual([]);
  await link.connect();
  expect(leftOver(link.desk.state, ['AAPL'])).toEqual([]);
});

it('a person may end it', async () => {
  const link = await turned();
  await link.cancel(owed(link)[0]?.id ?? '');
  expect(owed(link).map(({ status }) => status)).toEqual(['CANCELLED']);
});
