// The loop takes one input at a time, whoever submits and whenever, and nothing passes a failure.

import { EngineStopped } from '../../src/engine/engine-stopped';
import { money, price, quantity } from '../../src/domain/decimal';
import type { Command } from '../../src/domain/input';
import { SqliteJournal } from '../../src/persistence/journal';
import { ACCOUNT, openDesk, ruleBook, STRATEGY, type Desk } from '../support/trading-kit';

const buy = (requestId: string): Command => ({
  ...{ kind: 'PLACE_ORDER', requestId, strategy: STRATEGY, account: ACCOUNT, instrument: 'AAPL' },
  ...{ side: 'BUY', type: 'MARKET', timeInForce: 'DAY', quantity: quantity('600') },
  ...{ limitPrice: null, stopPrice: null },
});

async function microtasks(count: number): Promise<void> {
  for (let n = 0; n < count; n += 1) await Promise.resolve();
}

describe('the loop', () => {
  it('lets only one of two orders through that are within the limits one by one', async () => {
    const desk = await openDesk({ rules: 'shipped' });
    await desk.tick('AAPL', '30');
    const edge = { id: 'a', at: desk.clock.now() };
    const order = (id: string): Command => ({ ...buy(id), quantity: quantity('800') }) as Command;
    await Promise.all([
      desk.engine.execute(order('first'), edge),
      desk.engine.execute(order('second'), { ...edge, id: 'b' }),
      desk.engine.execute(order('third'), { ...edge, id: 'c' }),
    ]);
    const decisions = desk.events('DecisionMade').map(({ decision }) => decision);
    expect(decisions.map(({ approved }) => approved)).toEqual([true, false, false]);
    expect(decisions[1]?.codes).toContain('DUPLICATE_ORDER');
    const worst = decisions[1]?.checks.find(({ ruleKey }) => ruleKey === 'H7');
    expect(worst?.conditions[0]?.value).toBe('48000');
  });

  it('works off what comes in while a drain is about to end', async () => {
    for (let delay = 0; delay < 40; delay += 1) {
      const desk = await openDesk();
      await desk.tick('AAPL', '70');
      const at = desk.clock.now();
      desk.engine.submit({ id: 'a', at, input: { kind: 'COMMAND', command: buy('first') } });
      const first = desk.engine.drain();
      await microtasks(delay);
      desk.engine.submit({ id: 'b', at, input: { kind: 'COMMAND', command: buy('second') } });
      await desk.engine.drain();
      expect(desk.events('OrderArmed')).toHaveLength(2);
      await first;
      desk.journal.close();
    }
  });

  it('gives the refusal of its own command to each caller', async () => {
    const desk = await openDesk();
    const answers = await Promise.all([
      desk.command({ kind: 'CANCEL_ORDER', order: 'one', reason: '' }),
      desk.command({ kind: 'CREATE_STRATEGY', strategy: 'new', allowsShort: false }),
      desk.command({ kind: 'CANCEL_ORDER', order: 'two', reason: '' }),
    ]);
    expect(answers).toEqual(['there is no order one', null, 'there is no order two']);
  });
});

describe('an engine whose journal refuses', () => {
  async function broken(): Promise<Desk> {
    const desk = await openDesk();
    await desk.tick('AAPL', '70');
    desk.journal.close();
    return desk;
  }

  it('sends nothing and shows nothing of what it could not keep', async () => {
    const sent: string[] = [];
    const journal = new SqliteJournal(':memory:');
    const desk = await openDesk({
      journal,
      broker: (inner) => ({
        ...inner,
        canSend: () => true,
        place: ({ order }) => void sent.push(order),
      }),
    });
    await desk.tick('AAPL', '70');
    const [before, lines] = [desk.state.sequence, desk.records.length];
    journal.close();
    await expect(desk.place('AAPL', 'BUY 1 market')).rejects.toBeInstanceOf(EngineStopped);
    expect([desk.state.sequence, desk.records.length, sent]).toEqual([before, lines, []]);
  });

  it('takes nothing in any more and says why', async () => {
    const desk = await broken();
    await expect(desk.place('AAPL', 'BUY 1 market')).rejects.toThrow(/stopped/);
    const input = { kind: 'COMMAND', command: buy('x') } as const;
    const envelope = { id: 'x', at: desk.clock.now(), input };
    expect(() => desk.engine.submit(envelope)).toThrow(EngineStopped);
    await expect(desk.engine.drain()).rejects.toBeInstanceOf(EngineStopped);
    await expect(desk.place('AAPL', 'BUY 1 market')).rejects.toBeInstanceOf(EngineStopped);
  });

  it('tells once that it has stopped, whoever was waiting', async () => {
    const told: Error[] = [];
    const desk = await openDesk({ stopped: (cause) => told.push(cause) });
    await desk.tick('AAPL', '70');
    desk.journal.close();
    await expect(desk.place('AAPL', 'BUY 1 market')).rejects.toThrow(/stopped/);
    await expect(desk.place('AAPL', 'BUY 1 market')).rejects.toThrow(/stopped/);
    expect(told.map(({ message }) => message)).toEqual([expect.stringContaining('closed')]);
  });

  it('fails every command that waits in its mailbox', async () => {
    const desk = await broken();
    const answers = await Promise.allSettled([
      desk.place('AAPL', 'BUY 1 market'),
      desk.place('AAPL', 'BUY 2 market'),
    ]);
    expect(answers.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  });
});

describe('an invariant breach', () => {
  it('such as cash that does not add up stops the engine for good', async () => {
    const placed: string[] = [];
    const desk = await openDesk({
      broker: (inner, own) => ({
        ...inner,
        canSend: () => true,
        place: (ticket) => {
          placed.push(ticket.order);
          const { order, account, instrument, side } = ticket;
          const fill = { order, account, instrument, side, price: price('70') };
          const report = { kind: 'FILL', ...fill, execId: 'x1', quantity: quantity('5') } as const;
          own.state.accounts.get(account)!.cash = money('1');
          own.deliver({ at: own.clock.now(), report });
        },
      }),
    });
    await desk.tick('AAPL', '70');
    await expect(desk.place('AAPL', 'BUY 5 market')).rejects.toThrow(/cash of DU1/);
    await expect(desk.place('AAPL', 'BUY 5 market')).rejects.toBeInstanceOf(EngineStopped);
    expect(placed).toHaveLength(1);
  });
});

describe('an engine on a kept journal', () => {
  it('starts with the state of the one before', async () => {
    const desk = await openDesk();
    await desk.load('AAPL', { entry: ['over BUY 5 market 70'], long: ['SELL 5 limit 72'] });
    await desk.ticks('AAPL', '69 71 71');
    const { journal } = desk;
    const second = await openDesk({ journal, rules: await ruleBook('none') }).catch(() => null);
    expect(second?.state.orders.get('ord-00000002')).toEqual(desk.order('long[0]'));
  });
});
