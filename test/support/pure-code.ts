// Finds what the pure part of the code must not contain: clock, randomness, timers, promises to
// wait for, the platform's language settings, the outside world. Works on the syntax tree, so that
// a comment or a text may speak of these things.

import ts from 'typescript';
import type { SourceFile } from './import-table';

const BANNED_NAMES = new Map([
  ['setTimeout', 'ask for a timer by an effect'],
  ['setInterval', 'ask for a timer by an effect'],
  ['setImmediate', 'ask for a timer by an effect'],
  ['queueMicrotask', 'the core is synchronous'],
  ['performance', 'take the time from the input'],
  ['process', 'take it as an argument'],
  ['Intl', 'the result depends on the platform; use src/calendar or plain text'],
  ['crypto', 'ids are made at the edge'],
  ['fetch', 'ask for it by an effect'],
  ['console', 'return an event'],
  ['globalThis', 'take it as an argument'],
]);

function bannedMember(node: ts.PropertyAccessExpression): string | undefined {
  const call = `${node.expression.getText()}.${node.name.text}`;
  if (call === 'Date.now') return `${call}: take the time from the input`;
  if (call === 'Math.random') return `${call}: derive it from the id of the input`;
  if (/^(toLocale\w*|localeCompare)$/.test(node.name.text)) {
    return `${node.name.text}: the result depends on the language of the machine`;
  }
  return undefined;
}

/** An identifier used as a value; the name of a member or of a property is not. */
function isValue(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === node;
  if (ts.isQualifiedName(parent)) return parent.left === node;
  const named = parent as ts.Node & { readonly name?: ts.Node };
  return named.name !== node || ts.isShorthandPropertyAssignment(parent);
}

function bannedSyntax(node: ts.Node): string | undefined {
  if (ts.isAwaitExpression(node)) return 'await: the core is synchronous';
  if (ts.isForOfStatement(node) && node.awaitModifier !== undefined) {
    return 'for await: the core is synchronous';
  }
  if (node.kind === ts.SyntaxKind.AsyncKeyword) return 'async: the core is synchronous';
  const isDate = (value: ts.Node): boolean => ts.isIdentifier(value) && value.text === 'Date';
  if (ts.isNewExpression(node) && isDate(node.expression) && !node.arguments?.length) {
    return 'new Date() without argument: take the time from the input';
  }
  if (ts.isCallExpression(node) && isDate(node.expression)) {
    return 'Date(): take the time from the input';
  }
  return undefined;
}

function banned(node: ts.Node): string | undefined {
  if (ts.isPropertyAccessExpression(node)) return bannedMember(node);
  if (ts.isIdentifier(node) && BANNED_NAMES.has(node.text) && isValue(node)) {
    return `${node.text}: ${BANNED_NAMES.get(node.text)}`;
  }
  return bannedSyntax(node);
}

export function purityFaults(file: SourceFile): string[] {
  const tree = ts.createSourceFile(file.path, file.text, ts.ScriptTarget.Latest, true);
  const faults: string[] = [];
  const visit = (node: ts.Node): void => {
    const fault = banned(node);
    if (fault !== undefined) {
      const { line } = tree.getLineAndCharacterOfPosition(node.getStart());
      faults.push(`${file.path}:${line + 1}: ${fault}`);
    }
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return faults;
}
