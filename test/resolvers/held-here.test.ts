// An exit that the broker refused to hold, as the API shows it: which order it stands for, the
// broker's words, and what to do.

import { openApi, type Api } from '../support/api-kit';

let api: Api;
beforeEach(async () => {
  api = await openApi();
});
afterEach(() => api.close());

it('names the order it stands for and the broker’s words', async () => {
  const entry = ['over BUY 10 market 100'];
  await api.trading.load('AAPL', { entry, long: ['SELL 10 market 90 stop'] });
  for (const price of ['100', '100.5', '100.5']) await api.tick('AAPL', price);
  const { id: order } = api.trading.order('long[0]');
  await api.trading.report({ kind: 'REJECTED', order, reason: 'no stops here' });
  const { orders } = await api.data(`{ orders(first: 9) { nodes {
    id status role heldInsteadOf { order reason } waiting { explanation }
  } } }`);
  const held = orders.nodes.filter((each: { status: string }) => each.status === 'ARMED');
  expect(held).toEqual([
    {
      ...{ id: 'ord-00000003', status: 'ARMED', role: 'STOP_LOSS' },
      heldInsteadOf: { order, reason: 'no stops here' },
      waiting: {
        explanation: expect.stringMatching(
          /^Held by Tidegate because the broker refused it: no stops here\. .*at 90 or below/,
        ) as string,
      },
    },
  ]);
  const stands = orders.nodes.filter((each: { heldInsteadOf: unknown }) => each.heldInsteadOf);
  expect([orders.nodes.length, stands.length]).toEqual([3, 1]);
});
