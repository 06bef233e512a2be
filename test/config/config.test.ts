// Owns the promises of the configuration: which source wins, what is refused and in which words,
// and that no secret is ever shown. Uses real files in a working folder of its own.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SETTINGS } from '../../src/config/catalogue';
import { ConfigError, type LoadedConfig } from '../../src/config/config';
import { isLoopback, loadConfig, type ConfigInput } from '../../src/config/load';
import { configJson, configText } from '../../src/config/render';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'config-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const write = (name: string, text: string): void => writeFileSync(join(folder, name), text);
const load = (given: Partial<ConfigInput> = {}): LoadedConfig =>
  loadConfig({ env: {}, flags: {}, workingFolder: folder, shippedRules: '/shipped', ...given });
const faultsOf = (given: Partial<ConfigInput> = {}): readonly string[] => {
  try {
    load(given);
  } catch (cause) {
    if (cause instanceof ConfigError) return cause.faults;
    throw cause;
  }
  return [];
};
const sourceOf = (loaded: LoadedConfig, key: string) => {
  const { source, place } = loaded.settings.find((each) => each.key === key)!;
  return `${source} ${place}`.trim();
};

describe('the configuration', () => {
  it('needs nothing: every setting has a default', () => {
    const { config, remarks, secrets, settings } = load();
    expect(config).toEqual({
      ...{ mode: 'DEMO', host: '127.0.0.1', port: 4000, gatewayPort: 7597 },
      ...{ dataDir: join(folder, 'data'), rulesDir: '/shipped' },
      ...{ instructionsDir: join(folder, 'instructions'), token: null, demoSpeed: 1 },
      ...{ databaseUrl: null, logFormat: 'text', logLevel: 'INFO' },
      ib: { host: '127.0.0.1', port: 4002, clientId: 17 },
    });
    expect([remarks, secrets]).toEqual([[], []]);
    expect(settings.every(({ source }) => source === 'default')).toBe(true);
  });

  it('cannot be changed afterwards', () => {
    const { config } = load();
    expect(Object.isFrozen(config) && Object.isFrozen(config.ib)).toBe(true);
  });

  it('takes a flag over the environment over .env over tidegate.json over the default', () => {
    const env = { TIDEGATE_PORT: '4002' };
    write('tidegate.json', '{\n  "port": 4004\n}');
    expect(sourceOf(load(), 'port')).toBe('file tidegate.json:2:11');
    write('.env', '# mine\nTIDEGATE_PORT=4003\n');
    expect(sourceOf(load(), 'port')).toBe('.env .env:2');
    expect(sourceOf(load({ env }), 'port')).toBe('environment TIDEGATE_PORT');
    const all = load({ env, flags: { port: '4001' } });
    expect([all.config.port, sourceOf(all, 'port')]).toEqual([4001, 'flag --port']);
    expect(load({ env }).config.port).toBe(4002);
    expect(load().config.port).toBe(4003);
    rmSync(join(folder, '.env'));
    expect(load().config.port).toBe(4004);
  });

  it('takes folders from the working folder and leaves absolute ones', () => {
    const { config } = load({
      env: { TIDEGATE_DATA_DIR: 'x/y', TIDEGATE_RULES_DIR: '/my/rules' },
    });
    expect([config.dataDir, config.rulesDir]).toEqual([join(folder, 'x', 'y'), '/my/rules']);
  });

  it('reads every setting from its variable, from its flag and from its key', () => {
    const wrong: string[] = [];
    for (const setting of SETTINGS) {
      const { key, variable, flag } = setting;
      const example = key === 'token' ? 'x'.repeat(30) : setting.example;
      const env = { TIDEGATE_TOKEN: 'x'.repeat(22), [variable]: example };
      if (sourceOf(load({ env }), key) !== `environment ${variable}`) wrong.push(variable);
      if (flag === null) continue;
      const flags = { [flag]: example };
      const token = { TIDEGATE_TOKEN: 'x'.repeat(22) };
      if (sourceOf(load({ env: token, flags }), key) !== `flag --${flag}`) wrong.push(flag);
    }
    write(
      'tidegate.json',
      `{ "mode": "paper", "dataDir": "d", "ib": { "host": "h", "port": 7497, "clientId": 3 } }`,
    );
    expect(load().config).toMatchObject({
      ...{ mode: 'PAPER', dataDir: join(folder, 'd') },
      ib: { host: 'h', port: 7497, clientId: 3 },
    });
    expect(wrong).toEqual([]);
  });

  it('counts an empty variable as not set', () => {
    write('.env', 'TIDEGATE_TOKEN=\n');
    const { config } = load({ env: { TIDEGATE_PORT: '' } });
    expect([config.port, config.token]).toEqual([4000, null]);
  });
});

describe('a configuration that is wrong', () => {
  it.each([
    ['TIDEGATE_PROT', 'Did you mean TIDEGATE_PORT?'],
    ['tidegate_port', 'Did you mean TIDEGATE_PORT?'],
    ['TIDEGATE_UNHEARD_OF_THING', '`tidegate config show` lists'],
  ])('has an unknown variable %s', (name, words) => {
    expect(faultsOf({ env: { [name]: '1' } })).toEqual([expect.stringContaining(words)]);
    write('.env', `\n${name}=1`);
    expect(faultsOf()).toEqual([expect.stringMatching(new RegExp(`^\\.env:2 has ${name}`))]);
  });

  it.each([
    ['TIDEGATE_PORT', 'abc'],
    ['TIDEGATE_PORT', '65536'],
    ['TIDEGATE_PORT', '4000.5'],
    ['TIDEGATE_PORT', '0x10'],
    ['TIDEGATE_PORT', '1e3'],
    ['TIDEGATE_DEMO_SPEED', '0.05'],
    ['TIDEGATE_DEMO_SPEED', '1001'],
    ['TIDEGATE_DEMO_SPEED', 'NaN'],
    ['TIDEGATE_MODE', 'live'],
    ['TIDEGATE_HOST', 'http://here'],
    ['IB_PORT', '0'],
    ['IB_CLIENT_ID', '-1'],
    ['IB_CLIENT_ID', '0'],
    ['DATABASE_URL', 'postgres://a/b'],
    ['DATABASE_URL', 'mysql://host'],
    ['DATABASE_URL', 'mysql://host/database'],
    ['TIDEGATE_TOKEN', 'short'],
    ['TIDEGATE_TOKEN', 'your-own-long-random-text'],
  ])('has %s=%s', (name, value) => {
    expect(faultsOf({ env: { [name]: value } })).toEqual([
      expect.stringMatching(new RegExp(`^${name} must be .*\\. (For example|Did you mean)`)),
    ]);
  });

  it('has the client id that manual orders are handed to', () => {
    const line = /^IB_CLIENT_ID must be a whole number from 1 .*manual orders of TWS.*$/;
    expect(faultsOf({ env: { IB_CLIENT_ID: '0' } })).toEqual([expect.stringMatching(line)]);
    expect(faultsOf({ env: { IB_CLIENT_ID: '1' } })).toEqual([]);
  });

  it('is refused with every fault at once', () => {
    write('tidegate.json', '{\n "prot": 1,\n "mode": 5,\n "ib": { "hots": "x" }\n}');
    const faults = faultsOf({ env: { TIDEGATE_X: '1' }, flags: { port: 'x' } });
    expect(faults.map((fault) => fault.split('\n')[0])).toEqual([
      expect.stringContaining('TIDEGATE_X'),
      expect.stringContaining('tidegate.json:2:2: "prot" is no setting. Did you mean "port"?'),
      expect.stringContaining('tidegate.json:4:10: "hots" is no setting. Did you mean "host"?'),
      expect.stringContaining('tidegate.json:3:10: "mode" must be demo or paper, not 5'),
      expect.stringContaining('--port must be'),
    ]);
  });

  it('has a tidegate.json that is not strict JSON, with line and column of every fault', () => {
    write('tidegate.json', '{\n "port": 1 // why\n "host": "x",\n}');
    const places = faultsOf().map((fault) => /^tidegate\.json:\d+:\d+/.exec(fault)?.[0]);
    expect(places.length).toBeGreaterThan(1);
    expect(places).not.toContain(undefined);
  });

  it.each([
    ['[]', 'the top level must be an object'],
    ['', 'empty'],
    ['{ "port": 1, "port": 2 }', 'port'],
    ['{ "port": "4000" }', '"port" must be a whole number'],
    ['{ "ib": 5 }', '"ib" must be an object'],
    ['{ "__proto__": {} }', '__proto__'],
  ])('has tidegate.json %s', (text, words) => {
    write('tidegate.json', text);
    expect(faultsOf().join('\n')).toContain(words);
  });

  it('has a tidegate.json that is a folder', () => {
    mkdirSync(join(folder, 'tidegate.json'));
    expect(faultsOf()).toEqual([expect.stringContaining('cannot be read (EISDIR)')]);
  });

  it('opens the API to other machines without a token', () => {
    expect(faultsOf({ env: { TIDEGATE_HOST: '0.0.0.0' } })).toEqual([
      expect.stringContaining('Set TIDEGATE_TOKEN'),
    ]);
    const env = { TIDEGATE_HOST: '0.0.0.0', TIDEGATE_TOKEN: 'a-long-and-random-text' };
    expect(load({ env }).config.host).toBe('0.0.0.0');
  });

  it('has one port for two servers', () => {
    const env = { TIDEGATE_PORT: '7597' };
    expect(faultsOf({ env })).toEqual([expect.stringContaining('are both 7597')]);
    expect(load({ env: { ...env, TIDEGATE_MODE: 'paper' } }).config.port).toBe(7597);
    expect(load({ env: { TIDEGATE_PORT: '0', TIDEGATE_GATEWAY_PORT: '0' } }).config.port).toBe(0);
  });

  it.each(['7496', '7497', '4001', '4002'])('has port %s of IB for made-up money', (port) => {
    const env = { TIDEGATE_GATEWAY_PORT: port };
    const [line = '', ...others] = faultsOf({ env });
    expect(others).toEqual([]);
    expect(line).toMatch(/^TIDEGATE_GATEWAY_PORT \d+ is a port of IB[^\n]+Choose another[^\n]+$/);
    expect(load({ env: { ...env, TIDEGATE_MODE: 'paper' } }).config.mode).toBe('PAPER');
  });

  it.each(['7496', '4001'])('has port %s of real money for paper trading', (port) => {
    const [line = '', ...others] = faultsOf({ env: { IB_PORT: port, TIDEGATE_MODE: 'paper' } });
    expect(others).toEqual([]);
    expect(line).toMatch(/^IB_PORT \d+ is where [^\n]+real money[^\n]+7497[^\n]+4002[^\n]+$/);
    expect(line).not.toMatch(/live mode/);
    expect(load({ env: { IB_PORT: port } }).config.mode).toBe('DEMO');
  });
});

describe('this machine alone', () => {
  it.each(['127.0.0.1', '127.1.2.3', '::1', 'localhost'])('is %s', (host) => {
    expect(isLoopback(host)).toBe(true);
  });
  it.each(['0.0.0.0', '::', '10.0.0.1', '127.0.0.1.example.org', ''])('is not %s', (host) => {
    expect(isLoopback(host)).toBe(false);
  });
});

describe('secrets', () => {
  const env = {
    TIDEGATE_TOKEN: 'tok-0123456789abcdefgh',
    DATABASE_URL: 'mysql://joe:p%40ssword1@db.example/tide?sslKey=hush-hush',
  };
  it('are shown nowhere', () => {
    const loaded = load({ env });
    const shown = configText(loaded) + JSON.stringify(configJson(loaded));
    expect(shown).toContain('mysql://joe:********@db.example/tide');
    for (const secret of ['tok-0123', 'p%40ss', 'p@ss', 'hush'])
      expect(shown).not.toContain(secret);
  });

  it('are named for the log to hide, as typed and as they are', () => {
    expect(load({ env }).secrets).toEqual([
      env.TIDEGATE_TOKEN,
      env.DATABASE_URL,
      'p%40ssword1',
      'p@ssword1',
    ]);
  });

  it('are not repeated where they are wrong', () => {
    write('tidegate.json', '{ "token": "hush", "databaseUrl": "oracle://joe:hush@x/y" }');
    const text = faultsOf({ env: { DATABASE_URL: 'mysql//joe:hush@x/y' } }).join('\n');
    expect(text).toMatch(/DATABASE_URL must be/);
    expect(text).toMatch(/"token" must be/);
    expect(text).not.toContain('hush');
  });
});

describe('what is set and not looked at', () => {
  it('is said: the demo ignores IB_*', () => {
    const { config, remarks } = load({ env: { IB_HOST: 'gw', IB_PORT: '7497' } });
    expect(config.mode).toBe('DEMO');
    expect(remarks).toEqual([expect.stringMatching(/^Ignored: IB_HOST, IB_PORT: the demo trades/)]);
  });

  it('is said: paper has no made-up market', () => {
    write('.env', 'TIDEGATE_DEMO_SPEED=5');
    const { remarks } = load({ flags: { mode: 'paper' } });
    expect(remarks).toEqual([expect.stringContaining('TIDEGATE_DEMO_SPEED (.env:1)')]);
  });
});
