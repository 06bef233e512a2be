// Holds everything that is made from the catalogue of settings to it: the schema for editors, the
// page, the example file, and the environment of the broker's client library.

import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Ajv2020 from 'ajv/dist/2020';
import { SETTINGS } from '../../src/config/catalogue';
import { parseDotenv } from '../../src/config/dotenv';
import { shieldLibraryEnvironment } from '../../src/config/library-environment';
import { configPage, configSchema, envExample } from '../../src/config/render';
import { projectRoot, readProjectFile } from '../support/project-files';

describe('the catalogue of settings', () => {
  it('names every setting once', () => {
    for (const name of ['key', 'variable', 'flag'] as const) {
      const names = SETTINGS.map((each) => each[name]).filter((each) => each !== null);
      expect(new Set(names).size).toBe(names.length);
    }
  });

  it('has defaults and examples that its own schemas take', () => {
    for (const { key, schema, fallback, example } of SETTINGS) {
      const number = typeof fallback === 'number';
      if (key === 'token') continue;
      expect([key, schema.safeParse(number ? Number(example) : example).success]).toEqual([
        key,
        true,
      ]);
      if (fallback !== null) expect([key, schema.safeParse(fallback).success]).toEqual([key, true]);
    }
  });

  it('does not take the example of a token, which everybody knows', () => {
    const { schema, example } = SETTINGS.find(({ key }) => key === 'token')!;
    expect([schema.safeParse(example).success, schema.safeParse(`${example}!`).success]).toEqual([
      false,
      true,
    ]);
  });

  it('offers no flag for a secret', () => {
    const open = SETTINGS.filter(({ secret, flag }) => secret !== undefined && flag !== null);
    expect(open).toEqual([]);
  });
});

describe('what is made from it', () => {
  it('is .env.example: every variable, each switched off', () => {
    const text = readProjectFile('.env.example').text;
    expect(text).toBe(envExample());
    expect(parseDotenv(text)).toEqual({ entries: [], faults: [] });
    const { entries, faults } = parseDotenv(text.replace(/^#(?=[A-Z_]+=)/gm, ''));
    expect(entries.map(({ name }) => name)).toEqual(SETTINGS.map(({ variable }) => variable));
    expect(faults).toEqual([]);
  });

  it('is the page', () => {
    const [mark, blank, ...body] = readProjectFile('docs/configuration.md').text.split('\n');
    expect([mark, blank]).toEqual([expect.stringContaining('npm run docs'), '']);
    expect(body.join('\n').trimEnd()).toBe(configPage().trimEnd());
    for (const { variable } of SETTINGS) expect(body.join('\n')).toContain(`| \`${variable}\` |`);
  });

  it('is the schema, which takes what is right and refuses slips', () => {
    const committed = JSON.parse(readProjectFile('schemas/tidegate.schema.json').text) as object;
    expect(committed).toEqual(configSchema());
    const validate = new Ajv2020({ strict: true }).compile(committed);
    expect(validate({ $schema: 'x', _why: 1, mode: 'paper', ib: { port: 7497 } })).toBe(true);
    for (const slip of [{ prot: 1 }, { port: '1' }, { mode: 'live' }, { ib: { hots: 'x' } }]) {
      expect([slip, validate(slip)]).toEqual([slip, false]);
    }
  });
});

describe("the broker's client library", () => {
  const folder = mkdtempSync(join(tmpdir(), 'library-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  writeFileSync(join(folder, '.env'), 'IB_HOST=from-env-file\nIB_PORT=1\nCLIENT_VERSION=3\n');

  const seen = (shielded: boolean): string => {
    const program = `
      const shield = ${shieldLibraryEnvironment
        .toString()
        .replace('LIBRARY_VARIABLES', JSON.stringify(libraryVariables()))};
      if (${shielded}) shield(process.env);
      const { default: library } = require('@stoqey/ib/dist/common/configuration');
      console.log([library.ib_host, library.ib_port, library.client_version].join(' '));`;
    const env = { ...process.env, NODE_PATH: join(projectRoot, 'node_modules') };
    return execFileSync(process.execPath, ['-e', program], { cwd: folder, env, encoding: 'utf8' });
  };
  const libraryVariables = (): string[] => {
    const env: Record<string, string> = {};
    shieldLibraryEnvironment(env);
    return Object.keys(env);
  };

  it('reads .env by itself, and does not once it is shielded', () => {
    expect(seen(false)).toContain('from-env-file');
    const shielded = seen(true);
    expect(shielded).not.toContain('from-env-file');
    expect(shielded).not.toMatch(/\b(1|3)\b/);
  });
});
