// The broker refuses the entry that fired: its siblings look at prices again, as if new.

import type { Broker } from '../../src/domain/ports';
import { openDesk, type Desk } from '../support/trading-kit';

/** Refuses the first order it is given. */
function refusesTheFirst(inner: Broker, desk: Desk): Broker {
  let refused = false;
  return {
    canSend: () => true,
    modify: (ticket) => inner.modify(ticket),
    cancel: (target) => inner.cancel(target),
    place: (ticket) => {
      if (refused) return inner.place(ticket);
      refused = true;
      const report = { kind: 'REJECTED', order: ticket.order, reason: 'no margin' } as const;
      desk.deliver({ at: desk.clock.now(), report });
    },
  };
}
const PLAN = {
  entry: ['over BUY 10 market 70', 'under SELL 10 market 68', 'over BUY 5 market 71'],
};

describe('an entry that the broker rejects', () => {
  it('arms its siblings again, and one of them fires later', async () => {
    const desk = await openDesk({ broker: refusesTheFirst });
    await desk.load('AAPL', PLAN);
    await desk.ticks('AAPL', '69 70.5 69 67 66');
    expect(desk.story()).toEqual([
      '2 trigger entry[0] at 70.5',
      '2 submit entry[0] BUY MARKET 10',
      '2 cancel entry[1]: OCA: entry[0] triggered',
      '2 cancel entry[2]: OCA: entry[0] triggered',
      '2 cancel entry[0]: rejected: no margin',
      '2 arm entry[1]',
      '2 arm entry[2]',
      '4 trigger entry[1] at 67',
      '4 submit entry[1] SELL MARKET 10',
      '4 cancel entry[2]: OCA: entry[1] triggered',
      '5 fill entry[1] 10 at 66 makes -10',
    ]);
  });

  it('lets the first price after it only set the reference of its siblings', async () => {
    const desk = await openDesk({ broker: refusesTheFirst });
    await desk.load('AAPL', PLAN);
    await desk.ticks('AAPL', '69 70.5 71.5 72');
    expect(desk.story('fill', 'trigger')).toEqual(['2 trigger entry[0] at 70.5']);
    await desk.ticks('AAPL', '70.5 71.5 71.5');
    expect(desk.story('fill')).toEqual(['7 fill entry[2] 5 at 71.5 makes 5']);
  });

  it('leaves nothing armed of itself', async () => {
    const desk = await openDesk({ broker: refusesTheFirst });
    await desk.load('AAPL', { entry: ['over BUY 10 market 70'] });
    await desk.ticks('AAPL', '69 70.5 69 71 69 71');
    expect(desk.story('trigger')).toHaveLength(1);
    expect(desk.held('AAPL')).toBe('0');
  });

  it('with two siblings through their levels at once lets only one at a time work', async () => {
    const desk = await openDesk({ broker: refusesTheFirst });
    await desk.load('AAPL', PLAN);
    await desk.ticks('AAPL', '69 72 69 72 72');
    expect(desk.story('fill')).toEqual(['5 fill entry[2] 5 at 72 makes 5']);
  });
});
