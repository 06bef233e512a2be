// Owns the promise that the schema for editors never underlines what the check accepts without a
// note on spelling. Must not judge the check.

import { readFileSync } from 'node:fs';
import Ajv2020 from 'ajv/dist/2020';
import { parseStrict } from '../../src/json/parse';
import { toPlain } from '../../src/json/node';
import { CASES } from './cases';
import { check } from './fixture';

const schema = JSON.parse(readFileSync('schemas/instruction-file.schema.json', 'utf8')) as object;
const validate = new Ajv2020({ allErrors: true }).compile(schema);

const soundAndPlain = CASES.filter(({ text, verdict }) => {
  const spelled = check(text).findings.some((finding) => finding.code === 'SPELLING');
  return verdict === 'LOADS' && !spelled && !text.startsWith('\ufeff');
});

describe('the schema of instruction files for editors', () => {
  it.each(soundAndPlain.map(({ name, text }) => [name, text]))('accepts %s', (_name, text) => {
    const { root } = parseStrict(text, { maxDepth: 16 });
    expect([validate(toPlain(root!)), validate.errors]).toEqual([true, null]);
  });

  it('refuses the plain slips', () => {
    const slips = ['UNKNOWN_KEY', 'MISSING_KEY', 'MISPLACED_KEY', 'UNKNOWN_VALUE', 'NOT_A_LIST'];
    const texts = CASES.filter(({ text }) => {
      const codes = check(text).findings.map((finding) => finding.code);
      return codes.some((code) => slips.includes(code));
    }).map((each) => each.text);
    expect(texts.length).toBeGreaterThan(10);
    for (const text of texts) {
      const { root } = parseStrict(text, { maxDepth: 16 });
      expect([text, validate(toPlain(root!))]).toEqual([text, false]);
    }
  });
});
