// Holds the habits of the code: sizes, headers, banned words; and shows with samples that each
// breach is found.

import { projectPaths, readProjectFile } from './support/project-files';
import { LIMITS, tidyFaults } from './support/tidy-rules';

describe('the files of the project', () => {
  const files = projectPaths()
    .map(readProjectFile)
    .filter(({ text }) => !text.includes('\0'));

  it('are tidy', () => {
    expect(files.flatMap(tidyFaults)).toEqual([]);
  });

  it('leave the place that packages come from out of the lock file', () => {
    expect(readProjectFile('package-lock.json').text).not.toContain('"resolved": "http');
  });
});

describe('the tidy rules', () => {
  const HEADER = '// Owns a sample.\n';
  const faultsOf = (path: string, text: string): string[] => tidyFaults({ path, text });
  const lines = (count: number): string => 'let a;\n'.repeat(count);
  const functionOf = (count: number): string => `function f() {\n${lines(count - 2)}}\n`;
  const { fileLines, functionLines, columns } = LIMITS;

  it.each([
    ['a file of the greatest length', 'src/a.ts', HEADER + lines(fileLines - 1)],
    ['a function of the greatest length', 'src/a.ts', HEADER + functionOf(functionLines)],
    ['a line of the greatest width', 'src/a.ts', `//${'x'.repeat(columns - 2)}`],
    ['a block comment as header', 'src/a.ts', '/** Owns a sample. */\n'],
    ['open work with an issue', 'src/a.ts', `// ${'TO'}DO(#12): finish`],
    ['a switch with a default clause', 'src/a.ts', `${HEADER}switch (a) { default: f(); }`],
    ['the index of the schema', 'src/schema/index.ts', HEADER],
    ['a table of tests', 'test/a.test.ts', "it.each([1])('a', () => {});"],
    ['a test that needs what is not here', 'test/a.ts', 'const f = here ? it : it.skip;'],
    ['a long file of tests', 'test/a.test.ts', lines(fileLines + 1)],
    ['a wide line in a document', 'docs/a.md', 'x'.repeat(columns + 1)],
    ['a relative path', 'README.md', `see ./${'wo'}rk/a and a/${'ho'}me/b`],
  ])('let pass: %s', (_what, path, text) => {
    expect(faultsOf(path, text)).toEqual([]);
  });

  it.each([
    ['a long file', 'src/a.ts', HEADER + lines(fileLines), 'lines, at most'],
    ['a long function', 'src/a.ts', HEADER + functionOf(functionLines + 1), 'function of 71'],
    ['a long method', 'src/a.ts', `${HEADER}class A { m() {\n${lines(70)}} }`, 'function of'],
    ['a long arrow', 'src/a.ts', `${HEADER}const f = () => {\n${lines(70)}};`, 'function of'],
    ['a wide line', 'scripts/a.mjs', 'x'.repeat(columns + 1), 'columns'],
    ['a file without header', 'src/a.ts', 'let a;\n', 'starts without a comment'],
    ['a barrel', 'src/domain/index.ts', HEADER, 'barrel'],
    ['any', 'src/a.ts', `${HEADER}let a: any;`, 'no any'],
    ['any as an argument', 'bench/a.ts', 'let a: Map<string, any>;', 'no any'],
    ['a default export', 'src/a.ts', `${HEADER}export default 1;`, 'default export'],
    ['a default function', 'test/a.ts', 'export default function f() {}', 'default export'],
    ['a renamed default', 'src/a.ts', `${HEADER}export { a as default };`, 'default export'],
    ['open work', 'scripts/a.mjs', `// ${'TO'}DO finish`, 'without the number'],
    ['a need of repair', 'src/a.ts', `// ${'FIX'}ME`, 'without the number'],
    ['lint switched off', 'test/a.ts', `// ${'eslint'}-disable-next-line`, 'switched off'],
    ['types switched off', 'src/a.ts', `// @${'ts'}-ignore`, 'switched off'],
    ['a single test', 'test/a.test.ts', "it.only('a', () => {});", 'every committed test'],
    ['a single table', 'test/a.test.ts', "describe.only.each([1])('a', f);", 'every committed'],
    ['a skipped test', 'test/a.test.ts', "test.skip('a', () => {});", 'every committed test'],
    ['a skipped alias', 'test/a.test.ts', "xit('a', () => {});", 'every committed test'],
    ['a path of a machine', 'README.md', `cd /${'wo'}rk/main`, 'path of one machine'],
    ['a home folder', 'scripts/a.mjs', `const a = '/${'ho'}me/me';`, 'path of one machine'],
    ['a registry', '.npmrc', `r=https://${'regis'}try.example.org/`, 'package registry'],
  ])('refuse: %s', (_what, path, text, reason) => {
    const faults = faultsOf(path, text);
    expect(faults).toHaveLength(1);
    expect(faults[0]).toContain(reason);
  });
});
