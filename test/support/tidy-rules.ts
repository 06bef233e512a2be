// The habits of the code as functions from one file to its faults: size, header, names and words.
// Knows nothing of the disk, so that the tidy test can feed it samples that must fail.

import ts from 'typescript';
import type { SourceFile } from './import-table';

export const LIMITS = { fileLines: 400, functionLines: 70, columns: 100 };

type Rule = (file: SourceFile) => string[];

const parse = (file: SourceFile): ts.SourceFile =>
  ts.createSourceFile(file.path, file.text, ts.ScriptTarget.Latest, true);

/** Words that a rule looks for are put together here, so that this file does not contain them. */
const joined = (...parts: readonly string[]): string => parts.join('');

function faultsByLine(file: SourceFile, judge: (line: string) => string | undefined): string[] {
  return file.text.split(/\r?\n/).flatMap((line, index) => {
    const fault = judge(line);
    return fault === undefined ? [] : [`${file.path}:${index + 1}: ${fault}`];
  });
}

function faultsByNode(file: SourceFile, judge: (node: ts.Node) => string | undefined): string[] {
  const tree = parse(file);
  const faults: string[] = [];
  const visit = (node: ts.Node): void => {
    const fault = judge(node);
    const { line } = tree.getLineAndCharacterOfPosition(node.getStart());
    if (fault !== undefined) faults.push(`${file.path}:${line + 1}: ${fault}`);
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return faults;
}

const fileLength: Rule = ({ path, text }) => {
  const lines = text.replace(/\n$/, '').split('\n').length;
  const { fileLines } = LIMITS;
  return lines > fileLines ? [`${path}: ${lines} lines, at most ${fileLines}`] : [];
};

const functionLength: Rule = (file) =>
  faultsByNode(file, (node) => {
    if (!ts.isFunctionLike(node) || !('body' in node) || node.body === undefined) return undefined;
    const lines = node.getText().split('\n').length;
    const { functionLines } = LIMITS;
    return lines > functionLines
      ? `function of ${lines} lines, at most ${functionLines}`
      : undefined;
  });

const header: Rule = ({ path, text }) =>
  /^(\/\/|\/\*)/.test(text)
    ? []
    : [`${path}: starts without a comment that says what the file owns`];

const barrel: Rule = ({ path }) =>
  /(^|\/)index\.ts$/.test(path) && !/^src\/(schema|resolvers)\/index\.ts$/.test(path)
    ? [`${path}: no barrel files; import from the file that owns the thing`]
    : [];

const noAny: Rule = (file) =>
  faultsByNode(file, (node) =>
    node.kind === ts.SyntaxKind.AnyKeyword ? 'no any; say the type, or unknown' : undefined,
  );

const noDefaultExport: Rule = (file) =>
  faultsByNode(file, (node) => {
    const isAssignment = ts.isExportAssignment(node) && node.isExportEquals !== true;
    const isNamedDefault = ts.isExportSpecifier(node) && node.name.text === 'default';
    const isDefault =
      node.kind === ts.SyntaxKind.DefaultKeyword && !ts.isDefaultClause(node.parent);
    return isAssignment || isNamedDefault || isDefault ? 'no default export' : undefined;
  });

const lineWidth: Rule = (file) =>
  faultsByLine(file, (line) =>
    line.length > LIMITS.columns ? `${line.length} columns, at most ${LIMITS.columns}` : undefined,
  );

const openWork = new RegExp(
  `\\b(${joined('TO', 'DO')}|${joined('FIX', 'ME')}|${joined('HA', 'CK')})\\b`,
);

const noOpenWork: Rule = (file) =>
  faultsByLine(file, (line) => {
    const word = openWork.exec(line)?.[1];
    return word !== undefined && !/#\d+/.test(line)
      ? `${word} without the number of an issue (#12)`
      : undefined;
  });

const lintOff = joined('eslint', '-disable');
const checkOff = new RegExp(`@ts-${joined('(ignore', '|nocheck)')}`);

const noSilencing: Rule = (file) =>
  faultsByLine(file, (line) =>
    line.includes(lintOff) || checkOff.test(line) ? 'the checks are not switched off' : undefined,
  );

const RUNNERS = new Set(['it', 'test', 'describe']);
const ALIASES = new Set(['fit', 'xit', 'xtest', 'fdescribe', 'xdescribe']);

const everyTestRuns: Rule = (file) =>
  faultsByNode(file, (node) => {
    const called = ts.isCallExpression(node) ? node.expression : undefined;
    if (called !== undefined && ts.isIdentifier(called) && ALIASES.has(called.text)) {
      return `${called.text}: every committed test runs`;
    }
    if (!ts.isPropertyAccessExpression(node) || !/^(only|skip)$/.test(node.name.text)) {
      return undefined;
    }
    // "data is here ? it : it.skip": the condition is in the code, and the report shows the skip.
    if (node.name.text === 'skip' && ts.isConditionalExpression(node.parent)) return undefined;
    const runner = node.expression.getText().split('.')[0] ?? '';
    return RUNNERS.has(runner) ? `${node.getText()}: every committed test runs` : undefined;
  });

const machinePath = new RegExp(
  `(^|[^\\w.~-])/(${joined('wo', 'rk')}|${joined('ro', 'ot')}|${joined('ho', 'me')}|Users)/\\w`,
);
const registryHost = new RegExp(`${joined('regis', 'try')}\\.[\\w-]+\\.\\w`);

const noPlaces: Rule = (file) =>
  faultsByLine(file, (line) => {
    if (registryHost.test(line)) return 'names the host of a package registry';
    return machinePath.test(line) ? 'names a path of one machine' : undefined;
  });

const inCode = [lineWidth, noOpenWork, noSilencing];
const inTypeScript = [...inCode, noAny, noDefaultExport, everyTestRuns];

const RULES: readonly { readonly files: RegExp; readonly rules: readonly Rule[] }[] = [
  { files: /^src\/.*\.ts$/, rules: [fileLength, functionLength, header, barrel, ...inTypeScript] },
  { files: /^(test|bench)\/.*\.ts$/, rules: inTypeScript },
  { files: /^(scripts\/.*|[^/]*\.[cm]js|bin\/tidegate)$/, rules: inCode },
  { files: /^/, rules: [noPlaces] },
];

export function tidyFaults(file: SourceFile): string[] {
  if (file.path.startsWith('test/fixtures/')) return noPlaces(file);
  return RULES.flatMap(({ files, rules }) =>
    files.test(file.path) ? rules.flatMap((rule) => rule(file)) : [],
  );
}
