// Holds the import directions of docs/architecture.md and the purity of the core, and shows with
// samples that a breach of either is found.

import { importFaults, type ImportRow, ownerOf, parseImportTable } from './support/import-table';
import { projectPaths, readProjectFile } from './support/project-files';
import { purityFaults } from './support/pure-code';

const PURE = ['src/domain/', 'src/engine/core/'];

const sources = projectPaths()
  .filter((path) => path.startsWith('src/') && path.endsWith('.ts'))
  .map(readProjectFile);

describe('the code of the project', () => {
  const readTable = (): ImportRow[] =>
    parseImportTable(readProjectFile('docs/architecture.md').text);

  it('has an import table that names the domain', () => {
    expect(readTable().map((row) => row.folder)).toContain('domain');
  });

  it('imports only what the table allows', () => {
    const rows = readTable();
    expect(sources.flatMap((file) => importFaults(file, rows))).toEqual([]);
  });

  it('keeps clock, randomness, waiting and the outside world out of domain and core', () => {
    const pure = sources.filter(({ path }) => PURE.some((folder) => path.startsWith(folder)));
    expect(pure.flatMap(purityFaults)).toEqual([]);
  });
});

describe('the import table', () => {
  const rows = parseImportTable(`
| other | table |
| --- | --- |
| a | b |

| folder | may import | packages |
| :-- | --- | --: |
| domain | nothing | \`decimal.js\` |
| \`engine/core\` | domain | decimal.js |
| engine/rules | domain, engine/core (types, only) | ajv, node:fs |
| engine (loop, feed) | domain, engine/core, engine/rules | none |
| persistence | domain | @mikro-orm/*, node:path |
| presets, main | everything | everything |
`);
  const faultsOf = (path: string, text: string): string[] => importFaults({ path, text }, rows);

  it('is read with its comments and marks taken off', () => {
    expect(rows.map((row) => row.folder)).toEqual([
      'domain',
      'engine/core',
      'engine/rules',
      'engine',
      'persistence',
      'presets',
      'main',
    ]);
    expect(rows[2]?.mayImport).toEqual(['domain', 'engine/core']);
    expect(rows[0]?.packages).toEqual(['decimal.js']);
  });

  it('gives a file to the longest folder, and to a row with a comment only direct files', () => {
    expect(ownerOf('engine/core/decide', rows)?.folder).toBe('engine/core');
    expect(ownerOf('engine/loop', rows)?.folder).toBe('engine');
    expect(ownerOf('engine/other/file', rows)).toBeUndefined();
    expect(ownerOf('main', rows)?.folder).toBe('main');
    expect(ownerOf('mainframe', rows)).toBeUndefined();
  });

  it.each([
    ['own folder', 'src/engine/core/a.ts', "import { b } from './helpers/b';"],
    ['allowed folder', 'src/engine/core/a.ts', "import type { A } from '../../domain/a';"],
    ['allowed package', 'src/domain/a.ts', "import Decimal from 'decimal.js';"],
    ['path in a package', 'src/engine/rules/a.ts', "import Ajv from 'ajv/dist/2020';"],
    ['path in a platform module', 'src/engine/rules/a.ts', "import { a } from 'fs/promises';"],
    ['package by pattern', 'src/persistence/a.ts', "import { a } from '@mikro-orm/core';"],
    ['everything', 'src/main.ts', "import './persistence/a'; import 'express';"],
    ['import in a comment', 'src/domain/a.ts', "// import a from '../engine/loop'"],
  ])('lets pass: %s', (_what, path, text) => {
    expect(faultsOf(path, text)).toEqual([]);
  });

  it.each([
    ['folder', 'src/domain/a.ts', "import { a } from '../engine/loop';", 'import engine'],
    ['type', 'src/domain/a.ts', "import type { A } from '../engine/core/a';", 'engine/core'],
    ['type in place', 'src/domain/a.ts', "type A = import('../engine/core/a').A;", 'engine/core'],
    ['re-export', 'src/domain/a.ts', "export * from '../main';", 'import main'],
    ['dynamic', 'src/domain/a.ts', "void import('../engine/loop');", 'import engine'],
    ['require', 'src/domain/a.ts', "const a = require('node:fs');", 'node:fs'],
    ['part of a folder', 'src/persistence/a.ts', "import '../engine/core/a';", 'engine/core'],
    ['package', 'src/engine/loop.ts', "import Decimal from 'decimal.js';", 'decimal.js'],
    ['platform', 'src/engine/rules/a.ts', "import net from 'net';", 'node:net'],
    ['outside src', 'src/domain/a.ts', "import p from '../../package.json';", 'leaves src'],
    ['unlisted target', 'src/domain/a.ts', "import { a } from '../new/a';", 'not in the table'],
    ['unlisted folder', 'src/new/a.ts', '', 'not in the import table'],
    ['unlisted subfolder', 'src/engine/new/a.ts', '', 'not in the import table'],
  ])('refuses: %s', (_what, path, text, reason) => {
    const faults = faultsOf(path, text);
    expect(faults).toHaveLength(1);
    expect(faults[0]).toContain(reason);
  });

  it('names the line of the import', () => {
    const text = "// header\n\nimport { a } from '../engine/loop';\n";
    expect(faultsOf('src/domain/a.ts', text)[0]).toMatch(/^src\/domain\/a\.ts:3: /);
  });
});

describe('the purity of the core', () => {
  const faultsOf = (text: string): string[] => purityFaults({ path: 'src/domain/a.ts', text });

  it.each([
    'Date.now();',
    'new Date();',
    'new Date;',
    'Date();',
    'Math.random();',
    'performance.now();',
    'setTimeout(f, 1);',
    'setInterval(f, 1);',
    'const later = setImmediate;',
    'queueMicrotask(f);',
    'process.env.HOME;',
    'async function f() {}',
    'const f = async () => 1;',
    'class A { async f() {} }',
    'await f();',
    'new Intl.NumberFormat();',
    'type F = Intl.NumberFormat;',
    'a.toLocaleString();',
    'a.localeCompare(b);',
    'crypto.randomUUID();',
    'fetch(url);',
    'console.log(1);',
    'const o = { fetch };',
    'globalThis.a;',
  ])('refuses %s', (text) => {
    expect(faultsOf(text).length).toBeGreaterThan(0);
  });

  it.each([
    'new Date(0);',
    'Date.parse(text);',
    'Math.max(1, 2);',
    'interface Broker { place(): Promise<void>; readonly process: string }',
    'order.process; order.fetch();',
    'const o = { fetch: 1, console: 2 };',
    '// Date.now() is banned here, so is await',
    "const text = 'Date.now()';",
  ])('lets %s pass', (text) => {
    expect(faultsOf(text)).toEqual([]);
  });
});
