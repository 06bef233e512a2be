// Clients that do not read: they cost a bounded number of bytes, are closed in the end, and cost
// the others nothing.

import { deskFill, openDesk } from '../support/graphql-desk';
import { startTestServer, wsClient } from '../support/graphql-server';
import { keptBytes } from '../support/memory';
import { rawSubscriber } from '../support/raw-socket';

const FEED = 'subscription { fillFeed { sequence fill { id execId order { id requestId } } } }';
const EVENTS = 5_000;
/** On a slow machine the others' silence would count too: here only not reading does. */
const NEVER = 3_600_000;
/** Bytes that a crowd of stalled clients may cost. */
const ALLOWED = 64 * 1_048_576;

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 5));
}

/** Publishes as an engine does: some events a turn, with turns for everything else between. */
async function publish(feed: { publish(fill: object): void }, count: number): Promise<void> {
  for (let n = 1; n <= count; n += 1) {
    feed.publish(deskFill(n));
    if (n % 50 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
}

const numbers = (count: number) => Array.from({ length: count }, (_, n) => String(n + 1));

describe('a client that stops reading', () => {
  it('is closed, while another gets every event of a burst in order', async () => {
    const desk = openDesk(EVENTS);
    const bounds = { outboxBytes: 65_536, stallMs: 400, pingMs: NEVER };
    const server = await startTestServer({ desk, bounds });
    const before = keptBytes();
    const stalled = await rawSubscriber(server.port, FEED);
    const fast = wsClient(server.port);
    const got: string[] = [];
    fast.subscribe<{ fillFeed: { sequence: string } }>(
      { query: FEED },
      {
        next: ({ data }) => void got.push(data!.fillFeed.sequence),
        error: () => undefined,
        complete: () => undefined,
      },
    );
    await until(() => desk.feed.subscribers === 2);
    stalled.stall();
    // The network takes some bytes for the stalled client; past them, its events wait in the feed.
    let published = 0;
    while (published < EVENTS || server.sockets() === 2) {
      await publish(desk.feed, EVENTS);
      published += EVENTS;
      await until(() => got.length === published);
    }
    expect(published).toBeGreaterThanOrEqual(EVENTS);
    expect(got).toEqual(numbers(published));
    expect(server.logged.map(({ message }) => message)).toEqual([
      'Closed a WebSocket that reads too slowly.',
    ]);
    expect(desk.feed.subscribers).toBe(1);
    expect(keptBytes() - before).toBeLessThan(ALLOWED);
    stalled.socket.resume();
    await stalled.closed;
    await fast.dispose();
    await server.close();
  });

  it('that floods the server with pings is not listened to', async () => {
    const server = await startTestServer({
      bounds: { outboxBytes: 16_384, stallMs: 400, pingMs: NEVER },
    });
    const flooder = await rawSubscriber(server.port, FEED);
    flooder.stall();
    const ping = { type: 'ping', payload: { text: 'x'.repeat(8_000) } };
    let isOpen = true;
    void flooder.closed.then(() => (isOpen = false));
    while (server.sockets() === 1) {
      if (isOpen && flooder.socket.writableLength < 1_000_000) flooder.send(ping);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(server.logged[0]?.message).toBe('Closed a WebSocket that reads too slowly.');
    flooder.socket.destroy();
    await server.close();
  });
});

describe('a thousand subscribers, a hundred of them stalled', () => {
  it('leave the other 900 with every event, and the process small', async () => {
    const desk = openDesk(200);
    const server = await startTestServer({ desk, bounds: { stallMs: NEVER, pingMs: NEVER } });
    const stalled = await Promise.all(
      Array.from({ length: 100 }, () => rawSubscriber(server.port, FEED)),
    );
    for (const client of stalled) client.stall();
    const got: string[][] = [];
    const clients = Array.from({ length: 900 }, (_, n) => {
      const client = wsClient(server.port);
      const mine: string[] = [];
      got[n] = mine;
      client.subscribe<{ fillFeed: { sequence: string } }>(
        { query: FEED },
        {
          next: ({ data }) => void mine.push(data!.fillFeed.sequence),
          error: () => undefined,
          complete: () => undefined,
        },
      );
      return client;
    });
    await until(() => desk.feed.subscribers === 1_000);
    const before = keptBytes();
    const events = 100;
    for (let n = 1; n <= events; n += 1) {
      desk.feed.publish(deskFill(n));
      await until(() => got.every(({ length }) => length === n));
    }
    expect(new Set(got.map((sequences) => sequences.join(' ')))).toEqual(
      new Set([numbers(events).join(' ')]),
    );
    // 100,000 messages were sent; the server keeps those that the stalled have not read.
    expect(keptBytes() - before).toBeLessThan(ALLOWED);
    for (const client of stalled) client.socket.destroy();
    for (const client of clients) await client.dispose();
    await server.close();
  });
});
