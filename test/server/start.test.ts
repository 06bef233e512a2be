// Where the server may listen, and what it says where it may not.

import { isEverywhere, isLoopback, StartRefused, urlOf } from '../../src/server/access';
import { tryAddress } from '../../src/server/server';
import { send, startTestServer } from '../support/graphql-server';

describe('the address of the server', () => {
  it.each(['0.0.0.0', '::', '192.168.1.10', '10.0.0.1', 'desk.example', '127.0.0.1.example', ''])(
    'needs a token on %p',
    async (host) => {
      for (const token of [null, '']) {
        await expect(startTestServer({ host, token })).rejects.toThrow(StartRefused);
      }
      await expect(startTestServer({ host })).rejects.toThrow(/^[^\n]+Set a token[^\n]+$/);
    },
  );

  it.each(['127.0.0.1', '127.5.5.5', 'localhost', '::1', '[::1]'])('is private on %s', (host) => {
    expect(isLoopback(host)).toBe(true);
  });

  it('may be open to others with a token', async () => {
    const server = await startTestServer({ host: '0.0.0.0', token: 'a-token-of-many-characters' });
    const response = await fetch(`http://127.0.0.1:${server.port}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"query":"{ __typename }"}',
    });
    expect(response.status).toBe(401);
    await server.close();
  });

  describe('open to others', () => {
    const token = 'a-token-of-many-characters';
    const from = async (port: number, headers: Readonly<Record<string, string>>) => {
      const own = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
      const body = '{"query":"{ __typename }"}';
      return (await send(port, { headers: { ...own, ...headers }, body })).status;
    };

    it('has every name that it is called by, to whoever has the token', async () => {
      const server = await startTestServer({ host: '0.0.0.0', token });
      const { port } = server;
      const hosts = [`192.168.1.20:${port}`, 'desk.example', 'my_desk:80', `[fe80::1]:${port}`];
      for (const host of [...hosts, `localhost:${port}`]) {
        expect([host, await from(port, { host })]).toEqual([host, 200]);
        expect(await from(port, { host, origin: `http://${host}` })).toBe(200);
        expect(await from(port, { host, authorization: 'Bearer wrong' })).toBe(401);
      }
      await server.close();
    });

    it('takes nothing from a page of another name, nor by what is no name', async () => {
      const server = await startTestServer({ host: '0.0.0.0', token });
      const { port } = server;
      const host = `desk.example:${port}`;
      const refused = [
        { host, origin: 'http://evil.example' },
        { host, origin: `http://desk.example.evil:${port}` },
        { host, origin: `http://localhost:${port}` },
        { host, origin: `http://desk.example:${port + 1}` },
        { host, origin: 'null' },
        { host, origin: `http://${host}`, 'sec-fetch-site': 'cross-site' },
        { host: '..' },
        { host: 'desk/example' },
        { host: 'a@b' },
        { host: 'desk.example:port' },
      ];
      for (const headers of refused) {
        expect([headers, await from(port, headers)]).toEqual([headers, 403]);
      }
      await server.close();
    });

    it('is found by a person on this machine', async () => {
      const server = await startTestServer({ host: '0.0.0.0', token });
      expect(server.url).toBe(`http://127.0.0.1:${server.port}`);
      await server.close();
      expect(urlOf('::', 4000)).toBe('http://[::1]:4000');
      expect(urlOf('192.168.1.20', 4000)).toBe('http://192.168.1.20:4000');
      expect(urlOf('fe80::1', 4000)).toBe('http://[fe80::1]:4000');
      expect(['0.0.0.0', '::', '[::]', '127.0.0.1', '10.0.0.1', '::1'].map(isEverywhere)).toEqual([
        true,
        true,
        true,
        false,
        false,
        false,
      ]);
    });
  });

  it('can be tried before anything is opened, and is free again', async () => {
    const server = await startTestServer();
    const place = { host: '127.0.0.1', port: server.port };
    await expect(tryAddress(place, null)).rejects.toThrow(StartRefused);
    await server.close();
    await tryAddress(place, null);
    await tryAddress(place, null);
    await expect(tryAddress({ ...place, host: '0.0.0.0' }, null)).rejects.toThrow('Set a token');
  });

  it('is refused in one line where another listens', async () => {
    const server = await startTestServer();
    const taken = startTestServer({ port: server.port });
    await expect(taken).rejects.toThrow(`Port ${server.port} on 127.0.0.1 is in use. Stop`);
    await server.close();
  });

  it('warns about a token that is easily guessed', async () => {
    const server = await startTestServer({ token: 'short' });
    expect(server.logged.map(({ message }) => message)).toEqual([
      'The token is shorter than 22 characters; take a longer, random one.',
    ]);
    await server.close();
  });
});
