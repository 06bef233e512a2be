/**
 * Loading a rule folder: whole or not at all, files only, every fault at once, a hash that names
 * the content. Knows nothing of deciding about orders.
 */
import { cpSync, mkdirSync, readFileSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { ORDER_KINDS } from '../../../src/domain/conditional';
import { loadOrderRules, loadRiskRules, loadRuleFolder } from '../../../src/engine/rules/load';
import { createRuleSet, type RuleFault } from '../../../src/engine/rules/rule-set';
import {
  compileOrderFiles,
  compileRiskFiles,
  riskRule,
  SHIPPED,
  shippedFiles,
  shippedSet,
  sourceOf,
  withFolder,
} from './support';

interface Result {
  readonly ok: boolean;
  readonly faults?: readonly RuleFault[];
}
function codes(result: Result): readonly string[] {
  return (result.faults ?? []).map((fault) => fault.code);
}
const RULE = JSON.stringify(riskRule(), null, 2);

/** A copy of the shipped folder, changed before it is loaded. */
async function changed(change: (dir: string) => void) {
  return withFolder({}, async (dir) => {
    cpSync(SHIPPED, dir, { recursive: true });
    change(dir);
    return loadRuleFolder(dir);
  });
}

test('the shipped folder loads whole, sorted by key', async () => {
  const set = await shippedSet();
  const keys = set.risk.map((rule) => rule.key);
  expect(keys).toEqual([...keys].sort());
  expect(keys).toHaveLength(9);
  expect(set.orders).toHaveLength(ORDER_KINDS.length);
  expect(set.hash).toMatch(/^[0-9a-f]{64}$/);
});

test('the hash is that of the content, not of its white space or order of keys', async () => {
  const { hash, ordersHash } = await shippedSet();
  const squeezed = await changed((dir) => {
    const file = join(dir, 'risk/price-freshness.json');
    const content = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
    const turned = Object.fromEntries(Object.entries(content).reverse());
    writeFileSync(file, JSON.stringify(turned).replaceAll('5000', '5e3'));
  });
  expect(squeezed).toMatchObject({ ok: true, ruleSet: { hash, ordersHash } });
  const tightened = await changed((dir) => {
    const file = join(dir, 'risk/price-freshness.json');
    const text = readFileSync(file, 'utf8');
    writeFileSync(file, text.replaceAll('5000', '4000').replaceAll('5001', '4001'));
  });
  expect(tightened.ok && tightened.ruleSet.hash).not.toBe(hash);
  expect(tightened.ok && tightened.ruleSet.ordersHash).toBe(ordersHash);
});

test('a rule that is not enabled does not count in the hash', async () => {
  const { hash } = await shippedSet();
  const added = await changed((dir) => {
    const idle = JSON.stringify(riskRule({ enabled: false }));
    writeFileSync(join(dir, 'risk/my-rule.json'), idle);
  });
  expect(added).toMatchObject({ ok: true, ruleSet: { hash } });
});

test('a folder in which nothing is enabled is a fault: it would let everything pass', async () => {
  const idle = JSON.stringify(riskRule({ enabled: false }));
  await withFolder({ 'risk/my-rule.json': idle }, async (dir) => {
    expect(codes(await loadRiskRules(dir))).toEqual(['RULE_FOLDER_EMPTY']);
  });
});

test('a kind of order that the engine arms must be there', async () => {
  const result = await changed((dir) =>
    renameSync(join(dir, 'orders/dca.json'), join(dir, 'orders/dca.txt')),
  );
  expect(codes(result)).toEqual(['RULE_KIND_MISSING']);
  expect(!result.ok && result.faults[0]?.message).toContain('dca.json');
});

test('file and key must agree, and one key stands once in a folder', async () => {
  const result = await changed((dir) => {
    const text = readFileSync(join(dir, 'risk/price-collar.json'), 'utf8');
    writeFileSync(join(dir, 'risk/price-collar-2.json'), text);
  });
  // In order of name the copy comes first, so the fault of doubling is told of the original.
  expect(codes(result)).toEqual(['RULE_FILE_NAME', 'RULE_KEY_DUPLICATE']);
});

test('the faults of all files come at once, risk rules and orders', async () => {
  const result = await changed((dir) => {
    writeFileSync(join(dir, 'risk/a.json'), '{');
    writeFileSync(join(dir, 'orders/b.json'), '[]');
    writeFileSync(join(dir, 'orders/c.json'), '');
  });
  const files = result.ok ? [] : result.faults.map((fault) => fault.file.split(/[\\/]/).pop());
  expect(new Set(files)).toEqual(new Set(['a.json', 'b.json', 'c.json']));
});

test('links, folders and devices with the name of a rule are refused', async () => {
  const link = await changed((dir) =>
    symlinkSync(join(SHIPPED, 'risk/price-collar.json'), join(dir, 'risk/my-rule.json')),
  );
  expect(codes(link)).toEqual(['RULE_FILE_NOT_REGULAR']);
  const folder = await changed((dir) => mkdirSync(join(dir, 'risk/my-rule.json')));
  expect(codes(folder)).toEqual(['RULE_FILE_NOT_REGULAR']);
  const device = await changed((dir) => symlinkSync('/dev/zero', join(dir, 'orders/zero.json')));
  expect(codes(device)).toEqual(['RULE_FILE_NOT_REGULAR']);
});

test('what is not text of moderate size is refused unread', async () => {
  const big = await changed((dir) =>
    writeFileSync(join(dir, 'risk/big.json'), ' '.repeat(64 * 1024 + 1)),
  );
  expect(codes(big)).toEqual(['RULE_FILE_TOO_LARGE']);
  const bytes = await changed((dir) =>
    writeFileSync(join(dir, 'risk/bytes.json'), Uint8Array.from([0x7b, 0xff, 0xfe, 0x7d])),
  );
  expect(codes(bytes)).toEqual(['RULE_TEXT_ENCODING']);
  const shouted = await changed((dir) => writeFileSync(join(dir, 'risk/MY-RULE.JSON'), RULE));
  expect(codes(shouted)).toEqual(['RULE_FILE_NAME']);
});

test('too much in all is refused, by bytes, by files and by conditions', async () => {
  const bytes = await changed((dir) => {
    for (let i = 0; i < 17; i++) {
      writeFileSync(join(dir, `risk/z-${i}.json`), ' '.repeat(64 * 1024));
    }
  });
  expect(codes(bytes)).toContain('RULES_TOO_LARGE');
  const condition = { fact: 'orderQuantity', operator: 'lessThanInclusive', value: 100 };
  const wide = { all: Array.from({ length: 60 }, () => condition) };
  const set = Array.from({ length: 7 }, (_, i) => {
    const key = `my-rule-${i}`;
    return sourceOf('risk', `${key}.json`, JSON.stringify(riskRule({ key, conditions: wide })));
  });
  expect((await compileRiskFiles(set.slice(0, 6))).ok).toBe(true);
  expect(codes(await compileRiskFiles(set))).toEqual(['RULES_TOO_MANY']);
  const many = Array.from({ length: 201 }, (_, i) => sourceOf('risk', `r-${i}.json`, RULE));
  expect(codes(await compileRiskFiles(many))).toEqual(['RULES_TOO_MANY']);
});

test('risk rules are found in a folder or in the folder risk inside it', async () => {
  const direct = await loadRiskRules(join(SHIPPED, 'risk'));
  const inside = await loadRiskRules(SHIPPED);
  expect(direct.ok && inside.ok && direct.rules).toEqual(inside.ok && inside.rules);
  expect(direct.ok && direct.rules[0]?.location).toBe('risk/duplicate-order.json:6');
  const orders = await loadOrderRules(SHIPPED);
  const joined = direct.ok && orders.ok ? createRuleSet(direct.rules, orders.rules) : null;
  expect(joined).toEqual(await shippedSet());
});

test('a folder without rules is a fault, not an empty set', async () => {
  await withFolder({ 'notes.txt': '' }, async (dir) => {
    for (const at of [dir, join(dir, 'nowhere')]) {
      const result = await loadRiskRules(at);
      expect(codes(result)).toEqual(['RULE_FOLDER_EMPTY']);
      expect(!result.ok && result.faults[0]?.message).toContain('neither');
    }
    expect(codes(await loadRuleFolder(dir))).toEqual([
      'RULE_FOLDER_UNREADABLE',
      'RULE_FOLDER_UNREADABLE',
    ]);
  });
  await withFolder({ 'risk/my-rule.json': RULE, 'my-rule.json': RULE }, async (dir) => {
    expect(codes(await loadRiskRules(dir))).toEqual(['RULE_FOLDER_AMBIGUOUS']);
  });
});

describe('a file that is cut off', () => {
  test.each([...shippedFiles('risk'), ...shippedFiles('orders')].map((file) => [file.name, file]))(
    '%s never loads in part, at whatever byte',
    async (_name, whole) => {
      const compile = whole.family === 'risk' ? compileRiskFiles : compileOrderFiles;
      const text = Buffer.from(whole.bytes).toString('utf8');
      const complete = Buffer.byteLength(text.trimEnd());
      for (let length = 0; length < whole.bytes.length; length++) {
        const cut = { ...whole, bytes: whole.bytes.subarray(0, length) };
        const result = await compile([cut]);
        const own = result.ok ? [] : result.faults.filter((fault) => fault.file === whole.file);
        // Only what ends in white space alone is still the whole rule.
        expect(own.length > 0).toBe(length < complete);
      }
    },
  );
});

test('a file with bytes changed at random is loaded or refused, and never throws', async () => {
  const files = [...shippedFiles('risk'), ...shippedFiles('orders')];
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...files),
      fc.array(fc.tuple(fc.nat(2000), fc.nat(255)), { minLength: 1, maxLength: 4 }),
      async (file, edits) => {
        const bytes = Uint8Array.from(file.bytes);
        for (const [at, value] of edits) bytes[at % bytes.length] = value;
        const compile = file.family === 'risk' ? compileRiskFiles : compileOrderFiles;
        const result = await compile([{ ...file, bytes }]);
        for (const fault of result.ok ? [] : result.faults) {
          expect(fault.line).toBeGreaterThan(0);
          expect(fault.message).not.toBe('');
        }
      },
    ),
    { numRuns: 2000 },
  );
});
